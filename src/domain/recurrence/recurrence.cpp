#include "domain/recurrence/recurrence.h"

#include <algorithm>
#include <set>

namespace propolis::recurrence {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::seconds;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr int kLastYear = 9999;

bool Holds(const std::vector<int>& list, int value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

// Whether `from_start` (from 1) of `size` is in a list that may count from the end.
bool HoldsEitherWay(const std::vector<int>& list, int from_start, int size) {
  return list.empty() || Holds(list, from_start) || Holds(list, from_start - size - 1);
}

local_days NewYear(int of) { return local_days{year{of} / 1 / 1}; }

// The first day of the week-numbered year: its first week has at least four days of it.
local_days FirstWeek(int of, weekday week_start) {
  const local_days new_year = NewYear(of);
  const days into = weekday{new_year} - week_start;
  return into <= days{3} ? new_year - into : new_year + days{7} - into;
}

int WeekYear(local_days day, weekday week_start) {
  const int of = static_cast<int>(year_month_day{day}.year());
  if (day >= FirstWeek(of + 1, week_start)) {
    return of + 1;
  }
  return day < FirstWeek(of, week_start) ? of - 1 : of;
}

class Walk {
 public:
  Walk(const Rule& rule, Reading start)
      : rule_(rule), start_(start), start_day_(std::chrono::floor<days>(start)), time_(start - start_day_) {
    FillDefaults();
  }

  // Readings of the next period that has any, in order; empty: the rule is at its end.
  std::vector<Reading> Next() {
    for (int tries = 0; tries < kPatience; ++tries) {
      std::vector<Reading> set = Period();
      if (over_) {
        return {};
      }
      if (!set.empty()) {
        return set;
      }
    }
    return {};
  }

 private:
  // What a rule leaves open is as in the start (RFC 5545, 3.3.10, "Information, not contained in the rule ...").
  void FillDefaults() {
    const year_month_day date{start_day_};
    const bool days_chosen = !rule_.by_day.empty() || !rule_.by_month_day.empty() || !rule_.by_year_day.empty();
    const bool week_or_month = !rule_.by_week_number.empty() || !rule_.by_month.empty();
    if (rule_.frequency == Frequency::kYearly && rule_.by_day.empty() && rule_.by_year_day.empty() && !week_or_month) {
      rule_.by_month.push_back(static_cast<int>(static_cast<unsigned>(date.month())));
    }
    if (rule_.frequency == Frequency::kYearly && !days_chosen) {
      if (!rule_.by_week_number.empty()) {
        rule_.by_day.push_back({0, weekday{start_day_}});
      } else {
        rule_.by_month_day.push_back(static_cast<int>(static_cast<unsigned>(date.day())));
      }
    } else if (rule_.frequency == Frequency::kMonthly && !days_chosen) {
      rule_.by_month_day.push_back(static_cast<int>(static_cast<unsigned>(date.day())));
    } else if (rule_.frequency == Frequency::kWeekly && rule_.by_day.empty()) {
      rule_.by_day.push_back({0, weekday{start_day_}});
    }
    const std::chrono::hh_mm_ss time{time_};
    if (rule_.frequency > Frequency::kHourly && rule_.by_hour.empty()) {
      rule_.by_hour.push_back(static_cast<int>(time.hours().count()));
    }
    if (rule_.frequency > Frequency::kMinutely && rule_.by_minute.empty()) {
      rule_.by_minute.push_back(static_cast<int>(time.minutes().count()));
    }
    if (rule_.frequency > Frequency::kSecondly && rule_.by_second.empty()) {
      rule_.by_second.push_back(static_cast<int>(time.seconds().count()));
    }
  }

  std::vector<Reading> Period() {
    switch (rule_.frequency) {
      case Frequency::kYearly:
        return YearPeriod();
      case Frequency::kMonthly:
        return MonthPeriod();
      case Frequency::kWeekly: {
        const local_days monday = start_day_ - (weekday{start_day_} - rule_.week_start);
        return DaysPeriod(monday + days{7} * (step_++ * rule_.interval), days{7});
      }
      case Frequency::kDaily:
        return DaysPeriod(start_day_ + days{1} * (step_++ * rule_.interval), days{1});
      case Frequency::kHourly:
        return TimePeriod(hours{1});
      case Frequency::kMinutely:
        return TimePeriod(minutes{1});
      case Frequency::kSecondly:
        return TimePeriod(seconds{1});
    }
    return {};
  }

  std::vector<Reading> YearPeriod() {
    const bool by_week = !rule_.by_week_number.empty();
    const int first =
        by_week ? WeekYear(start_day_, rule_.week_start) : static_cast<int>(year_month_day{start_day_}.year());
    const std::int64_t of = first + step_++ * rule_.interval;
    if (of > kLastYear) {
      over_ = true;
      return {};
    }
    const int in = static_cast<int>(of);
    const local_days begin = by_week ? FirstWeek(in, rule_.week_start) : NewYear(in);
    const local_days end = by_week ? FirstWeek(in + 1, rule_.week_start) : NewYear(in + 1);
    return DaysPeriod(begin, end - begin);
  }

  std::vector<Reading> MonthPeriod() {
    const year_month_day date{start_day_};
    const year_month first{date.year(), date.month()};
    const std::int64_t ahead = step_++ * rule_.interval;
    if (ahead > kLastYear * 12) {
      over_ = true;
      return {};
    }
    const year_month of = first + months{static_cast<int>(ahead)};
    const local_days begin{of / 1};
    return DaysPeriod(begin, local_days{(of + months{1}) / 1} - begin);
  }

  std::vector<Reading> DaysPeriod(local_days begin, days length) {
    std::vector<Reading> set;
    if (year_month_day{begin}.year() > year{kLastYear} || (rule_.until && begin > *rule_.until)) {
      over_ = true;
      return set;
    }
    for (local_days day = begin; day < begin + length; day += days{1}) {
      if (IsDay(day)) {
        AddTimes(day, rule_.by_hour, rule_.by_minute, rule_.by_second, set);
      }
    }
    return Positions(std::move(set));
  }

  // One hour, minute or second of the rule; what its lists refuse as a whole is passed at once.
  std::vector<Reading> TimePeriod(seconds unit) {
    const seconds step = unit * rule_.interval;
    const Reading at = Floor(start_, unit) + step * step_;
    const local_days day = std::chrono::floor<days>(at);
    if (year_month_day{day}.year() > year{kLastYear} || (rule_.until && at > *rule_.until)) {
      over_ = true;
      return {};
    }
    const std::chrono::hh_mm_ss time{at - day};
    const int hour = static_cast<int>(time.hours().count());
    const int minute = static_cast<int>(time.minutes().count());
    const int second = static_cast<int>(time.seconds().count());
    const auto pass = [&](Reading to) { step_ += std::max<std::int64_t>(1, ((to - at) + step - seconds{1}) / step); };
    if (!IsDay(day)) {
      pass(day + days{1});
      return {};
    }
    if (!Holds(rule_.by_hour, hour)) {
      pass(Floor(at, hours{1}) + hours{1});
      return {};
    }
    if (unit < hours{1} && !Holds(rule_.by_minute, minute)) {
      pass(Floor(at, minutes{1}) + minutes{1});
      return {};
    }
    ++step_;
    if (unit < minutes{1} && !Holds(rule_.by_second, second)) {
      return {};
    }
    std::vector<Reading> set;
    AddTimes(day, {hour}, unit < hours{1} ? std::vector{minute} : rule_.by_minute,
             unit < minutes{1} ? std::vector{second} : rule_.by_second, set);
    return Positions(std::move(set));
  }

  static Reading Floor(Reading at, seconds unit) { return at - (at.time_since_epoch() % unit + unit) % unit; }

  static void AddTimes(local_days day, const std::vector<int>& by_hour, const std::vector<int>& by_minute,
                       const std::vector<int>& by_second, std::vector<Reading>& into) {
    for (const int hour : by_hour) {
      for (const int minute : by_minute) {
        for (const int second : by_second) {
          into.push_back(day + hours{hour} + minutes{minute} + seconds{second});
        }
      }
    }
  }

  [[nodiscard]] bool IsDay(local_days day) const {
    const year_month_day date{day};
    const int of = static_cast<int>(date.year());
    const int month_number = static_cast<int>(static_cast<unsigned>(date.month()));
    const local_days month_begin{date.year() / date.month() / 1};
    const local_days month_end{(year_month{date.year(), date.month()} + months{1}) / 1};
    return Holds(rule_.by_month, month_number) &&
           HoldsEitherWay(rule_.by_month_day, Place(day, month_begin), Size(month_begin, month_end)) &&
           HoldsEitherWay(rule_.by_year_day, Place(day, NewYear(of)), Size(NewYear(of), NewYear(of + 1))) &&
           IsWeek(day) && IsWeekday(day, month_begin, month_end);
  }

  static int Place(local_days day, local_days begin) { return static_cast<int>((day - begin).count()) + 1; }
  static int Size(local_days begin, local_days end) { return static_cast<int>((end - begin).count()); }

  [[nodiscard]] bool IsWeek(local_days day) const {
    if (rule_.by_week_number.empty()) {
      return true;
    }
    const int of = WeekYear(day, rule_.week_start);
    const local_days begin = FirstWeek(of, rule_.week_start);
    return HoldsEitherWay(rule_.by_week_number, Place(day, begin) / 7 + (Place(day, begin) % 7 == 0 ? 0 : 1),
                          Size(begin, FirstWeek(of + 1, rule_.week_start)) / 7);
  }

  // The nth of a month where months are chosen, else of the year; only in monthly and yearly rules.
  [[nodiscard]] bool IsWeekday(local_days day, local_days month_begin, local_days month_end) const {
    if (rule_.by_day.empty()) {
      return true;
    }
    const bool in_month = rule_.frequency == Frequency::kMonthly || !rule_.by_month.empty();
    const int of = static_cast<int>(year_month_day{day}.year());
    const local_days begin = in_month ? month_begin : NewYear(of);
    const local_days end = in_month ? month_end : NewYear(of + 1);
    const int from_start = (Place(day, begin) - 1) / 7 + 1;
    const int from_end = -((Size(day, end) - 1) / 7 + 1);
    return std::ranges::any_of(rule_.by_day, [&](const WeekdayNumber& chosen) {
      return chosen.day == weekday{day} && (chosen.nth == 0 || chosen.nth == from_start || chosen.nth == from_end);
    });
  }

  // In order, each once, and of them those that BYSETPOS names.
  [[nodiscard]] std::vector<Reading> Positions(std::vector<Reading> set) const {
    std::ranges::sort(set);
    const auto repeated = std::ranges::unique(set);
    set.erase(repeated.begin(), repeated.end());
    if (rule_.by_position.empty()) {
      return set;
    }
    std::vector<Reading> chosen;
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (HoldsEitherWay(rule_.by_position, static_cast<int>(i) + 1, static_cast<int>(set.size()))) {
        chosen.push_back(set[i]);
      }
    }
    return chosen;
  }

  Rule rule_;
  Reading start_;
  local_days start_day_;
  seconds time_;
  std::int64_t step_ = 0;
  bool over_ = false;
};

}  // namespace

std::vector<Reading> Occurrences(const Rule& rule, Reading start, Reading from, std::size_t most) {
  std::vector<Reading> found;
  Walk walk(rule, start);
  int counted = 0;
  int passed = 0;
  while (true) {
    const std::vector<Reading> set = walk.Next();
    if (set.empty() || passed > kPatience) {
      return found;
    }
    for (const Reading at : set) {
      if (at < start) {
        continue;
      }
      if ((rule.until && at > *rule.until) || (rule.count && counted++ >= *rule.count) || found.size() >= most) {
        return found;
      }
      if (at >= from) {
        found.push_back(at);
      }
      passed += at < from ? 1 : 0;
    }
  }
}

}  // namespace propolis::recurrence
