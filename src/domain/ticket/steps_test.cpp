#include "domain/ticket/steps.h"

#include <gtest/gtest.h>

#include "domain/ticket/clock_desk_test_support.h"

namespace propolis::ticket {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class ClockStepTest : public ClockDeskTest {
 protected:
  using Told = std::vector<std::string>;
};

TEST_F(ClockStepTest, AWarningAndABreachHappenOnceEach) {
  EXPECT_FALSE(Due());
  desk_.store.clock->Advance(minutes(48));
  EXPECT_TRUE(Due());
  EXPECT_EQ(Acts(), 1);
  EXPECT_EQ(Steps(), Told{"first_response/1 80%"});
  EXPECT_FALSE(Due());
  desk_.store.clock->Advance(minutes(12));
  EXPECT_FALSE(Due()) << "an answer at the due time itself is in time";
  desk_.store.clock->Advance(Micros(1));
  EXPECT_EQ(Acts(), 1);
  EXPECT_EQ(Steps(), (Told{"first_response/1 80%", "first_response/1 breach"}));
  EXPECT_EQ(desk_.Load(number_).due_state, "breached");
  EXPECT_EQ(Acts(), 0);
}

TEST_F(ClockStepTest, TimeAloneIsNobodysChange) {
  const auto before = desk_.Load(number_);
  desk_.store.clock->Advance(hours(2));
  Acts();
  EXPECT_EQ(desk_.Load(number_).version, before.version);
  EXPECT_EQ(desk_.Load(number_).updated_at, before.updated_at);
}

TEST_F(ClockStepTest, AfterATimeWithoutTheDeskEverythingHappensOnceAndIsToldAsLate) {
  desk_.store.clock->Advance(hours(9));
  EXPECT_EQ(Acts(), 1);
  EXPECT_EQ(Steps(), (Told{"first_response/1 80% late", "first_response/1 breach late", "resolution/1 80% late"}));
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM audit WHERE act IN ('clock.step', 'clock.breach')"), 3);
}

TEST_F(ClockStepTest, WhatHappensBeforeTheTimerLooksLosesNoStep) {
  desk_.store.clock->Advance(minutes(48));
  WriteNote();
  EXPECT_EQ(Acts(), 0);
  EXPECT_EQ(Steps(), Told{"first_response/1 80%"});
}

TEST_F(ClockStepTest, AStepReachedBeforeTheAnswerIsWrittenDownAheadOfIt) {
  desk_.store.clock->Advance(minutes(48));
  Answer();
  EXPECT_EQ(Acts(), 0);
  EXPECT_EQ(Steps(), Told{"first_response/1 80%"});
}

TEST_F(ClockStepTest, ARefusedCommandTellsNothingYet) {
  desk_.store.clock->Advance(minutes(48));
  const auto refused = desk_.store->Write([&](store::WriteTx& tx) {
    return Move(tx, ana_, number_, {.to = TicketState::kClosed, .reason = {}, .until = {}, .into = {}}, std::nullopt);
  });
  EXPECT_FALSE(refused);
  EXPECT_EQ(Steps(), Told{});
  EXPECT_EQ(Acts(), 1);
}

TEST_F(ClockStepTest, AClockSetBackRepeatsNothing) {
  desk_.store.clock->Advance(minutes(49));
  Acts();
  desk_.store.clock->Advance(-minutes(30));
  WriteNote();
  Acts();
  desk_.store.clock->Advance(minutes(30));
  Acts();
  EXPECT_EQ(Steps(), Told{"first_response/1 80%"});
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM audit WHERE act = 'clock.step'"), 1);
}

TEST_F(ClockStepTest, ADeadlineThatAPauseMovesIsNotActedOn) {
  desk_.store.clock->Advance(minutes(10));
  Answer();
  Do([&](store::WriteTx& tx) {
    return Move(tx, ana_, number_, {.to = TicketState::kWaitingCustomer, .reason = {}, .until = {}, .into = {}},
                std::nullopt);
  });
  desk_.store.clock->Advance(hours(48));
  EXPECT_FALSE(Due());
}

TEST_F(ClockStepTest, AChangedTargetCallsNobodyForWhatLiesInThePast) {
  desk_.store.clock->Advance(hours(7));
  Do([&](store::WriteTx& tx) {
    UpdateTicket change;
    change.priority_override = {.given = true, .value = PriorityOverride{Priority::kP1, "the board asks"}};
    return Update(tx, auth::SystemActor(), number_, change, std::nullopt);
  });
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM clock WHERE kind = 'resolution' AND state = 'breached'"), 1);
  EXPECT_FALSE(Due());
  EXPECT_EQ(Steps(), (Told{"first_response/1 80% late", "first_response/1 breach late"}));
}

TEST_F(ClockStepTest, ManyAreTakenInPortionsTheLongestWaitingFirst) {
  for (int i = 0; i < 6; ++i) {
    desk_.store.clock->Advance(minutes(1));
    Open();
  }
  desk_.store.clock->Advance(minutes(50));
  const auto act = [&](int most) {
    return desk_.store->Write([&](store::WriteTx& tx) { return ActOnDueSteps(tx, most); }).value();
  };
  EXPECT_EQ(act(4), 4);
  EXPECT_EQ(desk_.Count("SELECT max(ticket) FROM clock_step"), number_ + 3);
  EXPECT_EQ(act(4), 3);
  EXPECT_EQ(act(4), 0);
  EXPECT_EQ(Steps().size(), 7U);
}

TEST(StepsReached, TakesTheWindowAndNoBreachThatAChangeBrought) {
  const Time at = FromMicros(1'000'000'000'000'000);
  sla::TicketClock clock;
  clock.id = "resolution/1";
  clock.kind = ClockKind::kResolution;
  clock.steps = {{"resolution/1/50%", "50%", at, true}, {"resolution/1/80%", "80%", at + hours(1), true}};
  clock.breached_at = at + hours(2);
  clock.cause = sla::ClockCause::kTime;
  const auto names = [&](Time since, Time now) {
    std::string text;
    for (const Step& step : StepsReached({clock}, since, now)) {
      text += step.step + " ";
    }
    return text;
  };
  EXPECT_EQ(names(at, at + hours(3)), "50% 80% breach ");
  EXPECT_EQ(names(at + Micros(1), at + hours(2)), "80% ");
  EXPECT_EQ(names(sla::OverAt(at + hours(2)), at + hours(3)), "breach ");
  clock.cause = sla::ClockCause::kPriorityChange;
  EXPECT_EQ(names(at, at + hours(3)), "50% 80% ");
}

}  // namespace
}  // namespace propolis::ticket
