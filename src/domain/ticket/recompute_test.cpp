#include "domain/ticket/recompute.h"

#include "domain/calendars/calendar_queries.h"
#include "domain/ticket/clock_desk_test_support.h"
#include "domain/ticket/clocks.h"

namespace propolis::ticket {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

class RecomputeTest : public ClockDeskTest {
 protected:
  Result<calendars::Calendar> Edit(std::vector<calendars::Day> week, std::optional<Time> from = {}) {
    calendars::CalendarChange change;
    change.week = std::move(week);
    change.applies_from = from;
    return desk_.store->Write([&](store::WriteTx& tx) {
      return calendars::ChangeCalendar(tx, auth::SystemActor(), calendar_, change, std::nullopt);
    });
  }
  // What a job does that asks for it.
  void RunJobs() {
    jobs::WorkerOptions options;
    options.clock = desk_.store.clock;
    jobs::Worker worker(*desk_.store, options);
    HandleHoursChanged(worker, *desk_.store);
    ASSERT_TRUE(worker.RunDue());
  }
  Time Now() { return desk_.store.clock->Now(); }

  // Open on no day of the week.
  const std::vector<calendars::Day> never_;
};

TEST_F(RecomputeTest, OtherHoursMoveTheDeadlinesOfOpenTicketsFromNowOn) {
  const auto due = desk_.Load(number_).due_at;
  ASSERT_EQ(due, Now() + hours(1));
  desk_.store.clock->Advance(minutes(20));
  ASSERT_TRUE(Edit(never_));
  EXPECT_EQ(desk_.Load(number_).due_at, due) << "not before the job ran";
  RunJobs();
  EXPECT_EQ(desk_.Load(number_).due_at, std::nullopt) << "the desk never opens again";
  desk_.store.clock->Advance(days(2));
  EXPECT_FALSE(Due());
  const auto clocks = desk_.store->Read([&](store::ReadTx& tx) { return ClocksOf(tx, number_, Now(), true); }).value();
  EXPECT_EQ(clocks.at(0).elapsed, 20 * 60) << "what was counted by the old hours stays";
}

TEST_F(RecomputeTest, HoursThatApplyLaterCountThenOnly) {
  desk_.store.clock->Advance(minutes(1));
  ASSERT_TRUE(Edit(never_, Now() + minutes(30)));
  RunJobs();
  EXPECT_EQ(desk_.Load(number_).due_at, std::nullopt) << "31 of its 60 minutes are left when the desk closes for good";
  const auto later = Open();
  desk_.store.clock->Advance(minutes(29));
  const auto clocks = desk_.store->Read([&](store::ReadTx& tx) { return ClocksOf(tx, later, Now(), false); }).value();
  EXPECT_EQ(clocks.at(0).elapsed, 29 * 60) << "a ticket that comes before counts by the old hours until then";
}

TEST_F(RecomputeTest, ACalendarSaysFromWhenItsHoursCountAndIsOpenByThoseBefore) {
  const auto waiting = Edit(never_, Now() + days(3));
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->applies_from, Now() + days(3));
  EXPECT_TRUE(waiting->open_now);
  desk_.store.clock->Advance(days(3));
  const auto later = desk_.store->Read(
      [&](store::ReadTx& tx) { return calendars::GetCalendar(tx, auth::SystemActor(), calendar_, Now()); });
  EXPECT_EQ(later->applies_from, std::nullopt);
  EXPECT_FALSE(later->open_now);
}

TEST_F(RecomputeTest, HoursCannotBePutBeforeOthersOrIntoThePast) {
  ASSERT_TRUE(Edit(never_, Now() + days(3)));
  const auto before = Edit(never_, Now() + days(2));
  ASSERT_FALSE(before);
  ASSERT_EQ(before.error().fields.size(), 1U);
  EXPECT_EQ(before.error().fields[0].field, "applies_from");
  EXPECT_FALSE(Edit(never_, Now() - minutes(1)));
  EXPECT_TRUE(Edit(never_, Now() + days(4)));
}

TEST_F(RecomputeTest, WhatWasReachedUnderTheOldHoursIsToldFirst) {
  desk_.store.clock->Advance(minutes(50));
  ASSERT_TRUE(Edit(never_));
  RunJobs();
  EXPECT_EQ(Steps(), std::vector<std::string>{"first_response/1 80% late"});
}

TEST_F(RecomputeTest, AnEndedTicketIsLeftAsItIs) {
  Do([&](store::WriteTx& tx) {
    return Move(tx, ana_, number_, {.to = TicketState::kSpam, .reason = {}, .until = {}, .into = {}}, std::nullopt);
  });
  const auto before = desk_.Count("SELECT sum(elapsed) FROM clock");
  desk_.store.clock->Advance(minutes(10));
  ASSERT_TRUE(Edit(never_));
  RunJobs();
  EXPECT_EQ(desk_.Count("SELECT sum(elapsed) FROM clock"), before);
}

TEST_F(RecomputeTest, GoesThroughAllInPortions) {
  for (int i = 0; i < 4; ++i) {
    Open();
  }
  ASSERT_TRUE(Edit(never_));
  std::optional<std::int64_t> after = 0;
  int portions = 0;
  for (; after; ++portions) {
    after = desk_.store->Write([&](store::WriteTx& tx) { return RecomputeOpen(tx, calendar_, *after, 2); }).value();
  }
  EXPECT_EQ(portions, 4) << "two, two, one, none";
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM ticket WHERE due_at IS NOT NULL"), 0);
}

}  // namespace
}  // namespace propolis::ticket
