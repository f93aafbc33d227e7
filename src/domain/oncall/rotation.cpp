#include "domain/oncall/rotation.h"

#include <date/tz.h>

#include "domain/sla/calendar.h"
#include "domain/wall_clock.h"

namespace propolis::oncall {
namespace {

using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::year_month;
using std::chrono::year_month_day;

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by != 0 && value < 0 ? 1 : 0);
}

// Seconds of one unit; months have none.
constexpr std::int64_t SecondsOf(ShiftUnit unit) {
  constexpr std::int64_t kHour = 3600;
  constexpr std::int64_t kDay = 24 * kHour;
  return unit == ShiftUnit::kHour ? kHour : unit == ShiftUnit::kDay ? kDay : 7 * kDay;
}

// The same day and time, that many months on; the last day of a month that has no such day.
local_seconds AddMonths(local_seconds from, std::int64_t months) {
  const local_days day = std::chrono::floor<std::chrono::days>(from);
  const year_month_day date{day};
  const year_month month = year_month{date.year(), date.month()} + std::chrono::months{months};
  const year_month_day last{month / std::chrono::last};
  return local_days{month / std::min(date.day(), last.day())} + (from - day);
}

}  // namespace

std::optional<LocalTime> LocalTime::Parse(std::string_view text) {
  if (text.size() < 11 || text[10] != 'T') {
    return std::nullopt;
  }
  const auto date = sla::Date::Parse(text.substr(0, 10));
  const auto time = sla::TimeOfDay::Parse(text.substr(11));
  if (!date || !time || time->since_midnight >= std::chrono::hours{24}) {
    return std::nullopt;
  }
  return LocalTime{date->day + time->since_midnight};
}

std::string LocalTime::ToString() const {
  const local_days day = std::chrono::floor<std::chrono::days>(at);
  return sla::Date{day}.ToString() + "T" + sla::TimeOfDay{at - day}.ToString();
}

const dto::Type& Rotation::Dto() {
  static const dto::Type type =
      dto::Object<Rotation>("Rotation", "How long a turn is, and when it is handed over.")
          .Required("unit", &Rotation::unit, "What the length counts.")
          .Required("length", &Rotation::length, "Units in a turn.", dto::Range(1, kLongestShift))
          .Required("start", &Rotation::start, "YYYY-MM-DDTHH:MM, wall clock: where the first person's turn begins.")
          .Done();
  return type;
}

Time Shifts::Begin(std::int64_t number) const {
  const std::int64_t units = number * rotation_.length;
  const local_seconds reading = rotation_.unit == ShiftUnit::kMonth
                                    ? AddMonths(rotation_.start.at, units)
                                    : rotation_.start.at + Seconds{units * SecondsOf(rotation_.unit)};
  return InstantOf(*zone_, reading);
}

std::int64_t Shifts::Guess(local_seconds reading) const {
  if (rotation_.unit != ShiftUnit::kMonth) {
    return FloorDivide((reading - rotation_.start.at).count(), rotation_.length * SecondsOf(rotation_.unit));
  }
  const auto month = [](local_seconds at) {
    const year_month_day date{std::chrono::floor<std::chrono::days>(at)};
    return static_cast<std::int64_t>(static_cast<int>(date.year())) * 12 + static_cast<unsigned>(date.month());
  };
  return FloorDivide(month(reading) - month(rotation_.start.at), rotation_.length);
}

std::int64_t Shifts::NumberAt(Time at) const {
  std::int64_t number = Guess(ReadingAt(*zone_, at));
  // The guess is off by what the clock jumped, or by part of a month.
  while (Begin(number) > at) {
    --number;
  }
  while (Begin(number + 1) <= at) {
    ++number;
  }
  return number;
}

Result<std::vector<Time>> Shifts::HandOvers(Time from, Time to) const {
  if (to < from) {
    return FailField("to", "rota.ends_before_start");
  }
  const std::int64_t first = NumberAt(from);
  const std::int64_t last = NumberAt(to) + 1;
  if (last - first >= kMostHandOvers) {
    return FailField("to", "rota.too_long", {{"most", std::to_string(kMostHandOvers)}});
  }
  std::vector<Time> times;
  for (std::int64_t number = first; number <= last; ++number) {
    if (const Time time = Begin(number); times.empty() || times.back() < time) {
      times.push_back(time);
    }
  }
  return times;
}

}  // namespace propolis::oncall
