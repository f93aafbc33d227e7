#include "domain/day.h"

#include <date/iso_week.h>
#include <date/tz.h>

#include <chrono>

#include "base/number.h"
#include "domain/wall_clock.h"

namespace propolis {
namespace {

int Digits(std::string_view text) { return text.starts_with('-') ? -1 : text::ParseNumber<int>(text).value_or(-1); }

}  // namespace

bool IsDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return false;
  }
  const int year = Digits(text.substr(0, 4));
  const int month = Digits(text.substr(5, 2));
  const int day = Digits(text.substr(8, 2));
  return year > 0 && month > 0 && day > 0 &&
         date::year_month_day{date::year{year}, date::month{static_cast<unsigned>(month)},
                              date::day{static_cast<unsigned>(day)}}
             .ok();
}

std::string DayIn(const std::string& zone, Time at) {
  const date::time_zone* place = FindZone(zone);
  const date::sys_time<Micros> instant{at.time_since_epoch()};
  const auto day = place ? date::year_month_day{date::floor<date::days>(place->to_local(instant))}
                         : date::year_month_day{date::floor<date::days>(instant)};
  return date::format("%F", day);
}

Time MondayOf(Time at) {
  const auto day = date::floor<date::days>(at);
  return day - (date::weekday{day} - date::Monday);
}

std::string NameOfWeek(Time monday) {
  const iso_week::year_weeknum_weekday week{date::floor<date::days>(monday)};
  return fmt::format("{}-W{:02}", static_cast<int>(week.year()), static_cast<unsigned>(week.weeknum()));
}

}  // namespace propolis
