// Weekly windows of the wall clock: the hours in which a layer of a rota holds.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/time.h"
#include "domain/sla/calendar.h"

namespace date {
class time_zone;
}

namespace propolis::oncall {

// On each named day from `from` to `to`. One that does not end later than it begins runs over midnight into the next
// day; one that ends when it begins lasts a whole day. Readings are resolved as domain/wall_clock.h says.
struct Window {
  std::vector<sla::Weekday> days;
  sla::TimeOfDay from;
  sla::TimeOfDay to;
  static const dto::Type& Dto();
};

// A stretch of time: [from, to).
struct Span {
  Time from;
  Time to;
  bool operator==(const Span&) const = default;
};

constexpr std::size_t kMostWindows = 20;

bool IsActive(const Window& window, const date::time_zone& zone, Time at);

// What the windows cover of [from, to): in order, apart. Without windows, all of it.
std::vector<Span> Covered(const std::vector<Window>& windows, const date::time_zone& zone, Time from, Time to);

// Every wrong field, as paths below `prefix` ("layers/0/restrictions"): no days, a day named twice, a beginning at
// 24:00, and a window that runs into another (or into itself, a week later).
std::vector<FieldError> Validate(const std::vector<Window>& windows, const std::string& prefix);

}  // namespace propolis::oncall
