#include <array>
#include <ranges>

#include "base/number.h"
#include "domain/recurrence/recurrence.h"

namespace propolis::recurrence {
namespace {

constexpr std::size_t kLongestRule = 2000;
constexpr std::size_t kLongestList = 400;

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (const auto part : std::views::split(text, by)) {
    parts.emplace_back(part.begin(), part.end());
  }
  return parts;
}

// Numbers from `low` to `high`, or from -`high` to -`low` where they may be counted from the end.
bool ReadNumbers(std::string_view text, int low, int high, bool from_the_end, std::vector<int>& into) {
  for (const auto part : Split(text, ',')) {
    const auto number = text::ParseSigned<int>(part);
    const int size = number ? (from_the_end ? std::abs(*number) : *number) : -1;
    if (!number || size < low || size > high || into.size() >= kLongestList) {
      return false;
    }
    into.push_back(*number);
  }
  return true;
}

std::optional<std::chrono::weekday> ToWeekday(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDays = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
  const auto found = std::ranges::find(kDays, text);
  return found == kDays.end() ? std::nullopt
                              : std::optional(std::chrono::weekday{static_cast<unsigned>(found - kDays.begin())});
}

bool ReadDays(std::string_view text, std::vector<WeekdayNumber>& into) {
  for (const auto part : Split(text, ',')) {
    if (part.size() < 2 || into.size() >= kLongestList) {
      return false;
    }
    const auto day = ToWeekday(part.substr(part.size() - 2));
    const auto nth = part.size() == 2 ? std::optional(0) : text::ParseSigned<int>(part.substr(0, part.size() - 2));
    if (!day || !nth || (part.size() > 2 && *nth == 0) || std::abs(*nth) > 53) {
      return false;
    }
    into.push_back({*nth, *day});
  }
  return true;
}

std::optional<Frequency> ToFrequency(std::string_view text) {
  constexpr std::array<std::string_view, 7> kNames = {"SECONDLY", "MINUTELY", "HOURLY", "DAILY",
                                                      "WEEKLY",   "MONTHLY",  "YEARLY"};
  const auto found = std::ranges::find(kNames, text);
  return found == kNames.end() ? std::nullopt : std::optional(static_cast<Frequency>(found - kNames.begin()));
}

bool ReadPositive(std::string_view text, int most, int& into) {
  const auto number = text::ParseSigned<int>(text);
  into = number.value_or(0);
  return into >= 1 && into <= most;
}

bool ReadPart(std::string_view name, std::string_view value, Rule& rule) {
  constexpr int kMost = 1'000'000;
  if (name == "FREQ") {
    const auto frequency = ToFrequency(value);
    rule.frequency = frequency.value_or(Frequency::kYearly);
    return frequency.has_value();
  }
  if (name == "INTERVAL") {
    return ReadPositive(value, kMost, rule.interval);
  }
  if (name == "COUNT") {
    return ReadPositive(value, kMost, rule.count.emplace());
  }
  if (name == "UNTIL") {
    rule.until = ParseReading(value);
    return rule.until.has_value();
  }
  if (name == "WKST") {
    const auto day = ToWeekday(value);
    rule.week_start = day.value_or(std::chrono::Monday);
    return day.has_value();
  }
  if (name == "BYDAY") {
    return ReadDays(value, rule.by_day);
  }
  return (name == "BYSECOND" && ReadNumbers(value, 0, 60, false, rule.by_second)) ||
         (name == "BYMINUTE" && ReadNumbers(value, 0, 59, false, rule.by_minute)) ||
         (name == "BYHOUR" && ReadNumbers(value, 0, 23, false, rule.by_hour)) ||
         (name == "BYMONTHDAY" && ReadNumbers(value, 1, 31, true, rule.by_month_day)) ||
         (name == "BYYEARDAY" && ReadNumbers(value, 1, 366, true, rule.by_year_day)) ||
         (name == "BYWEEKNO" && ReadNumbers(value, 1, 53, true, rule.by_week_number)) ||
         (name == "BYMONTH" && ReadNumbers(value, 1, 12, false, rule.by_month)) ||
         (name == "BYSETPOS" && ReadNumbers(value, 1, 366, true, rule.by_position));
}

std::optional<int> Digits(std::string_view text) {
  const bool plain = text.find_first_not_of("0123456789") == std::string_view::npos;
  return plain ? text::ParseSigned<int>(text) : std::nullopt;
}

}  // namespace

std::optional<Reading> ParseReading(std::string_view text) {
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
  }
  if (text.size() != 8 && (text.size() != 15 || text[8] != 'T')) {
    return std::nullopt;
  }
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(4, 2));
  const auto day = Digits(text.substr(6, 2));
  const auto part = [&](std::size_t at) { return text.size() == 8 ? std::optional(0) : Digits(text.substr(at, 2)); };
  const auto hour = part(9);
  const auto minute = part(11);
  const auto second = part(13);
  if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  return std::chrono::local_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second};
}

Result<Rule> ParseRule(std::string_view text) {
  const auto bad = Fail(Code::kInvalid, "recurrence.bad_rule");
  if (text.size() > kLongestRule) {
    return bad;
  }
  if (text.ends_with(';')) {
    text.remove_suffix(1);  // some programs end a rule so
  }
  Rule rule;
  std::vector<std::string_view> seen;
  for (const auto part : Split(text, ';')) {
    const auto equals = part.find('=');
    const auto name = part.substr(0, equals);
    if (equals == std::string_view::npos || std::ranges::find(seen, name) != seen.end() ||
        !ReadPart(name, part.substr(equals + 1), rule)) {
      return bad;
    }
    seen.push_back(name);
  }
  if (std::ranges::find(seen, "FREQ") == seen.end() || (rule.count && rule.until) ||
      rule.TimesADay() > kMostTimesADay) {
    return bad;
  }
  return rule;
}

}  // namespace propolis::recurrence
