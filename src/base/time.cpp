#include "base/time.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <atomic>
#include <charconv>

namespace propolis {
namespace {

// Reads exactly `width` digits; nullopt when there are other characters.
std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) {
    return std::nullopt;
  }
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    }
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::string FormatTime(Time time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  std::string text = fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}"), static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (const auto fraction = clock.subseconds().count(); fraction != 0) {
    text += fmt::format(FMT_COMPILE(".{:06}"), fraction);
  }
  return text + "Z";
}

std::optional<Time> ParseTime(std::string_view text) {
  using namespace std::chrono;
  const auto year_part = Digits(text, 0, 4);
  const auto month_part = Digits(text, 5, 2);
  const auto day_part = Digits(text, 8, 2);
  const auto hour_part = Digits(text, 11, 2);
  const auto minute_part = Digits(text, 14, 2);
  const auto second_part = Digits(text, 17, 2);
  if (!year_part || !month_part || !day_part || !hour_part || !minute_part || !second_part || text[4] != '-' ||
      text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const year_month_day date{year{*year_part}, month{static_cast<unsigned>(*month_part)},
                            day{static_cast<unsigned>(*day_part)}};
  if (!date.ok() || *hour_part > 23 || *minute_part > 59 || *second_part > 59) {
    return std::nullopt;
  }
  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (at < text.size() && text[at] == '.') {
    const std::size_t start = ++at;
    std::int64_t scale = 100000;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      fraction += (text[at] - '0') * scale;
      scale /= 10;
      ++at;
    }
    if (at == start || at - start > 9) {
      return std::nullopt;
    }
  }
  minutes offset{0};
  const std::string_view zone = text.substr(at);
  if (zone != "Z" && zone != "z") {
    const auto zone_hour = Digits(zone, 1, 2);
    const auto zone_minute = Digits(zone, 4, 2);
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || !zone_hour || !zone_minute ||
        *zone_hour > 23 || *zone_minute > 59) {
      return std::nullopt;
    }
    offset = hours{*zone_hour} + minutes{*zone_minute};
    if (zone[0] == '-') {
      offset = -offset;
    }
  }
  return Time{sys_days{date}} + hours{*hour_part} + minutes{*minute_part} + seconds{*second_part} + Micros{fraction} -
         offset;
}

Time SystemClock::Now() const { return std::chrono::floor<Micros>(std::chrono::system_clock::now()); }

struct ManualClock::State {
  std::atomic<std::int64_t> now;
};

ManualClock::ManualClock(Time start) : state_(std::make_unique<State>()) { Set(start); }
ManualClock::~ManualClock() = default;
Time ManualClock::Now() const { return FromMicros(state_->now.load()); }
void ManualClock::Set(Time now) { state_->now.store(ToMicros(now)); }
void ManualClock::Advance(Micros by) { state_->now.fetch_add(by.count()); }

}  // namespace propolis
