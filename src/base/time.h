// Time in Propolis: microseconds since the epoch, UTC, from one injected clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace propolis {

using Micros = std::chrono::microseconds;
using Seconds = std::chrono::seconds;
using Time = std::chrono::sys_time<Micros>;

constexpr Time FromMicros(std::int64_t micros) { return Time{Micros{micros}}; }
constexpr std::int64_t ToMicros(Time time) { return time.time_since_epoch().count(); }

// "2026-11-22T08:03:10.123456Z" (RFC 3339, always UTC; the fraction is left out when it is zero).
std::string FormatTime(Time time);
// Any RFC 3339 date-time with an offset; nothing else.
std::optional<Time> ParseTime(std::string_view text);

// Where "now" comes from. Implementations are safe to use from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time Now() const override;
};

// A clock that stands still until it is moved: for tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start);
  ~ManualClock() override;
  [[nodiscard]] Time Now() const override;
  void Set(Time now);
  void Advance(Micros by);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace propolis
