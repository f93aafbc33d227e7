// A calendar says when the desk works: an IANA zone, weekly windows with breaks, dated exceptions, and holidays.
// Plain data with its JSON form and its validation; the arithmetic is in working_time.h.
//
// Which windows hold on a date, first match wins: the exception of that date (closed, or other windows: a shift), a
// holiday, of its own or of a set (closed), the weekly windows of that weekday less the breaks.
#pragma once

#include <chrono>
#include <compare>
#include <string>
#include <vector>

#include "base/dto.h"

namespace propolis::sla {

enum class Weekday { kSun, kMon, kTue, kWed, kThu, kFri, kSat };  // the numbering of std::chrono::weekday

// A reading of the wall clock, 00:00:00 to 24:00:00. JSON: "HH:MM" or "HH:MM:SS".
struct TimeOfDay {
  Seconds since_midnight{0};
  auto operator<=>(const TimeOfDay&) const = default;
  static std::optional<TimeOfDay> Parse(std::string_view text);
  [[nodiscard]] std::string ToString() const;
};

// A date in the calendar's zone. JSON: "YYYY-MM-DD".
struct Date {
  std::chrono::local_days day{};
  auto operator<=>(const Date&) const = default;
  static std::optional<Date> Parse(std::string_view text);
  [[nodiscard]] std::string ToString() const;
};

// A day of every year. JSON: "MM-DD". February 29 exists in leap years only.
struct MonthDay {
  std::chrono::month_day day{};
  auto operator<=>(const MonthDay&) const = default;
  static std::optional<MonthDay> Parse(std::string_view text);
  [[nodiscard]] std::string ToString() const;
};

// Working hours of one weekday: [opens, closes). Many a day; they may touch, never overlap.
struct WeeklyWindow {
  Weekday day = Weekday::kMon;
  TimeOfDay opens;
  TimeOfDay closes;
  static const dto::Type& Dto();
};

// Taken out of the weekly windows of its day, or of every day when `day` is absent.
struct Break {
  std::optional<Weekday> day;
  TimeOfDay opens;
  TimeOfDay closes;
  static const dto::Type& Dto();
};

struct DayWindow {
  TimeOfDay opens;
  TimeOfDay closes;
  static const dto::Type& Dto();
};

// Replaces one date: closed when there are no windows.
struct DatedException {
  Date date;
  std::string name;
  std::vector<DayWindow> windows;
  static const dto::Type& Dto();
};

// One day off: either on one date, or every year.
struct Holiday {
  std::optional<Date> date;
  std::optional<MonthDay> yearly;
  std::string name;
  static const dto::Type& Dto();
};

// The public holidays of a country (and a region of it) by the rules of domain/holidays.
struct HolidaySet {
  std::string country;    // ISO 3166-1
  std::string region;     // ISO 3166-2 without the country; empty: the whole country
  bool optional = false;  // its optional days too
  static const dto::Type& Dto();
};

struct Calendar {
  std::string zone = "Etc/UTC";
  std::vector<WeeklyWindow> weekly;
  std::vector<Break> breaks;
  std::vector<DatedException> exceptions;
  std::vector<Holiday> holidays;
  std::vector<HolidaySet> holiday_sets;
  static const dto::Type& Dto();
};

// Open day and night.
Calendar AroundTheClock(std::string zone = "Etc/UTC");

// Every wrong field, as paths below `prefix`: unknown zone, a window that closes before it opens, windows that overlap,
// a date named twice, a holiday that is neither or both of dated and yearly, a holiday set that is not known.
std::vector<FieldError> Validate(const Calendar& calendar, const std::string& prefix = "");

}  // namespace propolis::sla

namespace propolis {

template <>
struct Names<sla::Weekday> {
  static constexpr std::array kTable = {
      std::pair{sla::Weekday::kMon, std::string_view("mon")}, std::pair{sla::Weekday::kTue, std::string_view("tue")},
      std::pair{sla::Weekday::kWed, std::string_view("wed")}, std::pair{sla::Weekday::kThu, std::string_view("thu")},
      std::pair{sla::Weekday::kFri, std::string_view("fri")}, std::pair{sla::Weekday::kSat, std::string_view("sat")},
      std::pair{sla::Weekday::kSun, std::string_view("sun")}};
};

namespace dto {

// Text values of sla: parsed whole, or a field error.
template <class T>
  requires std::same_as<T, sla::TimeOfDay> || std::same_as<T, sla::Date> || std::same_as<T, sla::MonthDay>
struct Codec<T> {
  static void Read(json::View v, T& out, const std::string& p, const Rules&, Problems& e) {
    const auto text = v.AsString();
    const auto value = text ? T::Parse(*text) : std::nullopt;
    if (value) {
      out = *value;
    } else if (std::same_as<T, sla::TimeOfDay>) {
      e.Add(p, "field.not_time_of_day");
    } else {
      e.Add(p, std::same_as<T, sla::Date> ? "field.not_date" : "field.not_month_day");
    }
  }
  static void Write(json::Writer& w, const T& value) { w.String(value.ToString()); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "string", std::same_as<T, sla::Date> ? "date" : "", r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};

}  // namespace dto
}  // namespace propolis
