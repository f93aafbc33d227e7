// Runs the working-time corpora (folder `sla`) through the rules; shared by the tests and the score program.
#pragma once

#include <date/tz.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json.h"
#include "base/json_texts.h"
#include "domain/sla/working_time.h"

namespace propolis::sla::corpus {

struct Outcome {
  std::string id;
  bool right = false;
  std::string expected;
  std::string got;
};

// The names that Ruby on Rails gives to zones, where they differ from IANA's (ActiveSupport::TimeZone::MAPPING).
inline std::string IanaZone(const std::string& name) {
  static const std::map<std::string, std::string> kRails = {{"International Date Line West", "Etc/GMT+12"},
                                                            {"Midway Island", "Pacific/Midway"},
                                                            {"Hawaii", "Pacific/Honolulu"},
                                                            {"Alaska", "America/Juneau"},
                                                            {"Pacific Time (US & Canada)", "America/Los_Angeles"},
                                                            {"Tijuana", "America/Tijuana"},
                                                            {"Mountain Time (US & Canada)", "America/Denver"},
                                                            {"Arizona", "America/Phoenix"},
                                                            {"Central Time (US & Canada)", "America/Chicago"},
                                                            {"Mexico City", "America/Mexico_City"},
                                                            {"Eastern Time (US & Canada)", "America/New_York"},
                                                            {"Bogota", "America/Bogota"},
                                                            {"Lima", "America/Lima"},
                                                            {"Atlantic Time (Canada)", "America/Halifax"},
                                                            {"Caracas", "America/Caracas"},
                                                            {"La Paz", "America/La_Paz"},
                                                            {"Santiago", "America/Santiago"},
                                                            {"Newfoundland", "America/St_Johns"},
                                                            {"Brasilia", "America/Sao_Paulo"},
                                                            {"Buenos Aires", "America/Argentina/Buenos_Aires"},
                                                            {"Azores", "Atlantic/Azores"},
                                                            {"Dublin", "Europe/Dublin"},
                                                            {"Lisbon", "Europe/Lisbon"},
                                                            {"London", "Europe/London"},
                                                            {"Casablanca", "Africa/Casablanca"},
                                                            {"UTC", "Etc/UTC"},
                                                            {"Amsterdam", "Europe/Amsterdam"},
                                                            {"Berlin", "Europe/Berlin"},
                                                            {"Brussels", "Europe/Brussels"},
                                                            {"Madrid", "Europe/Madrid"},
                                                            {"Paris", "Europe/Paris"},
                                                            {"Rome", "Europe/Rome"},
                                                            {"Athens", "Europe/Athens"},
                                                            {"Cairo", "Africa/Cairo"},
                                                            {"Helsinki", "Europe/Helsinki"},
                                                            {"Moscow", "Europe/Moscow"},
                                                            {"Tehran", "Asia/Tehran"},
                                                            {"Kabul", "Asia/Kabul"},
                                                            {"New Delhi", "Asia/Kolkata"},
                                                            {"Kathmandu", "Asia/Kathmandu"},
                                                            {"Bangkok", "Asia/Bangkok"},
                                                            {"Beijing", "Asia/Shanghai"},
                                                            {"Singapore", "Asia/Singapore"},
                                                            {"Tokyo", "Asia/Tokyo"},
                                                            {"Seoul", "Asia/Seoul"},
                                                            {"Darwin", "Australia/Darwin"},
                                                            {"Sydney", "Australia/Sydney"},
                                                            {"Wellington", "Pacific/Auckland"},
                                                            {"Samoa", "Pacific/Apia"}};
  const auto found = kRails.find(name);
  return found == kRails.end() ? name : found->second;
}

// {"mon": [["09:00", "17:00"]], ...} into the weekly windows.
inline void ReadHours(json::View hours, Calendar& calendar) {
  hours.ForEachMember([&](std::string_view day, json::View windows) {
    for (std::size_t i = 0; i < windows.Size(); ++i) {
      const auto opens = TimeOfDay::Parse(windows.At(i).At(0).AsString().value_or(""));
      const auto closes = TimeOfDay::Parse(windows.At(i).At(1).AsString().value_or(""));
      calendar.weekly.push_back({FromName<Weekday>(day).value(), opens.value(), closes.value()});
    }
  });
}

template <class Run>
std::vector<Outcome> ForEachCase(const std::filesystem::path& file, Run run) {
  std::vector<Outcome> outcomes;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto document = json::Document::Parse(line);
    if (!document) {
      outcomes.push_back({file.filename().string(), false, "a JSON line", line.substr(0, 80)});
      continue;
    }
    Outcome outcome;
    outcome.id = TextOf(document->Root(), "id");
    run(document->Root(), outcome);
    outcome.right = outcome.expected == outcome.got;
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

// --- working_time_otobo.jsonl
// -----------------------------------------------------------------------------------------

inline Time FromLocal(const std::string& text, const std::string& zone) {
  date::local_seconds local;
  std::istringstream(text) >> date::parse("%F %T", local);
  const auto info = date::locate_zone(zone)->get_info(local);
  return info.result == date::local_info::nonexistent ? Time{info.first.end}
                                                      : Time{local.time_since_epoch() - info.first.offset};
}

inline std::string ToLocal(Time at, const std::string& zone) {
  return date::format("%F %T", date::make_zoned(zone, std::chrono::floor<Seconds>(at)).get_local_time());
}

// The seconds of {"Days": 4, "Hours": 3.5, ...}; nullopt for what that product leaves unchanged.
inline std::optional<Micros> OtoboAmount(json::View add) {
  double seconds = 0;
  bool known = true;
  add.ForEachMember([&](std::string_view unit, json::View value) {
    const double scale = unit == "Seconds"   ? 1
                         : unit == "Minutes" ? 60
                         : unit == "Hours"   ? 3600
                         : unit == "Days"    ? 86400
                         : unit == "Weeks"   ? 604800
                                             : 0;
    known = known && scale > 0;
    seconds += scale * value.AsDouble().value_or(0);
  });
  if (!known || seconds <= 0) {
    return std::nullopt;
  }
  return Seconds{std::llround(seconds)};
}

inline std::vector<Outcome> RunOtobo(const std::filesystem::path& file) {
  return ForEachCase(file, [](json::View row, Outcome& outcome) {
    Calendar calendar;
    calendar.zone = TextOf(row, "schedule_time_zone");
    ReadHours(*row.Find("hours"), calendar);
    const json::View holidays = *row.Find("yearly_holidays");
    for (std::size_t i = 0; i < holidays.Size(); ++i) {
      calendar.holidays.push_back({std::nullopt, MonthDay::Parse(*holidays.At(i).AsString()), ""});
    }
    const auto hours = WorkingTime::From(calendar).value();
    const std::string zone = TextOf(row, "time_zone");
    const Time start = FromLocal(TextOf(row, "start_local"), zone);
    if (const auto add = row.Find("add")) {
      outcome.expected = TextOf(row, "expected_end_local");
      const auto amount = OtoboAmount(*add);
      const auto end = amount ? hours.Add(start, *amount) : start;
      outcome.got = end ? ToLocal(*end, zone) : "never";
    } else {
      outcome.expected = row.Find("expected_working_seconds")->ToText();
      const Time end = FromLocal(TextOf(row, "end_local"), zone);
      outcome.got = std::to_string(end < start ? 0 : hours.Within(start, end) / Seconds{1});
    }
  });
}

// --- working_hours_gem.jsonl
// ------------------------------------------------------------------------------------------

inline Calendar GemCalendar(json::View row) {
  Calendar calendar;
  calendar.zone = IanaZone(TextOf(row, "time_zone"));
  ReadHours(*row.Find("hours"), calendar);
  if (const auto holidays = row.Find("holidays")) {
    for (std::size_t i = 0; i < holidays->Size(); ++i) {
      calendar.holidays.push_back({Date::Parse(*holidays->At(i).AsString()), std::nullopt, ""});
    }
  }
  if (const auto special = row.Find("holiday_hours")) {
    special->ForEachMember([&](std::string_view day, json::View windows) {
      DatedException exception;
      exception.date = Date::Parse(day).value();
      for (std::size_t i = 0; i < windows.Size(); ++i) {
        exception.windows.push_back({TimeOfDay::Parse(*windows.At(i).At(0).AsString()).value(),
                                     TimeOfDay::Parse(*windows.At(i).At(1).AsString()).value()});
      }
      calendar.exceptions.push_back(std::move(exception));
    });
  }
  return calendar;
}

// An argument that is a date or an instant.
struct Moment {
  std::optional<Date> date;
  Time time;
};
inline Moment ReadMoment(json::View value) {
  const std::string text(value.AsString().value_or(""));
  if (const auto date = Date::Parse(text)) {
    return {date, ParseTime(text + "T00:00:00Z").value()};
  }
  return {std::nullopt, ParseTime(text).value()};
}

inline std::string GemTime(std::optional<Time> time) { return time ? FormatTime(*time) : "never"; }

inline std::string GemAddDays(const WorkingTime& hours, const Moment& from, int count) {
  const Date start = from.date ? *from.date : hours.DateOf(from.time);
  const auto end = hours.AddDays(start, count);
  if (!end) {
    return "never";
  }
  // An instant keeps its time of day.
  return from.date ? end->ToString() : FormatTime(from.time + (end->day - start.day));
}

inline std::string RunGemOp(const std::string& op, json::View args, const WorkingTime& hours) {
  const Moment from = ReadMoment(args.At(0));
  const auto number = [&] { return args.At(1).AsDouble().value_or(0); };
  const auto add = [&](double seconds) {
    const Micros amount{std::llround(seconds * 1e6)};
    return GemTime(amount >= Micros{0} ? hours.Add(from.time, amount) : hours.Subtract(from.time, -amount));
  };
  const auto date = [&](const Moment& moment) { return moment.date ? *moment.date : hours.DateOf(moment.time); };
  if (op == "add_days") {
    return GemAddDays(hours, from, static_cast<int>(number()));
  }
  if (op == "add_hours" || op == "add_minutes" || op == "add_seconds") {
    return add(number() * (op == "add_hours" ? 3600 : op == "add_minutes" ? 60 : 1));
  }
  if (op == "advance_to_working_time") {
    return GemTime(hours.NextOpen(from.time));
  }
  if (op == "advance_to_closing_time") {
    return GemTime(hours.NextClose(from.time));
  }
  if (op == "next_working_time") {
    const auto closes = hours.IsOpen(from.time) ? hours.NextClose(from.time) : from.time;
    return GemTime(closes ? hours.NextOpen(*closes) : std::nullopt);
  }
  if (op == "return_to_working_time" || op == "return_to_exact_working_time") {
    return GemTime(hours.Subtract(from.time, Micros{0}));
  }
  if (op == "working_day?") {
    return hours.IsWorkingDay(date(from)) ? "true" : "false";
  }
  if (op == "in_working_hours?") {
    return hours.IsOpen(from.time) ? "true" : "false";
  }
  const Moment to = ReadMoment(args.At(1));
  if (op == "working_days_between") {
    return std::to_string(hours.WorkingDaysBetween(date(from), date(to)));
  }
  if (op == "working_time_between") {
    return std::to_string(hours.Within(from.time, to.time) / Seconds{1});
  }
  return "unknown operation " + op;
}

inline std::vector<Outcome> RunGem(const std::filesystem::path& file) {
  return ForEachCase(file, [](json::View row, Outcome& outcome) {
    const auto hours = WorkingTime::From(GemCalendar(row)).value();
    const json::View expected = *row.Find("expected");
    outcome.expected = expected.AsString() ? std::string(*expected.AsString()) : expected.ToText();
    outcome.got = RunGemOp(TextOf(row, "op"), *row.Find("args"), hours);
  });
}

}  // namespace propolis::sla::corpus
