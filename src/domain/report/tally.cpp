#include "domain/report/tally.h"

#include <algorithm>
#include <cmath>

namespace propolis::report {

std::optional<std::int64_t> Percentile(std::vector<std::int64_t>& values, int percent) {
  if (values.empty()) {
    return std::nullopt;
  }
  const auto rank = (std::ssize(values) * percent + 99) / 100;  // from 1, rounded up
  const auto place = values.begin() + std::max<std::ptrdiff_t>(rank - 1, 0);
  std::ranges::nth_element(values, place);
  return *place;
}

std::optional<std::int64_t> Median(std::vector<std::int64_t>& values) { return Percentile(values, 50); }

std::optional<double> Percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) {
    return std::nullopt;
  }
  return std::round(1000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 10.0;
}

void Tally::Open(bool is_high, std::optional<std::int64_t> first_response) {
  ++opened;
  high += is_high ? 1 : 0;
  if (first_response) {
    first_responses.push_back(*first_response);
  }
}

void Tally::Resolve(bool is_high, std::optional<std::int64_t> resolution, std::optional<bool> was_kept) {
  ++resolved;
  if (resolution) {
    resolutions.push_back(*resolution);
  }
  if (was_kept) {
    ++with_clocks;
    kept += *was_kept ? 1 : 0;
    high_with_clocks += is_high ? 1 : 0;
    high_kept += is_high && *was_kept ? 1 : 0;
  }
}

void Tally::Answer(std::int64_t given) {
  ++answers;
  score += given;
}

std::optional<double> Tally::Csat() const {
  if (answers == 0) {
    return std::nullopt;
  }
  return std::round(100.0 * static_cast<double>(score) / static_cast<double>(answers)) / 100.0;
}

}  // namespace propolis::report
