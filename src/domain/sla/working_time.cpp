#include "domain/sla/working_time.h"

#include <date/tz.h>

#include "domain/holidays/holidays.h"
#include "domain/wall_clock.h"

namespace propolis::sla {
namespace {

using Day = std::chrono::local_days;
using std::chrono::days;

constexpr days kHorizon{kHorizonYears * 366};
constexpr days kWeek{7};
// Longer than any change of offset, so that a search which starts this much earlier misses none.
constexpr std::chrono::hours kMargin{26};

std::size_t WeekdayOf(Day day) { return std::chrono::weekday{day}.c_encoding(); }

Day LocalDay(date::sys_seconds at, Seconds offset) {
  return std::chrono::floor<days>(std::chrono::local_seconds{at.time_since_epoch() + offset});
}

std::int64_t PlainSum(const std::array<std::int64_t, 7>& weekly, std::int64_t week, Day from, Day to) {
  const std::int64_t count = (to - from).count();
  std::int64_t sum = count / 7 * week;
  for (Day day = from; day < from + days{count % 7}; day += days{1}) {
    sum += weekly[WeekdayOf(day)];
  }
  return sum;
}

// What stays of the windows when [opens, closes) is taken out.
std::vector<DayWindow> Without(const std::vector<DayWindow>& windows, TimeOfDay opens, TimeOfDay closes) {
  std::vector<DayWindow> left;
  for (const DayWindow& window : windows) {
    if (const TimeOfDay end = std::min(window.closes, opens); window.opens < end) {
      left.push_back({window.opens, end});
    }
    if (const TimeOfDay begin = std::max(window.opens, closes); begin < window.closes) {
      left.push_back({begin, window.closes});
    }
  }
  return left;
}

void Append(std::vector<Stretch>& into, Stretch stretch) {
  if (stretch.from >= stretch.to) {
    return;
  }
  if (!into.empty() && into.back().to == stretch.from && into.back().why == stretch.why &&
      into.back().name == stretch.name) {
    into.back().to = stretch.to;
    into.back().counted += stretch.counted;
    return;
  }
  into.push_back(std::move(stretch));
}

}  // namespace

Result<WorkingTime> WorkingTime::From(const Calendar& calendar) {
  if (auto errors = Validate(calendar); !errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  WorkingTime made;
  made.zone_ = date::locate_zone(calendar.zone);
  made.TakeWeekly(calendar);
  made.TakeDates(calendar);
  made.time_.special = [](const WorkingTime& self, Day day) {
    std::int64_t sum = 0;
    for (const Span& span : self.SpansOf(day)) {
      sum += (span.closes - span.opens).count();
    }
    return sum;
  };
  made.dates_.special = [](const WorkingTime& self, Day day) {
    return static_cast<std::int64_t>(self.PlanOf(day).windows->empty() ? 0 : 1);
  };
  return made;
}

void WorkingTime::TakeWeekly(const Calendar& calendar) {
  for (const WeeklyWindow& window : calendar.weekly) {
    weekly_[static_cast<std::size_t>(window.day)].push_back({window.opens, window.closes});
  }
  for (std::size_t weekday = 0; weekday < weekly_.size(); ++weekday) {
    std::ranges::sort(weekly_[weekday], {}, &DayWindow::opens);
    for (const Break& pause : calendar.breaks) {
      if (!pause.day || static_cast<std::size_t>(*pause.day) == weekday) {
        weekly_[weekday] = Without(weekly_[weekday], pause.opens, pause.closes);
      }
    }
    for (const DayWindow& window : weekly_[weekday]) {
      time_.weekly[weekday] += Micros{window.closes.since_midnight - window.opens.since_midnight}.count();
    }
    dates_.weekly[weekday] = weekly_[weekday].empty() ? 0 : 1;
    time_.week += time_.weekly[weekday];
    dates_.week += dates_.weekly[weekday];
  }
}

void WorkingTime::TakeDates(const Calendar& calendar) {
  for (const DatedException& exception : calendar.exceptions) {
    dated_.push_back({exception.date.day, exception.windows, Stretch::Why::kException, exception.name});
    std::ranges::sort(dated_.back().windows, {}, &DayWindow::opens);
  }
  for (const Holiday& holiday : calendar.holidays) {
    if (holiday.date) {
      dated_.push_back({holiday.date->day, {}, Stretch::Why::kHoliday, holiday.name});
    } else {
      yearly_.push_back({holiday.yearly->day, holiday.name});
    }
  }
  for (const HolidaySet& set : calendar.holiday_sets) {
    for (const auto& day : *holidays::Always(set.country, set.region)) {
      if (day.kind == holidays::Kind::kPublic || (set.optional && day.kind == holidays::Kind::kOptional)) {
        dated_.push_back({day.date.day, {}, Stretch::Why::kHoliday, day.name});
      }
    }
  }
  // The exception of a date stands before a holiday of the same date, and wins.
  std::ranges::sort(dated_, {},
                    [](const DatedPlan& plan) { return std::pair(plan.day, plan.why != Stretch::Why::kException); });
  const auto same_date = std::ranges::unique(dated_, {}, &DatedPlan::day);
  dated_.erase(same_date.begin(), same_date.end());
  std::ranges::sort(yearly_, {}, &YearlyPlan::day);
}

Time WorkingTime::Resolve(Day day, Seconds time_of_day) const { return InstantOf(*zone_, day + time_of_day); }

WorkingTime::Day WorkingTime::DayAt(Time at) const {
  const auto second = std::chrono::floor<Seconds>(at);
  const Day day = LocalDay(second, zone_->get_info(second).offset);
  // When the clock is put back over midnight the new date has already begun.
  return Resolve(day + days{1}, Seconds{0}) <= at ? day + days{1} : day;
}

WorkingTime::Plan WorkingTime::PlanOf(Day day) const {
  static const std::vector<DayWindow> kClosed;
  if (const auto dated = std::ranges::lower_bound(dated_, day, {}, &DatedPlan::day);
      dated != dated_.end() && dated->day == day) {
    return {&dated->windows, dated->why, dated->name};
  }
  const std::chrono::year_month_day date{day};
  const std::chrono::month_day month_day{date.month(), date.day()};
  if (const auto yearly = std::ranges::lower_bound(yearly_, month_day, {}, &YearlyPlan::day);
      yearly != yearly_.end() && yearly->day == month_day) {
    return {&kClosed, Stretch::Why::kHoliday, yearly->name};
  }
  return {&weekly_[WeekdayOf(day)], Stretch::Why::kOutsideHours, ""};
}

std::vector<WorkingTime::Span> WorkingTime::SpansOf(Day day) const {
  std::vector<Span> spans;
  for (const DayWindow& window : *PlanOf(day).windows) {
    const Span span{Resolve(day, window.opens.since_midnight), Resolve(day, window.closes.since_midnight)};
    if (span.opens < span.closes) {
      spans.push_back(span);
    }
  }
  return spans;
}

// --- special dates
// ----------------------------------------------------------------------------------------------------

std::optional<WorkingTime::Day> WorkingTime::NextYearly(Day from) const {
  if (yearly_.empty()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{from};
  auto at = std::ranges::lower_bound(yearly_, std::chrono::month_day{date.month(), date.day()}, {}, &YearlyPlan::day);
  // Nine years hold a February 29 in any case.
  for (std::chrono::year year = date.year(); year <= date.year() + std::chrono::years{9};
       ++year, at = yearly_.begin()) {
    for (; at != yearly_.end(); ++at) {
      if (const std::chrono::year_month_day found = year / at->day; found.ok()) {
        return Day{found};
      }
    }
  }
  return std::nullopt;
}

std::optional<WorkingTime::Day> WorkingTime::PreviousYearly(Day to) const {
  if (yearly_.empty()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{to};
  auto after =
      std::ranges::upper_bound(yearly_, std::chrono::month_day{date.month(), date.day()}, {}, &YearlyPlan::day);
  for (std::chrono::year year = date.year(); year >= date.year() - std::chrono::years{9};
       --year, after = yearly_.end()) {
    while (after != yearly_.begin()) {
      --after;
      if (const std::chrono::year_month_day found = year / after->day; found.ok()) {
        return Day{found};
      }
    }
  }
  return std::nullopt;
}

// The first date from `from` on whose wall clock jumps.
std::optional<WorkingTime::Day> WorkingTime::NextJump(Day from) const {
  auto info = zone_->get_info(std::chrono::floor<Seconds>(Resolve(from, Seconds{0})) - kMargin);
  while (info.end < date::sys_seconds{date::sys_days{date::year{9999} / 1 / 1}}) {
    const auto next = zone_->get_info(info.end);
    const Day last = LocalDay(info.end, std::max(info.offset, next.offset));
    if (next.offset != info.offset && last >= from) {
      return std::max(from, LocalDay(info.end, std::min(info.offset, next.offset)));
    }
    info = next;
  }
  return std::nullopt;
}

std::optional<WorkingTime::Day> WorkingTime::PreviousJump(Day to) const {
  auto info = zone_->get_info(std::chrono::floor<Seconds>(Resolve(to, Seconds{0})) + 2 * kMargin);
  while (info.begin > date::sys_seconds{date::sys_days{date::year{1800} / 1 / 1}}) {
    const auto previous = zone_->get_info(info.begin - Seconds{1});
    const Day first = LocalDay(info.begin, std::min(info.offset, previous.offset));
    if (previous.offset != info.offset && first <= to) {
      return std::min(to, LocalDay(info.begin, std::max(info.offset, previous.offset)));
    }
    info = previous;
  }
  return std::nullopt;
}

std::optional<WorkingTime::Day> WorkingTime::NextSpecial(Day from, Jump& jump) const {
  if (!jump.known || (jump.day && *jump.day < from)) {
    jump = {true, NextJump(from)};
  }
  std::optional<Day> best = jump.day;
  if (const auto dated = std::ranges::lower_bound(dated_, from, {}, &DatedPlan::day);
      dated != dated_.end() && (!best || dated->day < *best)) {
    best = dated->day;
  }
  if (const auto yearly = NextYearly(from); yearly && (!best || *yearly < *best)) {
    best = yearly;
  }
  return best;
}

std::optional<WorkingTime::Day> WorkingTime::PreviousSpecial(Day to, Jump& jump) const {
  if (!jump.known || (jump.day && *jump.day > to)) {
    jump = {true, PreviousJump(to)};
  }
  std::optional<Day> best = jump.day;
  if (const auto after = std::ranges::upper_bound(dated_, to, {}, &DatedPlan::day);
      after != dated_.begin() && (!best || std::prev(after)->day > *best)) {
    best = std::prev(after)->day;
  }
  if (const auto yearly = PreviousYearly(to); yearly && (!best || *yearly > *best)) {
    best = yearly;
  }
  return best;
}

// --- sums over days
// ---------------------------------------------------------------------------------------------------

// The measure of all days in [from, to).
std::int64_t WorkingTime::Sum(const Measure& measure, Day from, Day to, Effort* effort) const {
  if (from >= to) {
    return 0;
  }
  std::int64_t sum = PlainSum(measure.weekly, measure.week, from, to);
  Jump jump;
  for (auto special = NextSpecial(from, jump); special && *special < to;
       special = NextSpecial(*special + days{1}, jump)) {
    sum += measure.special(*this, *special) - measure.weekly[WeekdayOf(*special)];
    if (effort != nullptr) {
      ++effort->steps;
    }
  }
  return sum;
}

// The day from `from` on within which the running sum reaches `need` (>= 1).
std::optional<WorkingTime::Found> WorkingTime::Forward(const Measure& measure, Day from, std::int64_t need,
                                                       Effort* effort) const {
  Day horizon = from + kHorizon;
  if (measure.week == 0) {
    horizon = dated_.empty() ? from - days{1} : std::min(horizon, dated_.back().day);
  }
  Jump jump;
  for (Day day = from; day <= horizon;) {
    if (effort != nullptr) {
      ++effort->steps;
    }
    const auto special = NextSpecial(day, jump);
    const Day end = special ? std::min(*special, horizon + days{1}) : horizon + days{1};
    const std::int64_t plain = PlainSum(measure.weekly, measure.week, day, end);
    if (plain >= need) {
      day += kWeek * ((need - 1) / measure.week);
      need -= (need - 1) / measure.week * measure.week;
      for (; measure.weekly[WeekdayOf(day)] < need; day += days{1}) {
        need -= measure.weekly[WeekdayOf(day)];
      }
      return Found{day, need};
    }
    need -= plain;
    if (end > horizon) {
      return std::nullopt;
    }
    const std::int64_t here = measure.special(*this, end);
    if (here >= need) {
      return Found{end, need};
    }
    need -= here;
    day = end + days{1};
  }
  return std::nullopt;
}

// The mirror of Forward: from `from` back into the past.
std::optional<WorkingTime::Found> WorkingTime::Backward(const Measure& measure, Day from, std::int64_t need) const {
  Day horizon = from - kHorizon;
  if (measure.week == 0) {
    horizon = dated_.empty() ? from + days{1} : std::max(horizon, dated_.front().day);
  }
  Jump jump;
  for (Day day = from; day >= horizon;) {
    const auto special = PreviousSpecial(day, jump);
    const Day end = special ? std::max(*special, horizon - days{1}) : horizon - days{1};
    const std::int64_t plain = PlainSum(measure.weekly, measure.week, end + days{1}, day + days{1});
    if (plain >= need) {
      day -= kWeek * ((need - 1) / measure.week);
      need -= (need - 1) / measure.week * measure.week;
      for (; measure.weekly[WeekdayOf(day)] < need; day -= days{1}) {
        need -= measure.weekly[WeekdayOf(day)];
      }
      return Found{day, need};
    }
    need -= plain;
    if (end < horizon) {
      return std::nullopt;
    }
    const std::int64_t here = measure.special(*this, end);
    if (here >= need) {
      return Found{end, need};
    }
    need -= here;
    day = end - days{1};
  }
  return std::nullopt;
}

// --- questions
// --------------------------------------------------------------------------------------------------------

std::optional<Time> WorkingTime::Add(Time start, Micros amount, Effort* effort) const {
  const Day today = DayAt(start);
  for (const Span& span : SpansOf(today)) {
    const Time from = std::max(span.opens, start);
    if (from >= span.closes) {
      continue;
    }
    if (amount <= span.closes - from) {
      return from + amount;
    }
    amount -= span.closes - from;
  }
  const auto found = Forward(time_, today + days{1}, std::max<std::int64_t>(amount.count(), 1), effort);
  if (!found) {
    return std::nullopt;
  }
  Micros rest{amount.count() == 0 ? 0 : found->rest};
  for (const Span& span : SpansOf(found->day)) {
    if (rest <= span.closes - span.opens) {
      return span.opens + rest;
    }
    rest -= span.closes - span.opens;
  }
  return std::nullopt;
}

std::optional<Time> WorkingTime::Subtract(Time end, Micros amount) const {
  const Day today = DayAt(end);
  auto spans = SpansOf(today);
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    const Time to = std::min(span->closes, end);
    if (to <= span->opens) {
      continue;
    }
    if (amount <= to - span->opens) {
      return to - amount;
    }
    amount -= to - span->opens;
  }
  const auto found = Backward(time_, today - days{1}, std::max<std::int64_t>(amount.count(), 1));
  if (!found) {
    return std::nullopt;
  }
  Micros rest{amount.count() == 0 ? 0 : found->rest};
  spans = SpansOf(found->day);
  for (auto span = spans.rbegin(); span != spans.rend(); ++span) {
    if (rest <= span->closes - span->opens) {
      return span->closes - rest;
    }
    rest -= span->closes - span->opens;
  }
  return std::nullopt;
}

Micros WorkingTime::Within(Time from, Time to, Effort* effort) const {
  if (to < from) {
    return -Within(to, from, effort);
  }
  const Day first = DayAt(from);
  const Day last = DayAt(to);
  Micros sum{0};
  const auto add_day = [&](Day day) {
    for (const Span& span : SpansOf(day)) {
      sum += std::max(Micros{0}, std::min(span.closes, to) - std::max(span.opens, from));
    }
  };
  add_day(first);
  if (first != last) {
    add_day(last);
    sum += Micros{Sum(time_, first + days{1}, last, effort)};
  }
  return sum;
}

bool WorkingTime::IsOpen(Time at) const {
  return std::ranges::any_of(SpansOf(DayAt(at)), [&](const Span& s) { return s.opens <= at && at < s.closes; });
}

std::optional<Time> WorkingTime::NextClose(Time at) const {
  const auto open = NextOpen(at);
  if (!open) {
    return std::nullopt;
  }
  for (const Span& span : SpansOf(DayAt(*open))) {
    if (*open < span.closes) {
      return span.closes;
    }
  }
  return std::nullopt;
}

bool WorkingTime::IsWorkingDay(Date date) const { return !PlanOf(date.day).windows->empty(); }

std::optional<Date> WorkingTime::AddDays(Date date, int count) const {
  if (count == 0) {
    return date;
  }
  const bool forward = count > 0;
  const std::int64_t need = forward ? count : -static_cast<std::int64_t>(count);
  const auto base = forward ? Forward(dates_, date.day, 1, nullptr) : Backward(dates_, date.day, 1);
  if (!base) {
    return std::nullopt;
  }
  const auto found =
      forward ? Forward(dates_, base->day + days{1}, need, nullptr) : Backward(dates_, base->day - days{1}, need);
  return found ? std::optional(Date{found->day}) : std::nullopt;
}

std::int64_t WorkingTime::WorkingDaysBetween(Date from, Date to) const {
  if (to < from) {
    return -WorkingDaysBetween(to, from);
  }
  return Sum(dates_, from.day + days{1}, to.day + days{1}, nullptr);
}

// --- explaining
// -------------------------------------------------------------------------------------------------------

// The stretches of one date, cut to [from, to).
void WorkingTime::DescribeDay(Day day, Time from, Time to, std::vector<Stretch>& into) const {
  const Plan plan = PlanOf(day);
  Time at = std::max(from, Resolve(day, Seconds{0}));
  const Time end = std::min(to, Resolve(day + days{1}, Seconds{0}));
  for (const Span& span : SpansOf(day)) {
    const Time opens = std::clamp(span.opens, at, std::max(at, end));
    const Time closes = std::clamp(span.closes, opens, std::max(opens, end));
    Append(into, {at, opens, Micros{0}, plan.closed_why, std::string(plan.name)});
    Append(into, {opens, closes, closes - opens, Stretch::Why::kOpen, ""});
    at = closes;
  }
  Append(into, {at, end, Micros{0}, plan.closed_why, std::string(plan.name)});
}

std::vector<Stretch> WorkingTime::Stretches(Time from, Time to, int max_days) const {
  std::vector<Stretch> stretches;
  if (from >= to) {
    return stretches;
  }
  const Day first = DayAt(from);
  const Day last = DayAt(to);
  Day day = first;
  if (last - first > days{max_days}) {
    const days head{max_days / 2};
    for (; day < first + head; day += days{1}) {
      DescribeDay(day, from, to, stretches);
    }
    const Day tail = last - head;
    const Time begin = Resolve(day, Seconds{0});
    const Time end = Resolve(tail, Seconds{0});
    Append(stretches, {begin, end, Within(begin, end), Stretch::Why::kMixed, ""});
    day = tail;
  }
  for (; day <= last; day += days{1}) {
    DescribeDay(day, from, to, stretches);
  }
  return stretches;
}

}  // namespace propolis::sla
