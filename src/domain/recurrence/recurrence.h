// Recurrence rules of iCalendar (RFC 5545, 3.3.10): which days and times a RRULE gives. Wall-clock readings in,
// wall-clock readings out; no zone. Values only, and bounded: a rule that matches nothing ends.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace propolis::recurrence {

using Reading = std::chrono::local_seconds;

enum class Frequency { kSecondly, kMinutely, kHourly, kDaily, kWeekly, kMonthly, kYearly };

// A weekday, or the `nth` one of its month or year (from the end when negative).
struct WeekdayNumber {
  int nth = 0;  // 0: every one
  std::chrono::weekday day;
};

struct Rule {
  Frequency frequency = Frequency::kYearly;
  int interval = 1;
  std::optional<int> count;
  std::optional<Reading> until;
  std::chrono::weekday week_start = std::chrono::Monday;
  std::vector<int> by_second;
  std::vector<int> by_minute;
  std::vector<int> by_hour;
  std::vector<WeekdayNumber> by_day;
  std::vector<int> by_month_day;
  std::vector<int> by_year_day;
  std::vector<int> by_week_number;
  std::vector<int> by_month;
  std::vector<int> by_position;

  // How many times a day its hours, minutes and seconds name.
  [[nodiscard]] std::size_t TimesADay() const {
    const auto size = [](const std::vector<int>& list) { return std::max<std::size_t>(1, list.size()); };
    return size(by_hour) * size(by_minute) * size(by_second);
  }
};

// A rule that names more is refused.
constexpr std::size_t kMostTimesADay = 5000;

// "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO". Error: kInvalid recurrence.bad_rule when it is no rule.
Result<Rule> ParseRule(std::string_view text);
// "20260302", "20260302T090000" or either with a Z, which is taken as a reading too.
std::optional<Reading> ParseReading(std::string_view text);

// The first `most` readings of the rule that are not before `from`, in order; all of them not before `start`. The
// counting of COUNT begins at `start`. A rule ends at its UNTIL, in the year 9999,
// and when it gives nothing for kPatience periods.
std::vector<Reading> Occurrences(const Rule& rule, Reading start, Reading from, std::size_t most);

constexpr int kPatience = 100'000;

}  // namespace propolis::recurrence
