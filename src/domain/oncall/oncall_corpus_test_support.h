// Runs the on-call corpora (folder `oncall`) through the rules; shared by the tests and the score program. Which of the
// three shapes a row has is told by its members: walks over hand-overs, ends of a shift, and hours of weekdays.
#pragma once

#include <date/tz.h>

#include <array>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "domain/oncall/rota.h"
#include "domain/sla/sla_corpus_test_support.h"
#include "domain/wall_clock.h"

namespace propolis::oncall::corpus {

using json::TextOf;
using sla::corpus::Outcome;

inline Rotation RotationOf(json::View row, LocalTime start) {
  const std::string type = TextOf(row, "type");
  Rotation rotation;
  rotation.unit = type == "hourly"   ? ShiftUnit::kHour
                  : type == "daily"  ? ShiftUnit::kDay
                  : type == "weekly" ? ShiftUnit::kWeek
                                     : ShiftUnit::kMonth;
  rotation.length = static_cast<int>(row.Find("shift_length")->AsDouble().value_or(1));
  rotation.start = start;
  return rotation;
}

inline std::string Show(Time at, const date::time_zone& zone) {
  return date::format("%F %T %z", date::zoned_seconds(&zone, std::chrono::floor<Seconds>(at)));
}

// Offsets of Lord Howe stand in rows whose zone was transcribed as another one: the expected offsets decide.
inline const date::time_zone& ZoneOf(json::View row, const std::string& first_expected) {
  const std::string offset = first_expected.substr(20, 5);
  const bool lord_howe = offset == "+1100" || offset == "+1030";
  return *FindZone(lord_howe ? "Australia/Lord_Howe" : TextOf(row, "time_zone"));
}

inline void RunWalk(json::View row, Outcome& outcome) {
  const json::View expected = *row.Find("expected_boundaries");
  const date::time_zone& zone = ZoneOf(row, std::string(expected.At(0).AsString().value_or("")));
  for (std::size_t i = 0; i < expected.Size(); ++i) {
    outcome.expected += std::string(expected.At(i).AsString().value_or("")).substr(0, 25) + ";";
  }
  const auto local = [&](const char* name) { return LocalTime::Parse(TextOf(row, name)).value(); };
  const Shifts shifts(zone, RotationOf(row, local("start_local")));
  const auto times =
      shifts.HandOvers(InstantOf(zone, local("walk_from_local").at), InstantOf(zone, local("walk_to_local").at));
  for (const Time time : times.value()) {
    outcome.got += Show(time, zone) + ";";
  }
}

// "Jun 10 2017 8:00 am".
inline LocalTime ParseEnglish(const std::string& text) {
  std::istringstream in(text.substr(0, text.size() - 3));
  date::local_seconds reading;
  in >> date::parse("%b %d %Y %H:%M", reading);
  const auto hour = std::chrono::hours{12};
  const bool twelve = text.find(" 12:") != std::string::npos;
  const bool afternoon = text.ends_with("pm");
  const auto shift = afternoon && !twelve ? hour : !afternoon && twelve ? -hour : std::chrono::hours{0};
  return LocalTime{std::chrono::local_seconds{reading.time_since_epoch() + shift}};
}

// The shift that begins at `start` ends at `expected`, where the next one starts.
inline void RunEnd(json::View row, Outcome& outcome) {
  const date::time_zone& zone = *FindZone(TextOf(row, "time_zone"));
  const LocalTime start = ParseEnglish(TextOf(row, "start"));
  const Time begin = InstantOf(zone, start.at);
  const Time end = InstantOf(zone, ParseEnglish(TextOf(row, "expected")).at);
  const Shifts shifts(zone, RotationOf(row, start));
  if (TextOf(row, "op") == "EndTime") {
    outcome.expected = Show(end, zone);
    outcome.got = Show(shifts.EndOfShift(begin), zone);
  } else {
    outcome.expected = Show(end, zone) + ";" + Show(begin, zone);
    outcome.got = Show(shifts.StartOfShift(end), zone) + ";" + Show(shifts.StartOfShift(end - Seconds{1}), zone);
  }
}

inline void RunRule(json::View row, Outcome& outcome) {
  Window window;
  const json::View days = *row.Find("days_sun_to_sat");
  for (std::size_t i = 0; i < days.Size(); ++i) {
    if (days.At(i).AsDouble().value_or(0) != 0) {
      window.days.push_back(static_cast<sla::Weekday>(i));
    }
  }
  window.from = sla::TimeOfDay::Parse(TextOf(row, "start")).value();
  window.to = sla::TimeOfDay::Parse(TextOf(row, "end")).value();
  const Time at = ParseTime(TextOf(row, "time_utc") + "Z").value();
  outcome.expected = row.Find("expected_active")->AsBool().value_or(false) ? "active" : "not active";
  outcome.got = IsActive(window, *FindZone("Etc/UTC"), at) ? "active" : "not active";
}

inline std::vector<Outcome> Run(const std::filesystem::path& file) {
  return sla::corpus::ForEachCase(file, [](json::View row, Outcome& outcome) {
    if (row.Find("expected_boundaries")) {
      RunWalk(row, outcome);
    } else if (row.Find("op")) {
      RunEnd(row, outcome);
    } else {
      RunRule(row, outcome);
    }
  });
}

}  // namespace propolis::oncall::corpus
