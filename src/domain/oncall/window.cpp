#include "domain/oncall/window.h"

#include "domain/wall_clock.h"

namespace propolis::oncall {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr Seconds kDay{24 * 3600};
constexpr Seconds kWeek = 7 * kDay;

// How long after its day's midnight the window ends.
Seconds EndOf(const Window& window) {
  const bool over_midnight = window.to <= window.from;
  return window.to.since_midnight + (over_midnight ? kDay : Seconds{0});
}

bool BeginsOn(const Window& window, local_days day) {
  const auto weekday = static_cast<sla::Weekday>(std::chrono::weekday{day}.c_encoding());
  return std::ranges::find(window.days, weekday) != window.days.end();
}

Span On(const Window& window, const date::time_zone& zone, local_days day) {
  return {InstantOf(zone, day + window.from.since_midnight), InstantOf(zone, day + EndOf(window))};
}

local_days DayAt(const date::time_zone& zone, Time at) { return std::chrono::floor<days>(ReadingAt(zone, at)); }

// A window on one of its days, in seconds of the week.
struct Placed {
  Seconds from;
  Seconds to;  // past the week's end when it runs into the next
  std::size_t window;
};

bool Overlap(const Placed& a, const Placed& b) {
  for (const Seconds shift : {-kWeek, Seconds{0}, kWeek}) {
    if (a.from < b.to + shift && b.from + shift < a.to) {
      return true;
    }
  }
  return false;
}

}  // namespace

const dto::Type& Window::Dto() {
  static const dto::Type type =
      dto::Object<Window>("WeeklyHours", "Hours of named weekdays, by the wall clock.")
          .Required("days", &Window::days, "Weekdays on which it begins.", dto::Items(0, 7))
          .Required("from", &Window::from, "HH:MM.")
          .Required("to", &Window::to, "HH:MM; not later than `from`: on the next day; the same: a whole day.")
          .Done();
  return type;
}

bool IsActive(const Window& window, const date::time_zone& zone, Time at) {
  const local_days today = DayAt(zone, at);
  // The clock may have been put back over midnight: the next day's window may have begun already.
  for (const local_days day : {today - days{1}, today, today + days{1}}) {
    if (BeginsOn(window, day)) {
      const Span span = On(window, zone, day);
      if (span.from <= at && at < span.to) {
        return true;
      }
    }
  }
  return false;
}

std::vector<Span> Covered(const std::vector<Window>& windows, const date::time_zone& zone, Time from, Time to) {
  if (from >= to) {
    return {};
  }
  if (windows.empty()) {
    return {{from, to}};
  }
  std::vector<Span> spans;
  const local_days last = DayAt(zone, to) + days{1};
  for (local_days day = DayAt(zone, from) - days{1}; day <= last; day += days{1}) {
    for (const Window& window : windows) {
      if (BeginsOn(window, day)) {
        const Span span = On(window, zone, day);
        if (const Span part{std::max(span.from, from), std::min(span.to, to)}; part.from < part.to) {
          spans.push_back(part);
        }
      }
    }
  }
  std::ranges::sort(spans, {}, &Span::from);
  std::vector<Span> joined;
  for (const Span& span : spans) {
    if (!joined.empty() && span.from <= joined.back().to) {
      joined.back().to = std::max(joined.back().to, span.to);
    } else {
      joined.push_back(span);
    }
  }
  return joined;
}

std::vector<FieldError> Validate(const std::vector<Window>& windows, const std::string& prefix) {
  std::vector<FieldError> errors;
  std::vector<Placed> placed;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Window& window = windows[i];
    const std::string path = prefix + "/" + std::to_string(i);
    if (window.days.empty()) {
      errors.push_back({path + "/days", "rota.window_without_days", {}});
    }
    if (window.from.since_midnight >= kDay) {
      errors.push_back({path + "/from", "rota.begins_at_24", {}});
    }
    bool overlaps = false;
    for (std::size_t d = 0; d < window.days.size(); ++d) {
      const sla::Weekday day = window.days[d];
      if (std::ranges::find(window.days, day) != window.days.begin() + static_cast<std::ptrdiff_t>(d)) {
        errors.push_back({path + "/days/" + std::to_string(d), "rota.day_twice", {}});
        continue;
      }
      const Seconds midnight = static_cast<int>(day) * kDay;
      const Placed next{midnight + window.from.since_midnight, midnight + EndOf(window), i};
      overlaps = overlaps || std::ranges::any_of(placed, [&](const Placed& other) { return Overlap(other, next); });
      placed.push_back(next);
    }
    if (overlaps) {
      errors.push_back({path, "rota.windows_overlap", {}});
    }
  }
  return errors;
}

}  // namespace propolis::oncall
