#include "domain/calendars/calendar.h"

#include <algorithm>

#include "domain/calendars/ical_import.h"

namespace propolis::calendars {
namespace {

constexpr std::size_t kMostWindows = 24;  // a day
constexpr std::size_t kMostDates = 1000;
constexpr std::size_t kMostHolidaySets = 10;

constexpr std::array kWeek = {sla::Weekday::kMon, sla::Weekday::kTue, sla::Weekday::kWed, sla::Weekday::kThu,
                              sla::Weekday::kFri, sla::Weekday::kSat, sla::Weekday::kSun};

std::string Indexed(std::string_view list, std::size_t index) {
  return std::string(list) + "/" + std::to_string(index);
}

// "opens" and "closes" are the arithmetic's names for a window's ends.
std::string WithOurEnds(std::string path) {
  for (const auto& [theirs, ours] : {std::pair{"/opens", "/from"}, std::pair{"/closes", "/to"}}) {
    if (path.ends_with(theirs)) {
      path.replace(path.size() - std::string_view(theirs).size(), std::string::npos, ours);
    }
  }
  return path;
}

// Paths of the arithmetic in the names of the editor: "weekly/<n>" is the window places[n].
std::string OurPath(const std::string& path, const std::vector<std::string>& places) {
  constexpr std::string_view kWeekly = "weekly/";
  if (path.starts_with(kWeekly)) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::string theirs = Indexed("weekly", i);
      if (path == theirs || path.starts_with(theirs + "/")) {
        return WithOurEnds(places[i] + path.substr(theirs.size()));
      }
    }
  }
  return WithOurEnds(path);
}

template <class T>
dto::Object<T> Hours(std::string name, std::string doc) {
  return dto::Object<T>(std::move(name), std::move(doc))
      .Required("week", &T::week, "Working hours by weekday.", dto::Items(0, 7))
      .Optional("exceptions", &T::exceptions, "Dates with other hours, or closed.", dto::Items(0, kMostDates))
      .Optional("holidays", &T::holidays, "Days off.", dto::Items(0, kMostDates))
      .Optional("holiday_sets", &T::holiday_sets, "Countries whose public holidays are days off.",
                dto::Items(0, kMostHolidaySets));
}

}  // namespace

const dto::Type& Window::Dto() {
  static const dto::Type type = dto::Object<Window>("TimeWindow", "Working hours, in the calendar's zone.")
                                    .Required("from", &Window::from, "HH:MM.")
                                    .Required("to", &Window::to, "HH:MM, up to 24:00.")
                                    .Done();
  return type;
}

const dto::Type& Day::Dto() {
  static const dto::Type type = dto::Object<Day>("CalendarDay", "The working hours of a weekday.")
                                    .Required("day", &Day::day, "")
                                    .Required("windows", &Day::windows, "", dto::Items(0, kMostWindows))
                                    .Done();
  return type;
}

const dto::Type& Exception::Dto() {
  static const dto::Type type = dto::Object<Exception>("DayException", "One date that does not follow the week.")
                                    .Required("date", &Exception::date, "YYYY-MM-DD.")
                                    .Optional("closed", &Exception::closed, "No work on that date.")
                                    .Optional("windows", &Exception::windows,
                                              "The hours of that date, when not closed.", dto::Items(0, kMostWindows))
                                    .Optional("name", &Exception::name, "Why, for people.", dto::Text(0, 200))
                                    .Done();
  return type;
}

const dto::Type& Holiday::Dto() {
  static const dto::Type type = dto::Object<Holiday>("DayOff", "A holiday: on one date, or every year.")
                                    .Optional("date", &Holiday::date, "YYYY-MM-DD.")
                                    .Optional("yearly", &Holiday::yearly, "MM-DD, instead of a date.")
                                    .Required("name", &Holiday::name, "", dto::Text(0, 200))
                                    .Done();
  return type;
}

const dto::Type& Calendar::Dto() {
  static const dto::Type type =
      dto::Object<Calendar>("Calendar", "When the desk works.")
          .Required("id", &Calendar::id, "")
          .Required("name", &Calendar::name, "")
          .Required("zone", &Calendar::zone, "IANA time zone.")
          .Required("week", &Calendar::week, "Working hours by weekday.")
          .Required("exceptions", &Calendar::exceptions, "Dates with other hours, or closed.")
          .Required("holidays", &Calendar::holidays, "Days off.")
          .Required("holiday_sets", &Calendar::holiday_sets, "Countries whose public holidays are days off.")
          .Required("open_now", &Calendar::open_now, "")
          .Optional("next_change", &Calendar::next_change, "When it next opens or closes.")
          .Optional("applies_from", &Calendar::applies_from,
                    "From when these hours count, when that lies ahead; until then those before them do.")
          .Required("version", &Calendar::version, "")
          .Done();
  return type;
}

const dto::Type& NewCalendar::Dto() {
  static const dto::Type type = Hours<NewCalendar>("NewCalendar", "A new calendar.")
                                    .Required("name", &NewCalendar::name, "", dto::Text(1, 120))
                                    .Required("zone", &NewCalendar::zone, "IANA time zone.", dto::Text(1, 64, "zone"))
                                    .Done();
  return type;
}

const dto::Type& CalendarChange::Dto() {
  static const dto::Type type =
      dto::Object<CalendarChange>("CalendarChange", "What to change of a calendar; lists are replaced.")
          .Optional("name", &CalendarChange::name, "", dto::Text(1, 120))
          .Optional("zone", &CalendarChange::zone, "", dto::Text(1, 64, "zone"))
          .Optional("week", &CalendarChange::week, "", dto::Items(0, 7))
          .Optional("exceptions", &CalendarChange::exceptions, "", dto::Items(0, kMostDates))
          .Optional("holidays", &CalendarChange::holidays, "", dto::Items(0, kMostDates))
          .Optional("holiday_sets", &CalendarChange::holiday_sets, "", dto::Items(0, kMostHolidaySets))
          .Optional("applies_from", &CalendarChange::applies_from,
                    "From when the new hours count, for open tickets too; now when left out.")
          .Done();
  return type;
}

const dto::Type& HolidayImport::Dto() {
  static const dto::Type type =
      dto::Object<HolidayImport>("HolidayImport", "Days off out of an iCalendar file.")
          .Required("ics", &HolidayImport::ics, "The file (RFC 5545).", dto::Text(1, kLargestIcal, "multiline"))
          .Done();
  return type;
}

Result<sla::Calendar> ToHours(const NewCalendar& calendar) {
  sla::Calendar hours;
  hours.zone = calendar.zone;
  std::vector<std::string> places;
  for (std::size_t d = 0; d < calendar.week.size(); ++d) {
    const Day& day = calendar.week[d];
    for (std::size_t w = 0; w < day.windows.size(); ++w) {
      hours.weekly.push_back({day.day, day.windows[w].from, day.windows[w].to});
      places.push_back(Indexed("week", d) + "/" + Indexed("windows", w));
    }
  }
  Error error{Code::kInvalid, "error.invalid", {}, {}};
  for (std::size_t i = 0; i < calendar.exceptions.size(); ++i) {
    const Exception& exception = calendar.exceptions[i];
    if (exception.closed != exception.windows.empty()) {
      error.fields.push_back({Indexed("exceptions", i) + "/windows", "calendar.closed_or_windows", {}});
    }
    sla::DatedException kept{.date = exception.date, .name = exception.name, .windows = {}};
    for (const Window& window : exception.windows) {
      kept.windows.push_back({window.from, window.to});
    }
    hours.exceptions.push_back(std::move(kept));
  }
  for (const Holiday& holiday : calendar.holidays) {
    hours.holidays.push_back({holiday.date, holiday.yearly, holiday.name});
  }
  hours.holiday_sets = calendar.holiday_sets;
  for (FieldError& field : sla::Validate(hours)) {
    field.field = OurPath(field.field, places);
    error.fields.push_back(std::move(field));
  }
  if (!error.fields.empty()) {
    return std::unexpected(std::move(error));
  }
  return hours;
}

NewCalendar FromHours(std::string name, const sla::Calendar& hours) {
  NewCalendar calendar;
  calendar.name = std::move(name);
  calendar.zone = hours.zone;
  for (const sla::Weekday weekday : kWeek) {
    Day day{.day = weekday, .windows = {}};
    for (const auto& window : hours.weekly) {
      if (window.day == weekday) {
        day.windows.push_back({window.opens, window.closes});
      }
    }
    if (!day.windows.empty()) {
      std::ranges::sort(day.windows, {}, &Window::from);
      calendar.week.push_back(std::move(day));
    }
  }
  for (const auto& exception : hours.exceptions) {
    Exception ours{.date = exception.date, .closed = exception.windows.empty(), .windows = {}, .name = exception.name};
    for (const auto& window : exception.windows) {
      ours.windows.push_back({window.opens, window.closes});
    }
    calendar.exceptions.push_back(std::move(ours));
  }
  for (const auto& holiday : hours.holidays) {
    calendar.holidays.push_back({holiday.date, holiday.yearly, holiday.name});
  }
  calendar.holiday_sets = hours.holiday_sets;
  return calendar;
}

}  // namespace propolis::calendars
