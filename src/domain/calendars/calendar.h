// Calendars as people edit them (a week by days, dated exceptions, holidays), kept as versions of sla::Calendar: every
// version that ever counted stays, so that an old deadline can be explained.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "domain/sla/calendar.h"

namespace propolis::calendars {

struct Window {
  sla::TimeOfDay from;
  sla::TimeOfDay to;
  static const dto::Type& Dto();
};

struct Day {
  sla::Weekday day = sla::Weekday::kMon;
  std::vector<Window> windows;
  static const dto::Type& Dto();
};

struct Exception {
  sla::Date date;
  bool closed = false;
  std::vector<Window> windows;  // when not closed
  std::string name;
  static const dto::Type& Dto();
};

struct Holiday {
  std::optional<sla::Date> date;
  std::optional<sla::MonthDay> yearly;  // instead of a date: every year
  std::string name;
  static const dto::Type& Dto();
};

struct Calendar {
  CalendarId id;
  std::string name;
  std::string zone;
  std::vector<Day> week;
  std::vector<Exception> exceptions;
  std::vector<Holiday> holidays;
  std::vector<sla::HolidaySet> holiday_sets;
  bool open_now = false;
  std::optional<Time> next_change;   // absent: it never opens or closes again
  std::optional<Time> applies_from;  // when that lies ahead: until then the hours before count
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewCalendar {
  std::string name;
  std::string zone;
  std::vector<Day> week;
  std::vector<Exception> exceptions;
  std::vector<Holiday> holidays;
  std::vector<sla::HolidaySet> holiday_sets;
  static const dto::Type& Dto();
};

struct CalendarChange {
  std::optional<std::string> name;
  std::optional<std::string> zone;
  std::optional<std::vector<Day>> week;
  std::optional<std::vector<Exception>> exceptions;
  std::optional<std::vector<Holiday>> holidays;
  std::optional<std::vector<sla::HolidaySet>> holiday_sets;
  std::optional<Time> applies_from;  // to come; left out: from now on
  static const dto::Type& Dto();
};

// Days off out of an iCalendar file.
struct HolidayImport {
  std::string ics;
  static const dto::Type& Dto();
};

// As the arithmetic wants it. Invalid with every wrong field, by its name here ("week/0/windows/1/to").
Result<sla::Calendar> ToHours(const NewCalendar& calendar);
// As people edit it: days in order from Monday, those without windows left out.
NewCalendar FromHours(std::string name, const sla::Calendar& hours);

}  // namespace propolis::calendars
