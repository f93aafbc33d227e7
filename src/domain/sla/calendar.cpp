#include "domain/sla/calendar.h"

#include <map>
#include <set>

#include "domain/holidays/holidays.h"
#include "domain/wall_clock.h"

namespace propolis::sla {
namespace {

constexpr std::size_t kMaxWindows = 200;
constexpr std::size_t kMaxDates = 5000;
constexpr std::size_t kMaxHolidaySets = 10;

// `width` digits at `at`; nullopt when there is anything else.
std::optional<unsigned> Digits(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) {
    return std::nullopt;
  }
  unsigned value = 0;
  for (const char c : text.substr(at, width)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

// One window as Validate sees it: where it stands in the body, so that an error can name it.
struct Placed {
  TimeOfDay opens;
  TimeOfDay closes;
  std::string path;
};

void CheckWindows(std::vector<Placed> windows, std::vector<FieldError>& errors) {
  std::ranges::sort(windows, {}, [](const Placed& window) { return std::pair(window.opens, window.closes); });
  std::optional<TimeOfDay> open_until;
  for (const Placed& window : windows) {
    if (window.opens >= window.closes) {
      errors.push_back({window.path + "/closes", "calendar.closes_before_opens", {}});
      continue;
    }
    if (open_until && window.opens < *open_until) {
      errors.push_back({window.path + "/opens", "calendar.overlap", {{"until", open_until->ToString()}}});
    }
    open_until = open_until ? std::max(*open_until, window.closes) : window.closes;
  }
}

}  // namespace

std::optional<TimeOfDay> TimeOfDay::Parse(std::string_view text) {
  const auto hour = Digits(text, 0, 2);
  const auto minute = Digits(text, 3, 2);
  const auto second = text.size() == 8 ? Digits(text, 6, 2) : std::optional<unsigned>(0);
  if ((text.size() != 5 && text.size() != 8) || !hour || !minute || !second || text[2] != ':' ||
      (text.size() == 8 && text[5] != ':') || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  const TimeOfDay value{std::chrono::hours{*hour} + std::chrono::minutes{*minute} + Seconds{*second}};
  return value.since_midnight <= std::chrono::hours{24} ? std::optional(value) : std::nullopt;
}

std::string TimeOfDay::ToString() const {
  const auto total = since_midnight.count();
  std::string text = fmt::format("{:02}:{:02}", total / 3600, total / 60 % 60);
  if (total % 60 != 0) {
    text += fmt::format(":{:02}", total % 60);
  }
  return text;
}

std::optional<Date> Date::Parse(std::string_view text) {
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  const auto day = Digits(text, 8, 2);
  if (text.size() != 10 || !year || !month || !day || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month},
                                         std::chrono::day{*day}};
  return date.ok() ? std::optional(Date{std::chrono::local_days{date}}) : std::nullopt;
}

std::string Date::ToString() const {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<MonthDay> MonthDay::Parse(std::string_view text) {
  const auto month = Digits(text, 0, 2);
  const auto day = Digits(text, 3, 2);
  if (text.size() != 5 || !month || !day || text[2] != '-') {
    return std::nullopt;
  }
  const std::chrono::month_day value{std::chrono::month{*month}, std::chrono::day{*day}};
  return value.ok() ? std::optional(MonthDay{value}) : std::nullopt;
}

std::string MonthDay::ToString() const {
  return fmt::format("{:02}-{:02}", static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

Calendar AroundTheClock(std::string zone) {
  Calendar calendar;
  calendar.zone = std::move(zone);
  for (const auto& [day, name] : Names<Weekday>::kTable) {
    calendar.weekly.push_back({day, TimeOfDay{}, TimeOfDay{std::chrono::hours{24}}});
  }
  return calendar;
}

std::vector<FieldError> Validate(const Calendar& calendar, const std::string& prefix) {
  std::vector<FieldError> errors;
  const auto path = [&](std::string_view list, std::size_t index) {
    return fmt::format("{}{}{}/{}", prefix, prefix.empty() ? "" : "/", list, index);
  };
  if (!FindZone(calendar.zone)) {
    errors.push_back({prefix.empty() ? "zone" : prefix + "/zone", "field.not_zone", {}});
  }
  std::map<Weekday, std::vector<Placed>> weekly;
  for (std::size_t i = 0; i < calendar.weekly.size(); ++i) {
    const WeeklyWindow& window = calendar.weekly[i];
    weekly[window.day].push_back({window.opens, window.closes, path("weekly", i)});
  }
  for (auto& [day, windows] : weekly) {
    CheckWindows(std::move(windows), errors);
  }
  for (std::size_t i = 0; i < calendar.breaks.size(); ++i) {
    if (calendar.breaks[i].opens >= calendar.breaks[i].closes) {
      errors.push_back({path("breaks", i) + "/closes", "calendar.closes_before_opens", {}});
    }
  }
  std::set<Date> dates;
  for (std::size_t i = 0; i < calendar.exceptions.size(); ++i) {
    const DatedException& exception = calendar.exceptions[i];
    if (!dates.insert(exception.date).second) {
      errors.push_back({path("exceptions", i) + "/date", "calendar.date_twice", {{"date", exception.date.ToString()}}});
    }
    std::vector<Placed> windows;
    for (std::size_t w = 0; w < exception.windows.size(); ++w) {
      windows.push_back({exception.windows[w].opens, exception.windows[w].closes,
                         fmt::format("{}/windows/{}", path("exceptions", i), w)});
    }
    CheckWindows(std::move(windows), errors);
  }
  for (std::size_t i = 0; i < calendar.holidays.size(); ++i) {
    if (calendar.holidays[i].date.has_value() == calendar.holidays[i].yearly.has_value()) {
      errors.push_back({path("holidays", i), "calendar.holiday_date_or_yearly", {}});
    }
  }
  for (std::size_t i = 0; i < calendar.holiday_sets.size(); ++i) {
    const HolidaySet& set = calendar.holiday_sets[i];
    if (!holidays::Knows(set.country, "")) {
      errors.push_back({path("holiday_sets", i) + "/country", "holidays.unknown_country", {}});
    } else if (!holidays::Knows(set.country, set.region)) {
      errors.push_back({path("holiday_sets", i) + "/region", "holidays.unknown_region", {}});
    }
  }
  return errors;
}

const dto::Type& WeeklyWindow::Dto() {
  static const dto::Type type =
      dto::Object<WeeklyWindow>("WeeklyWindow", "Working hours of one weekday.")
          .Required("day", &WeeklyWindow::day, "Weekday.")
          .Required("opens", &WeeklyWindow::opens, "Wall clock in the calendar's zone, HH:MM or HH:MM:SS.")
          .Required("closes", &WeeklyWindow::closes, "Wall clock; up to 24:00. The window ends just before it.")
          .Done();
  return type;
}

const dto::Type& Break::Dto() {
  static const dto::Type type = dto::Object<Break>("CalendarBreak", "Time off inside the weekly windows.")
                                    .Optional("day", &Break::day, "Weekday; every day when left out.")
                                    .Required("opens", &Break::opens, "When the break begins.")
                                    .Required("closes", &Break::closes, "When work goes on.")
                                    .Done();
  return type;
}

const dto::Type& DayWindow::Dto() {
  static const dto::Type type = dto::Object<DayWindow>("DayWindow", "Working hours of one date.")
                                    .Required("opens", &DayWindow::opens, "Wall clock, HH:MM or HH:MM:SS.")
                                    .Required("closes", &DayWindow::closes, "Wall clock, up to 24:00.")
                                    .Done();
  return type;
}

const dto::Type& DatedException::Dto() {
  static const dto::Type type = dto::Object<DatedException>("CalendarException", "Replaces the hours of one date.")
                                    .Required("date", &DatedException::date, "The date, YYYY-MM-DD.")
                                    .Optional("name", &DatedException::name, "Why, for people.", dto::Text(0, 200))
                                    .Optional("windows", &DatedException::windows,
                                              "The hours of that date; closed when empty.", dto::Items(0, kMaxWindows))
                                    .Done();
  return type;
}

const dto::Type& Holiday::Dto() {
  static const dto::Type type = dto::Object<Holiday>("Holiday", "A day off, on one date or every year.")
                                    .Optional("date", &Holiday::date, "The date, YYYY-MM-DD.")
                                    .Optional("yearly", &Holiday::yearly, "The day of every year, MM-DD.")
                                    .Optional("name", &Holiday::name, "Its name, for people.", dto::Text(0, 200))
                                    .Done();
  return type;
}

const dto::Type& HolidaySet::Dto() {
  static const dto::Type type =
      dto::Object<HolidaySet>("HolidaySet", "The public holidays of a country or a region of it, by rules.")
          .Required("country", &HolidaySet::country, "ISO 3166-1, two letters.", dto::Text(2, 2))
          .Optional("region", &HolidaySet::region, "ISO 3166-2 without the country; the whole country when left out.",
                    dto::Text(0, 3))
          .Optional("optional", &HolidaySet::optional, "Keep its optional days too: banks, offices of the state.")
          .Done();
  return type;
}

const dto::Type& Calendar::Dto() {
  static const dto::Type type =
      dto::Object<Calendar>("CalendarHours", "When the desk works.")
          .Required("zone", &Calendar::zone, "IANA zone of all times below.",
                    dto::Text(1, 64, "zone", R"("America/Sao_Paulo")"))
          .Optional("weekly", &Calendar::weekly, "Working hours of the week.", dto::Items(0, kMaxWindows))
          .Optional("breaks", &Calendar::breaks, "Taken out of the weekly hours.", dto::Items(0, kMaxWindows))
          .Optional("exceptions", &Calendar::exceptions, "Dates with other hours, or closed.", dto::Items(0, kMaxDates))
          .Optional("holidays", &Calendar::holidays, "Days off.", dto::Items(0, kMaxDates))
          .Optional("holiday_sets", &Calendar::holiday_sets, "Countries whose public holidays are days off.",
                    dto::Items(0, kMaxHolidaySets))
          .Done();
  return type;
}

}  // namespace propolis::sla
