#include "domain/holidays/rule.h"

#include <unicode/calendar.h>
#include <unicode/gregocal.h>

#include <cmath>
#include <memory>
#include <ranges>

#include "base/number.h"

namespace propolis::holidays {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::month;
using std::chrono::month_day;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto word : std::views::split(text, ' ')) {
    words.emplace_back(word.begin(), word.end());
  }
  return words;
}

std::optional<weekday> ToWeekday(std::string_view text) {
  const auto day = FromName<sla::Weekday>(text);
  return day ? std::optional(weekday{static_cast<unsigned>(*day)}) : std::nullopt;
}

std::optional<month_day> ToMonthDay(std::string_view text) {
  const auto day = sla::MonthDay::Parse(text);
  return day ? std::optional(day->day) : std::nullopt;
}

// The days of a Gregorian year on which another calendar shows a month and a day. `year_then`: that calendar's year at
// the beginning of the Gregorian one; a lunar year is shorter, so that up to two more may begin before the end.
void AddForeign(const char* locale, int year_then, int foreign_month, int foreign_day, int gregorian,
                std::vector<local_days>& into) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Calendar> calendar(
      icu::Calendar::createInstance(icu::TimeZone::getGMT()->clone(), icu::Locale(locale), status));
  if (U_FAILURE(status)) {
    return;
  }
  calendar->setLenient(false);  // a day that a month does not have is no day
  for (int foreign_year = year_then - 1; foreign_year <= year_then + 2; ++foreign_year) {
    status = U_ZERO_ERROR;
    calendar->clear();
    calendar->set(UCAL_EXTENDED_YEAR, foreign_year);
    calendar->set(UCAL_MONTH, foreign_month);
    calendar->set(UCAL_DATE, foreign_day);
    const double millis = calendar->getTime(status);
    if (U_SUCCESS(status)) {
      const local_days day{days{static_cast<int>(std::floor(millis / 86400000.0))}};
      if (year_month_day{day}.year() == year{gregorian}) {
        into.push_back(day);
      }
    }
  }
}

constexpr int HebrewYear(int gregorian) { return gregorian + 3760; }
// 33 lunar years are about 32 solar ones; the first began in 622.
constexpr int IslamicYear(int gregorian) { return (gregorian - 622) * 33 / 32; }

// ICU numbers the Hebrew months from Tishri, with the leap month at 5 (so Adar is 6 and Nisan 7 in every year).
int IcuHebrewMonth(int from_nisan) { return from_nisan <= 6 ? from_nisan + 6 : from_nisan - 7; }

// Meeus, Astronomical Algorithms, 2nd ed., table 27.B: the mean June solstice, right to a quarter of an hour.
local_days JuneSolsticeInChile(int in) {
  const double y = (in - 2000) / 1000.0;
  const double julian = 2451716.56767 + y * (365241.62603 + y * (0.00325 + y * (0.00888 - y * 0.00030)));
  constexpr double kEpoch = 2440587.5;
  constexpr double kOffset = -4.0 / 24;
  return local_days{days{static_cast<int>(std::floor(julian - kEpoch + kOffset))}};
}

}  // namespace

local_days Easter(int in) {
  const int a = in % 19;
  const int b = in / 100;
  const int c = in % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int f = (b + 8) / 25;
  const int g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const int n = h + l - 7 * m + 114;
  return local_days{year{in} / month{static_cast<unsigned>(n / 31)} / (n % 31 + 1)};
}

const dto::Type& RuleText::Dto() {
  static const dto::Type type = dto::Object<RuleText>("HolidayRule", "When a holiday falls; see rule.h.")
                                    .Required("name", &RuleText::name, "", dto::Text(1, 200))
                                    .Required("when", &RuleText::when, "", dto::Text(1, 40))
                                    .Optional("kind", &RuleText::kind, "")
                                    .Optional("on", &RuleText::on, "", dto::Text(1, 60))
                                    .Optional("move", &RuleText::move, "", dto::Text(1, 60))
                                    .Optional("observe", &RuleText::observe, "", dto::Text(1, 60))
                                    .Optional("from", &RuleText::from, "")
                                    .Optional("until", &RuleText::until, "")
                                    .Optional("every", &RuleText::every, "", dto::Range(1, 100))
                                    .Done();
  return type;
}

Rule::When Rule::ParseWhen(const std::string& text) {
  if (const auto day = ToMonthDay(text)) {
    return [day = *day](int in, std::vector<Day>& into) {
      if (const year_month_day date = year{in} / day; date.ok()) {
        into.emplace_back(date);
      }
    };
  }
  if (const auto date = sla::Date::Parse(text)) {
    return [day = date->day](int in, std::vector<Day>& into) {
      if (year_month_day{day}.year() == year{in}) {
        into.push_back(day);
      }
    };
  }
  if (text.starts_with("easter")) {
    if (const auto offset =
            text == "easter" ? std::optional(0) : text::ParseSigned<int>(std::string_view(text).substr(6))) {
      return [offset = *offset](int in, std::vector<Day>& into) { into.push_back(Easter(in) + days{offset}); };
    }
    return nullptr;
  }
  if (text == "june solstice") {
    return [](int in, std::vector<Day>& into) { into.push_back(JuneSolsticeInChile(in)); };
  }
  if (const auto at = text.find(">="); at != std::string::npos) {
    const auto on = ToWeekday(std::string_view(text).substr(0, at));
    const auto after = ToMonthDay(std::string_view(text).substr(at + 2));
    if (!on || !after) {
      return nullptr;
    }
    return [on = *on, after = *after](int in, std::vector<Day>& into) {
      const Day first{year{in} / after};
      into.push_back(first + (on - weekday{first}));
    };
  }
  return ParseWords(Words(text));
}

// A day of another calendar, or a weekday of a month.
Rule::When Rule::ParseWords(const std::vector<std::string_view>& words) {
  if (words.size() == 2) {
    const auto day = ToMonthDay(words[1]);
    if (!day || (words[0] != "hebrew" && words[0] != "islamic")) {
      return nullptr;
    }
    const bool hebrew = words[0] == "hebrew";
    const int number = static_cast<int>(static_cast<unsigned>(day->month()));
    const int shown = static_cast<int>(static_cast<unsigned>(day->day()));
    return [hebrew, number, shown](int in, std::vector<Day>& into) {
      if (hebrew) {
        AddForeign("@calendar=hebrew", HebrewYear(in), IcuHebrewMonth(number), shown, in, into);
      } else {
        AddForeign("@calendar=islamic-umalqura", IslamicYear(in), number - 1, shown, in, into);
      }
    };
  }
  if (words.size() == 3) {
    const auto on = ToWeekday(words[0]);
    const auto nth = text::ParseSigned<int>(words[1]);
    const auto of = text::ParseSigned<int>(words[2]);
    if (!on || !nth || !of || *nth == 0 || *nth < -1 || *nth > 5 || *of < 1 || *of > 12) {
      return nullptr;
    }
    return [on = *on, nth = *nth, of = month{static_cast<unsigned>(*of)}](int in, std::vector<Day>& into) {
      const auto date = nth == -1 ? year_month_day{local_days{year{in} / of / on[std::chrono::last]}}
                                  : year_month_day{local_days{year{in} / of / on[static_cast<unsigned>(nth)]}};
      if (date.month() == of) {
        into.emplace_back(date);
      }
    };
  }
  return nullptr;
}

std::optional<Rule::Moves> Rule::ParseMoves(const std::string& text) {
  Moves moves{};
  for (const auto word : Words(text)) {
    const auto on = word.size() > 3 ? ToWeekday(word.substr(0, 3)) : std::nullopt;
    const auto by = on ? text::ParseSigned<int>(word.substr(3)) : std::nullopt;
    if (!by) {
      return std::nullopt;
    }
    moves[on->c_encoding()] = *by;
  }
  return moves;
}

std::optional<Rule> Rule::Parse(const RuleText& text) {
  Rule rule;
  rule.text_ = text;
  rule.when_ = ParseWhen(text.when);
  const auto move = text.move ? ParseMoves(*text.move) : std::optional(Moves{});
  const auto observe = text.observe ? ParseMoves(*text.observe) : std::optional(Moves{});
  if (!rule.when_ || !move || !observe) {
    return std::nullopt;
  }
  rule.move_ = *move;
  rule.observe_ = *observe;
  if (text.on) {
    rule.on_.emplace();
    for (const auto word : Words(*text.on)) {
      const auto day = ToWeekday(word);
      if (!day) {
        return std::nullopt;
      }
      (*rule.on_)[day->c_encoding()] = true;
    }
  }
  return rule;
}

void Rule::Add(int in, std::vector<DayOff>& into) const {
  if (in < text_.from.value_or(in) || in > text_.until.value_or(in) ||
      (text_.every && (in - text_.from.value_or(0)) % *text_.every != 0)) {
    return;
  }
  std::vector<Day> found;
  when_(in, found);
  for (const Day day : found) {
    const unsigned on = weekday{day}.c_encoding();
    if (on_ && !(*on_)[on]) {
      continue;
    }
    const int by = move_[on];
    into.push_back({{day + days{by}}, text_.name, text_.kind, by != 0});
    if (const int also = observe_[on]; also != 0) {
      into.push_back({{day + days{also}}, text_.name, text_.kind, true});
    }
  }
}

}  // namespace propolis::holidays
