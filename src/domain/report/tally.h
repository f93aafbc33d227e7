// Counting: what one figure of a report is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace propolis::report {

// The smallest value that `percent` of them do not exceed (nearest rank); nullopt of nothing. Reorders.
std::optional<std::int64_t> Percentile(std::vector<std::int64_t>& values, int percent);
// The middle value, the lower of two.
std::optional<std::int64_t> Median(std::vector<std::int64_t>& values);
// Percent with one decimal; nullopt of nothing.
std::optional<double> Percent(std::int64_t part, std::int64_t whole);

struct Tally {
  std::int64_t opened = 0;
  std::int64_t high = 0;  // P1 and P2 of the opened
  std::int64_t resolved = 0;
  std::int64_t kept = 0;
  std::int64_t with_clocks = 0;
  std::int64_t high_kept = 0;
  std::int64_t high_with_clocks = 0;
  std::int64_t answers = 0;
  std::int64_t score = 0;  // sum
  std::vector<std::int64_t> first_responses;
  std::vector<std::int64_t> resolutions;

  void Open(bool is_high, std::optional<std::int64_t> first_response);
  void Resolve(bool is_high, std::optional<std::int64_t> resolution, std::optional<bool> was_kept);
  void Answer(std::int64_t given);
  [[nodiscard]] std::optional<double> SlaKept() const { return Percent(kept, with_clocks); }
  [[nodiscard]] std::optional<double> Csat() const;
};

}  // namespace propolis::report
