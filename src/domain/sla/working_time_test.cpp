#include "domain/sla/working_time.h"

#include <gtest/gtest.h>

#include <random>

#include "base/corpora_test_support.h"
#include "domain/sla/sla_corpus_test_support.h"

namespace propolis::sla {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

Time At(std::string_view text) { return ParseTime(text).value(); }

// "mon-fri 08:00-13:00 14:00-18:00; sat 10:00-12:00"
Calendar Week(std::string zone, std::string_view first, std::string_view last,
              std::vector<std::pair<std::string_view, std::string_view>> windows) {
  Calendar calendar;
  calendar.zone = std::move(zone);
  const auto from = static_cast<int>(*FromName<Weekday>(first));
  const auto to = static_cast<int>(*FromName<Weekday>(last));
  for (int day = from;; day = (day + 1) % 7) {
    for (const auto& [opens, closes] : windows) {
      calendar.weekly.push_back({static_cast<Weekday>(day), *TimeOfDay::Parse(opens), *TimeOfDay::Parse(closes)});
    }
    if (day == to) {
      return calendar;
    }
  }
}

WorkingTime Made(const Calendar& calendar) { return WorkingTime::From(calendar).value(); }

std::string Show(std::optional<Time> time) { return time ? FormatTime(*time) : "never"; }

TEST(WorkingTime, AddsAsThePublicVectorsSay) {
  struct Row {
    Calendar calendar;
    std::string_view start;
    Micros amount;
    std::string_view due;
  };
  Calendar berlin = Week("Europe/Berlin", "mon", "fri", {{"08:00", "13:00"}, {"14:00", "18:00"}});
  Calendar always = AroundTheClock("Europe/Berlin");
  for (const auto day : {"01-01", "05-01", "12-24", "12-25", "12-26", "12-31"}) {
    always.holidays.push_back({std::nullopt, MonthDay::Parse(day), ""});
  }
  const Calendar eight = Week("Etc/UTC", "mon", "fri", {{"08:00", "18:00"}});
  const std::vector<Row> rows = {
      {eight, "2013-03-21T09:30:00Z", minutes{60}, "2013-03-21T10:30:00Z"},
      {eight, "2013-03-21T09:30:00Z", minutes{120}, "2013-03-21T11:30:00Z"},
      {eight, "2013-03-21T09:30:00Z", minutes{180}, "2013-03-21T12:30:00Z"},
      {berlin, "2015-03-27T11:00:00Z", hours{15}, "2015-03-31T07:00:00Z"},
      {always, "2015-02-17T11:00:00Z", days{730}, "2017-02-28T11:00:00Z"},
      {AroundTheClock("America/Sao_Paulo"), "2015-02-22T00:00:00Z", hours{5}, "2015-02-22T05:00:00Z"},
      {Week("Etc/UTC", "mon", "fri", {{"09:00", "17:00"}}), "2026-03-06T16:30:00Z", hours{1}, "2026-03-09T09:30:00Z"},
      {eight, "2026-03-03T16:00:00Z", hours{4}, "2026-03-04T10:00:00Z"},
      // Ends exactly at closing time: stays there.
      {eight, "2026-03-03T16:00:00Z", hours{2}, "2026-03-03T18:00:00Z"},
      {eight, "2026-03-03T18:00:00Z", Micros{0}, "2026-03-04T08:00:00Z"},
      {eight, "2026-03-07T12:00:00Z", Micros{0}, "2026-03-09T08:00:00Z"},
      {eight, "2026-03-03T17:59:59.500000Z", Seconds{1}, "2026-03-04T08:00:00.500000Z"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(Show(Made(row.calendar).Add(At(row.start), row.amount)), row.due) << row.start;
  }
}

TEST(WorkingTime, AClosedCalendarAnswersNever) {
  Calendar closed;
  EXPECT_EQ(Made(closed).Add(At("2026-01-01T00:00:00Z"), Seconds{1}), std::nullopt);
  EXPECT_EQ(Made(closed).NextOpen(At("2026-01-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(Made(closed).NextClose(At("2026-01-01T00:00:00Z")), std::nullopt);
  EXPECT_EQ(Made(closed).Subtract(At("2026-01-01T00:00:00Z"), Seconds{1}), std::nullopt);
  closed.exceptions.push_back(
      {*Date::Parse("2027-05-01"), "rescue", {{*TimeOfDay::Parse("10:00"), *TimeOfDay::Parse("11:00")}}});
  EXPECT_EQ(Show(Made(closed).NextOpen(At("2026-01-01T00:00:00Z"))), "2027-05-01T10:00:00Z");
  EXPECT_EQ(Show(Made(closed).Add(At("2026-01-01T00:00:00Z"), hours{1})), "2027-05-01T11:00:00Z");
  EXPECT_EQ(Show(Made(closed).Add(At("2026-01-01T00:00:00Z"), hours{2})), "never");
  EXPECT_EQ(Show(Made(AroundTheClock()).Add(At("2026-01-01T00:00:00Z"), days{366 * 300})), "never");
}

TEST(WorkingTime, AnExceptionBeatsAHolidayAndAHolidayTheWeek) {
  Calendar calendar = Week("Etc/UTC", "mon", "fri", {{"09:00", "17:00"}});
  calendar.holidays.push_back({*Date::Parse("2026-12-24"), std::nullopt, "Christmas Eve"});
  calendar.holidays.push_back({std::nullopt, MonthDay::Parse("12-25"), "Christmas"});
  calendar.exceptions.push_back(
      {*Date::Parse("2026-12-25"), "skeleton", {{*TimeOfDay::Parse("10:00"), *TimeOfDay::Parse("12:00")}}});
  const WorkingTime hours_of = Made(calendar);
  EXPECT_EQ(Show(hours_of.Add(At("2026-12-23T16:00:00Z"), hours{2})), "2026-12-25T11:00:00Z");
  EXPECT_EQ(hours_of.Within(At("2026-12-21T00:00:00Z"), At("2026-12-28T00:00:00Z")), hours{3 * 8 + 2});
  EXPECT_EQ(Show(hours_of.Add(At("2027-12-24T16:00:00Z"), hours{2})), "2027-12-27T10:00:00Z");
}

TEST(WorkingTime, BreaksAreTakenOutOfTheWeek) {
  Calendar calendar = Week("Etc/UTC", "mon", "fri", {{"09:00", "17:00"}});
  calendar.breaks.push_back({std::nullopt, *TimeOfDay::Parse("13:00"), *TimeOfDay::Parse("14:00")});
  calendar.breaks.push_back({Weekday::kFri, *TimeOfDay::Parse("16:00"), *TimeOfDay::Parse("18:00")});
  const WorkingTime hours_of = Made(calendar);
  EXPECT_EQ(hours_of.Within(At("2026-03-02T00:00:00Z"), At("2026-03-09T00:00:00Z")), hours{34});
  EXPECT_EQ(Show(hours_of.Add(At("2026-03-06T12:30:00Z"), hours{3})), "2026-03-09T09:30:00Z");
  EXPECT_EQ(Show(hours_of.Add(At("2026-03-06T12:30:00Z"), minutes{150})), "2026-03-06T16:00:00Z");
}

// Documented once: a reading stands for the first instant that shows it, or for the end of the leap over it.
TEST(WorkingTime, ResolvesRepeatedAndMissingReadingsOnce) {
  const auto night = [](std::string_view opens, std::string_view closes) {
    return Made(Week("Europe/Berlin", "sun", "sun", {{opens, closes}}));
  };
  const Time spring = At("2026-03-29T00:00:00Z");  // clock leaps from 02:00 to 03:00 at 01:00Z
  const Time autumn = At("2026-10-25T00:00:00Z");  // clock falls from 03:00 to 02:00 at 01:00Z
  EXPECT_EQ(night("01:00", "05:00").Within(spring - hours{2}, spring + hours{20}), hours{3});
  EXPECT_EQ(night("01:00", "05:00").Within(autumn - hours{2}, autumn + hours{20}), hours{5});
  EXPECT_EQ(night("02:15", "02:45").Within(spring - hours{2}, spring + hours{20}), hours{0});
  EXPECT_EQ(Show(night("02:30", "05:00").NextOpen(spring)), "2026-03-29T01:00:00Z");
  EXPECT_EQ(Show(night("02:30", "05:00").NextOpen(autumn)), "2026-10-25T00:30:00Z");
  EXPECT_EQ(Show(night("01:00", "02:30").NextClose(autumn)), "2026-10-25T00:30:00Z");
  EXPECT_FALSE(night("01:00", "02:30").IsOpen(At("2026-10-25T01:10:00Z")));  // 02:10 the second time
  EXPECT_TRUE(night("02:30", "05:00").IsOpen(At("2026-10-25T01:10:00Z")));
  // A date that a zone left out has no hours.
  const WorkingTime apia = Made(AroundTheClock("Pacific/Apia"));
  EXPECT_EQ(apia.Within(At("2011-12-30T00:00:00Z"), At("2011-12-31T12:00:00Z")), hours{36});
}

TEST(WorkingTime, CutsAtMidnightOfTheCalendarsZone) {
  Calendar calendar = AroundTheClock("America/Sao_Paulo");
  calendar.holidays.push_back({*Date::Parse("2026-06-04"), std::nullopt, "Corpus Christi"});
  const auto stretches = Made(calendar).Stretches(At("2026-06-03T12:00:00Z"), At("2026-06-05T12:00:00Z"));
  ASSERT_EQ(stretches.size(), 3U);
  EXPECT_EQ(Show(stretches[1].from), "2026-06-04T03:00:00Z");
  EXPECT_EQ(Show(stretches[1].to), "2026-06-05T03:00:00Z");
  EXPECT_EQ(stretches[1].why, Stretch::Why::kHoliday);
  EXPECT_EQ(stretches[1].name, "Corpus Christi");
}

// --- corpora
// ----------------------------------------------------------------------------------------------------------

void ExpectAllRight(const std::vector<corpus::Outcome>& outcomes) {
  EXPECT_GT(outcomes.size(), 20U);
  for (const auto& outcome : outcomes) {
    EXPECT_EQ(outcome.got, outcome.expected) << outcome.id;
  }
}

TEST(WorkingTime, AgreesWithTheCorpora) {
  const auto folder = Corpora("sla");
  if (!folder) {
    GTEST_SKIP() << "corpora not found: set PROPOLIS_CORPORA";
  }
  ExpectAllRight(corpus::RunOtobo(*folder / "working_time_otobo.jsonl"));
  ExpectAllRight(corpus::RunGem(*folder / "working_hours_gem.jsonl"));
}

// --- properties
// -------------------------------------------------------------------------------------------------------

// Calendars of every awkward sort, from one seed.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::int64_t Number(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }

  // `grain`: all times of day are multiples of it.
  Calendar MakeCalendar(Seconds grain) {
    static constexpr std::array kZones = {"Etc/UTC",          "Europe/Berlin", "America/Sao_Paulo",
                                          "America/St_Johns", "Asia/Tehran",   "Australia/Lord_Howe",
                                          "America/New_York", "Pacific/Apia",  "Africa/Casablanca",
                                          "Asia/Kathmandu"};
    Calendar calendar;
    calendar.zone = kZones[static_cast<std::size_t>(Number(0, kZones.size() - 1))];
    for (const auto& [day, name] : Names<Weekday>::kTable) {
      for (const auto& window : Windows(grain)) {
        calendar.weekly.push_back({day, window.opens, window.closes});
      }
    }
    for (std::int64_t i = Number(0, 4); i > 0; --i) {
      const Date date{base_ + days{Number(-20, 400)}};
      if (std::ranges::find(calendar.exceptions, date, &DatedException::date) == calendar.exceptions.end()) {
        calendar.exceptions.push_back({date, "", Windows(grain)});
      }
    }
    for (std::int64_t i = Number(0, 6); i > 0; --i) {
      calendar.holidays.push_back({Date{base_ + days{Number(-20, 400)}}, std::nullopt, ""});
      calendar.holidays.push_back({std::nullopt,
                                   MonthDay{std::chrono::month{static_cast<unsigned>(Number(1, 12))} /
                                            std::chrono::day{static_cast<unsigned>(Number(1, 28))}},
                                   ""});
    }
    return calendar;
  }

  Time Moment(Micros grain) {
    const std::int64_t span = Micros{days{400}} / grain;
    return Time{base_.time_since_epoch()} + Number(0, span) * grain;
  }

 private:
  std::vector<DayWindow> Windows(Seconds grain) {
    std::vector<DayWindow> windows;
    if (Number(0, 4) == 0) {
      return windows;
    }
    std::set<std::int64_t> edges;
    for (std::int64_t i = 2 * Number(1, 3); i > 0; --i) {
      edges.insert(Number(0, Seconds{days{1}} / grain));
    }
    for (auto edge = edges.begin(); edge != edges.end() && std::next(edge) != edges.end(); std::advance(edge, 1)) {
      if (Number(0, 2) != 0) {
        windows.push_back({TimeOfDay{*edge * grain}, TimeOfDay{*std::next(edge) * grain}});
      }
    }
    return windows;
  }

  std::mt19937_64 random_;
  std::chrono::local_days base_{std::chrono::year{2015} / 1 / 1};
};

TEST(WorkingTime, AddAndWithinAreEachOthersMirror) {
  Generator generator(4711);
  int answered = 0;
  for (int round = 0; round < 1000; ++round) {
    const WorkingTime hours_of = Made(generator.MakeCalendar(Seconds{1}));
    const Time start = generator.Moment(Micros{1});
    const Micros amount{generator.Number(0, 1) == 0 ? generator.Number(0, 90'000'000'000)
                                                    : generator.Number(0, 9'000'000'000'000)};
    if (const auto due = hours_of.Add(start, amount)) {
      ++answered;
      EXPECT_GE(*due, start);
      EXPECT_EQ(hours_of.Within(start, *due), amount) << FormatTime(start) << " + " << amount.count();
      // The earliest such instant: a microsecond less is short.
      if (amount > Micros{0}) {
        EXPECT_LT(hours_of.Within(start, *due - Micros{1}), amount);
      } else {
        EXPECT_TRUE(hours_of.IsOpen(*due));
      }
    }
    if (const auto begin = hours_of.Subtract(start, amount)) {
      EXPECT_EQ(hours_of.Within(*begin, start), amount) << FormatTime(start) << " - " << amount.count();
    }
  }
  EXPECT_GT(answered, 600);
}

TEST(WorkingTime, IsMonotonousAndAddsUpHoweverItIsCut) {
  Generator generator(99);
  for (int round = 0; round < 600; ++round) {
    const WorkingTime hours_of = Made(generator.MakeCalendar(Seconds{1}));
    std::array<Time, 3> at = {generator.Moment(Micros{1}), generator.Moment(Micros{1}), generator.Moment(Micros{1})};
    std::ranges::sort(at);
    EXPECT_EQ(hours_of.Within(at[0], at[1]) + hours_of.Within(at[1], at[2]), hours_of.Within(at[0], at[2]));
    EXPECT_EQ(hours_of.Within(at[2], at[0]), -hours_of.Within(at[0], at[2]));
    const Micros small{generator.Number(0, 90'000'000'000)};
    const Micros large = small + Micros{generator.Number(0, 90'000'000'000)};
    const auto first = hours_of.Add(at[0], small);
    if (const auto second = hours_of.Add(at[0], large)) {
      ASSERT_TRUE(first);
      EXPECT_LE(*first, *second);
      EXPECT_EQ(hours_of.Add(*first, large - small), large == small ? hours_of.NextOpen(*first) : second);
    }
    Micros told{0};
    Time end = at[0];
    for (const Stretch& stretch : hours_of.Stretches(at[0], at[2])) {
      EXPECT_EQ(stretch.from, end);
      end = stretch.to;
      told += stretch.counted;
    }
    EXPECT_EQ(end, at[2]);
    EXPECT_EQ(told, hours_of.Within(at[0], at[2]));
  }
}

// The slow way: every minute asked for itself, by nothing but the zone's reading of the clock.
class Walker {
 public:
  explicit Walker(const Calendar& calendar) : calendar_(calendar), zone_(date::locate_zone(calendar.zone)) {}

  // Worked minutes in [from, to).
  std::int64_t Within(Time from, Time to) const {
    std::int64_t worked = 0;
    // The furthest reading the clock has shown: a repeated hour opens and closes nothing.
    date::local_seconds shown{};
    for (Time at = from - days{2}; at < to; at += minutes{1}) {
      shown = std::max(shown, zone_->to_local(std::chrono::floor<Seconds>(at)));
      if (at >= from && Open(shown)) {
        ++worked;
      }
    }
    return worked;
  }

 private:
  bool Open(date::local_seconds shown) const {
    const auto day = std::chrono::floor<days>(shown.time_since_epoch());
    const TimeOfDay reading{shown.time_since_epoch() - day};
    const Date date{std::chrono::local_days{day}};
    const auto in = [&](const auto& window) { return window.opens <= reading && reading < window.closes; };
    for (const auto& exception : calendar_.exceptions) {
      if (exception.date == date) {
        return std::ranges::any_of(exception.windows, in);
      }
    }
    const std::chrono::year_month_day ymd{date.day};
    for (const auto& holiday : calendar_.holidays) {
      if (holiday.date == date || (holiday.yearly && holiday.yearly->day == ymd.month() / ymd.day())) {
        return false;
      }
    }
    const auto weekday = static_cast<Weekday>(std::chrono::weekday{date.day}.c_encoding());
    return std::ranges::any_of(calendar_.weekly, [&](const auto& w) { return w.day == weekday && in(w); });
  }

  const Calendar& calendar_;
  const date::time_zone* zone_;
};

TEST(WorkingTime, AgreesWithTheMinuteWalker) {
  Generator generator(20260101);
  // Around the jumps of each zone in 2015, and anywhere.
  const std::vector<Time> starts = {At("2015-02-20T00:00:00Z"), At("2015-03-06T00:00:00Z"), At("2015-03-20T00:00:00Z"),
                                    At("2015-03-27T00:00:00Z"), At("2015-04-03T00:00:00Z"), At("2015-09-20T00:00:00Z"),
                                    At("2015-10-02T00:00:00Z"), At("2015-10-16T00:00:00Z"), At("2015-10-23T00:00:00Z"),
                                    At("2015-10-30T00:00:00Z")};
  for (int round = 0; round < 90; ++round) {
    const Calendar calendar = generator.MakeCalendar(minutes{1});
    const Time start =
        round % 3 == 0 ? generator.Moment(minutes{1})
                       : starts[static_cast<std::size_t>(generator.Number(0, 9))] + minutes{generator.Number(0, 2880)};
    const Time end = start + minutes{generator.Number(0, 3 * 1440)};
    EXPECT_EQ(Made(calendar).Within(start, end), minutes{Walker(calendar).Within(start, end)})
        << calendar.zone << " " << FormatTime(start) << " " << FormatTime(end) << " " << dto::ToJson(calendar);
  }
}

TEST(WorkingTime, TenYearsCostAFewStepsNotDays) {
  Calendar calendar = Week("Europe/Madrid", "mon", "fri", {{"09:00", "14:00"}, {"15:00", "18:00"}});
  for (const auto day : {"01-01", "01-06", "05-01", "08-15", "10-12", "11-01", "12-06", "12-08", "12-25"}) {
    calendar.holidays.push_back({std::nullopt, MonthDay::Parse(day), ""});
  }
  const WorkingTime hours_of = Made(calendar);
  const Time start = At("2026-01-07T12:00:00Z");
  const Time end = At("2036-01-07T12:00:00Z");
  Effort within;
  const Micros amount = hours_of.Within(start, end, &within);
  EXPECT_GT(amount, hours{8 * 2400});
  EXPECT_LE(within.steps, 10 * (9 + 4));
  Effort add;
  EXPECT_EQ(hours_of.Add(start, amount, &add), end);
  EXPECT_LE(add.steps, 10 * (9 + 4) + 1);
  Effort plain;
  EXPECT_TRUE(Made(Week("Etc/UTC", "mon", "fri", {{"09:00", "17:00"}})).Add(start, amount, &plain));
  EXPECT_EQ(plain.steps, 1);
}

TEST(WorkingTime, CountsWholeDays) {
  Calendar calendar = Week("Etc/UTC", "mon", "fri", {{"09:00", "17:00"}});
  calendar.holidays.push_back({*Date::Parse("2026-03-04"), std::nullopt, ""});
  const WorkingTime hours_of = Made(calendar);
  const auto add = [&](std::string_view date, int count) {
    return hours_of.AddDays(*Date::Parse(date), count)->ToString();
  };
  EXPECT_EQ(add("2026-03-02", 0), "2026-03-02");
  EXPECT_EQ(add("2026-03-02", 1), "2026-03-03");
  EXPECT_EQ(add("2026-03-02", 2), "2026-03-05");
  EXPECT_EQ(add("2026-03-04", 1), "2026-03-06");
  EXPECT_EQ(add("2026-03-05", -1), "2026-03-03");
  EXPECT_EQ(hours_of.WorkingDaysBetween(*Date::Parse("2026-03-02"), *Date::Parse("2026-03-09")), 4);
  EXPECT_EQ(hours_of.WorkingDaysBetween(*Date::Parse("2026-03-09"), *Date::Parse("2026-03-02")), -4);
}

// --- data
// -------------------------------------------------------------------------------------------------------------

TEST(Calendar, NamesEveryWrongField) {
  const auto wrong = [](std::string_view body) {
    const auto calendar = dto::Parse<Calendar>(body);
    if (!calendar) {
      return Describe(calendar.error());
    }
    const auto made = WorkingTime::From(*calendar);
    return made ? std::string("fine") : Describe(made.error());
  };
  EXPECT_EQ(wrong(R"({"zone":"Europe/Madrid","weekly":[{"day":"mon","opens":"09:00","closes":"24:00"}]})"), "fine");
  EXPECT_EQ(wrong(R"({"zone":"Europe/Atlantis"})"), "invalid: error.invalid [zone: field.not_zone]");
  EXPECT_EQ(wrong(R"({"zone":"Etc/UTC","weekly":[{"day":"mon","opens":"09:00","closes":"24:01"}]})"),
            "invalid: error.invalid [weekly/0/closes: field.not_time_of_day]");
  EXPECT_EQ(wrong(R"({"zone":"Etc/UTC","weekly":[{"day":"mon","opens":"10:00","closes":"12:00"},
                     {"day":"mon","opens":"12:00","closes":"13:00"},{"day":"mon","opens":"09:00","closes":"10:00:01"},
                     {"day":"tue","opens":"10:00","closes":"10:00"}]})"),
            "invalid: error.invalid [weekly/0/opens: calendar.overlap] "
            "[weekly/3/closes: calendar.closes_before_opens]");
  EXPECT_EQ(wrong(R"({"zone":"Etc/UTC","exceptions":[{"date":"2026-02-28"},{"date":"2026-02-28"}],
                     "holidays":[{"name":"x"},{"date":"2026-02-28","yearly":"02-28"}]})"),
            "invalid: error.invalid [exceptions/1/date: calendar.date_twice] "
            "[holidays/0: calendar.holiday_date_or_yearly] [holidays/1: calendar.holiday_date_or_yearly]");
  EXPECT_EQ(wrong(R"({"zone":"Etc/UTC","holidays":[{"yearly":"02-30"}],"exceptions":[{"date":"2026-02-29"}]})"),
            "invalid: error.invalid [holidays/0/yearly: field.not_month_day] [exceptions/0/date: field.not_date]");
}

TEST(Calendar, WritesWhatItReads) {
  const std::string text =
      R"({"zone":"Etc/UTC","weekly":[{"day":"sun","opens":"00:00","closes":"24:00"}],"breaks":[{"opens":"12:00:30",)"
      R"("closes":"13:00"}],"exceptions":[{"date":"2026-02-28","name":"x","windows":[]}],)"
      R"("holidays":[{"yearly":"02-29","name":""}],)"
      R"("holiday_sets":[{"country":"ES","region":"AN","optional":true}]})";
  EXPECT_EQ(dto::ToJson(dto::Parse<Calendar>(text).value()), text);
}

}  // namespace
}  // namespace propolis::sla
