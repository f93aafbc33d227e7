// Rotations: people who take turns. A turn (shift) is a number of hours, days, weeks or months of the wall clock; it is
// handed over at a wall-clock time in an IANA zone, so that 09:00 stays 09:00 when the clock is put forward or back.
//
// Shifts lie on an endless grid through the rotation's start, counted in both directions: shift 0 begins at the start.
// Hand-overs follow domain/wall_clock.h: one that the clock leaps over happens at the end of the leap, one that it
// shows twice happens the first time. A shift that is swallowed by a leap is empty, and its person's turn with it.
// Months are counted from the day of the start, or the last day of a month that is shorter.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dto.h"
#include "base/result.h"
#include "base/time.h"

namespace date {
class time_zone;
}

namespace propolis::oncall {

enum class ShiftUnit { kHour, kDay, kWeek, kMonth };

// A reading of the wall clock. JSON: "YYYY-MM-DDTHH:MM" (seconds may follow).
struct LocalTime {
  std::chrono::local_seconds at{};
  auto operator<=>(const LocalTime&) const = default;
  static std::optional<LocalTime> Parse(std::string_view text);
  [[nodiscard]] std::string ToString() const;
};

struct Rotation {
  ShiftUnit unit = ShiftUnit::kWeek;
  int length = 1;   // units, 1 to kLongestShift
  LocalTime start;  // of shift 0
  static const dto::Type& Dto();
};

constexpr int kLongestShift = 1000;
// The most hand-overs that one walk answers.
constexpr std::int64_t kMostHandOvers = 20000;

class Shifts {
 public:
  // `zone` must outlive this; zones of the database do.
  Shifts(const date::time_zone& zone, const Rotation& rotation) : zone_(&zone), rotation_(rotation) {}

  // Where shift `number` begins and the one before it ends.
  [[nodiscard]] Time Begin(std::int64_t number) const;
  // The shift that is on at an instant: Begin(n) <= at < Begin(n + 1).
  [[nodiscard]] std::int64_t NumberAt(Time at) const;

  [[nodiscard]] Time StartOfShift(Time at) const { return Begin(NumberAt(at)); }
  // Always after `at`.
  [[nodiscard]] Time EndOfShift(Time at) const { return Begin(NumberAt(at) + 1); }

  // Every hand-over from the start of the shift that is on at `from` to the end of the one that is on at `to`.
  // Error: field errors on to: it is before `from`, or further than kMostHandOvers.
  [[nodiscard]] Result<std::vector<Time>> HandOvers(Time from, Time to) const;

 private:
  [[nodiscard]] std::int64_t Guess(std::chrono::local_seconds reading) const;

  const date::time_zone* zone_;
  Rotation rotation_;
};

}  // namespace propolis::oncall

namespace propolis {

template <>
struct Names<oncall::ShiftUnit> {
  static constexpr std::array kTable = {std::pair{oncall::ShiftUnit::kHour, std::string_view("hour")},
                                        std::pair{oncall::ShiftUnit::kDay, std::string_view("day")},
                                        std::pair{oncall::ShiftUnit::kWeek, std::string_view("week")},
                                        std::pair{oncall::ShiftUnit::kMonth, std::string_view("month")}};
};

namespace dto {

template <>
struct Codec<oncall::LocalTime> {
  static void Read(json::View v, oncall::LocalTime& out, const std::string& p, const Rules&, Problems& e) {
    const auto text = v.AsString();
    const auto value = text ? oncall::LocalTime::Parse(*text) : std::nullopt;
    if (value) {
      out = *value;
    } else {
      e.Add(p, "field.not_local_time");
    }
  }
  static void Write(json::Writer& w, const oncall::LocalTime& value) { w.String(value.ToString()); }
  static void Schema(json::Writer& w, const Rules& r, const std::string& doc) {
    WriteScalarSchema(w, "string", "", r, doc);
  }
  static void References(std::vector<const Type*>&) {}
};

}  // namespace dto
}  // namespace propolis
