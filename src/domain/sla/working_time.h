// Arithmetic of working time over a calendar: when is a deadline, how much time was worked.
//
// Durations are real (elapsed) time, to the microsecond; windows are wall clock in the calendar's zone. A wall-clock
// reading stands for the first instant at which the clock shows it, or for the end of the jump when the clock leaps
// over it. So a window that holds the spring jump is an hour shorter, one that holds the autumn jump an hour longer, a
// window wholly inside a leap is empty, and windows never overlap.
//
// Nothing here walks over minutes or days: whole weeks are counted at once, and only special dates (exceptions,
// holidays, changes of the zone's offset) are looked at one by one. Values in, values out; immutable and safe from any
// thread. A deadline further off than kHorizonYears is "never", as is any in a calendar that does not open again.
// Changes of offset are known as far as the system's zone files list them, which is to 2037; after that the last offset
// stays.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "domain/sla/calendar.h"

namespace date {
class time_zone;
}

namespace propolis::sla {

constexpr int kHorizonYears = 200;

// What an answer cost: special dates and runs of plain weeks looked at. For tests.
struct Effort {
  int steps = 0;
};

// A stretch of time and whether it was worked, for people to read.
struct Stretch {
  enum class Why { kOpen, kOutsideHours, kHoliday, kException, kMixed };
  Time from;
  Time to;
  Micros counted{0};  // all of it when open, nothing when closed, something between when mixed
  Why why = Why::kOpen;
  std::string name;  // of the holiday or exception
};

class WorkingTime {
 public:
  // Invalid with all the fields of Validate().
  static Result<WorkingTime> From(const Calendar& calendar);

  // The instant at which `amount` (>= 0) has been worked since `start`. A start outside the windows moves to the next
  // opening; an answer at a window's end stays there; 0 gives the next open instant. nullopt: never.
  [[nodiscard]] std::optional<Time> Add(Time start, Micros amount, Effort* effort = nullptr) const;
  // The mirror of Add: the latest instant from which `amount` is worked until `end`. An end outside the windows moves
  // back to the last closing; an answer at an opening stays there.
  [[nodiscard]] std::optional<Time> Subtract(Time end, Micros amount) const;
  // Time worked between the two; negative when `to` is before `from`. Within(a, Add(a, n)) == n.
  [[nodiscard]] Micros Within(Time from, Time to, Effort* effort = nullptr) const;

  [[nodiscard]] bool IsOpen(Time at) const;
  [[nodiscard]] std::optional<Time> NextOpen(Time at) const { return Add(at, Micros{0}); }
  // The end of the window that is open at `at`, or of the next one.
  [[nodiscard]] std::optional<Time> NextClose(Time at) const;

  // Whole dates. A working date has at least one window.
  [[nodiscard]] bool IsWorkingDay(Date date) const;
  // The `count`-th working date after `date` (before, when negative); a date off moves on to the next working one
  // first.
  [[nodiscard]] std::optional<Date> AddDays(Date date, int count) const;
  // Working dates in (from, to]; negative when `to` is before `from`.
  [[nodiscard]] std::int64_t WorkingDaysBetween(Date from, Date to) const;

  // The stretches between the two, in order and without gaps. Beyond about `max_days` days the middle is told as one
  // mixed stretch, so that an explanation stays readable. The counted parts add up to Within(from, to).
  [[nodiscard]] std::vector<Stretch> Stretches(Time from, Time to, int max_days = 60) const;

  // The local date of an instant, as the windows see it.
  [[nodiscard]] Date DateOf(Time at) const { return Date{DayAt(at)}; }

 private:
  using Day = std::chrono::local_days;
  struct Span {
    Time opens;
    Time closes;
  };
  // A date that does not follow the weekly windows.
  struct DatedPlan {
    Day day;
    std::vector<DayWindow> windows;
    Stretch::Why why;
    std::string name;
  };
  struct YearlyPlan {
    std::chrono::month_day day;
    std::string name;
  };
  struct Plan {
    const std::vector<DayWindow>* windows;
    Stretch::Why closed_why;
    std::string_view name;
  };
  // What is summed over days: worked microseconds, or working dates.
  struct Measure {
    std::array<std::int64_t, 7> weekly;
    std::int64_t week;
    std::int64_t (*special)(const WorkingTime&, Day);
  };
  // The nearest jump of the clock, kept while a search passes the special dates before it.
  struct Jump {
    bool known = false;
    std::optional<Day> day;
  };
  struct Found {
    Day day;
    std::int64_t rest;  // how much of that day is needed
  };

  WorkingTime() = default;
  void TakeWeekly(const Calendar& calendar);
  void TakeDates(const Calendar& calendar);

  [[nodiscard]] Time Resolve(Day day, Seconds time_of_day) const;
  [[nodiscard]] Day DayAt(Time at) const;
  [[nodiscard]] Plan PlanOf(Day day) const;
  [[nodiscard]] std::vector<Span> SpansOf(Day day) const;
  [[nodiscard]] std::optional<Day> NextYearly(Day from) const;
  [[nodiscard]] std::optional<Day> PreviousYearly(Day to) const;
  [[nodiscard]] std::optional<Day> NextJump(Day from) const;
  [[nodiscard]] std::optional<Day> PreviousJump(Day to) const;
  [[nodiscard]] std::optional<Day> NextSpecial(Day from, Jump& jump) const;
  [[nodiscard]] std::optional<Day> PreviousSpecial(Day to, Jump& jump) const;
  [[nodiscard]] std::int64_t Sum(const Measure& measure, Day from, Day to, Effort* effort) const;
  [[nodiscard]] std::optional<Found> Forward(const Measure& measure, Day from, std::int64_t need, Effort* effort) const;
  [[nodiscard]] std::optional<Found> Backward(const Measure& measure, Day from, std::int64_t need) const;
  void DescribeDay(Day day, Time from, Time to, std::vector<Stretch>& into) const;

  const date::time_zone* zone_ = nullptr;
  std::array<std::vector<DayWindow>, 7> weekly_;
  std::vector<DatedPlan> dated_;    // by day
  std::vector<YearlyPlan> yearly_;  // by day
  Measure time_{};
  Measure dates_{};
};

}  // namespace propolis::sla
