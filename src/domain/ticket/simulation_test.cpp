// Past tickets under another policy or calendar, on a real store.
#include "domain/ticket/simulation.h"

#include "domain/report/fact.h"
#include "domain/ticket/service_level_test_support.h"

namespace propolis::ticket {
namespace {

class SimulationTest : public ServiceLevelTest {
 protected:
  // A question that is resolved after so long, or stays open.
  std::int64_t Past(std::optional<Micros> resolved_after) {
    const Ticket ticket = OpenOne(TicketKind::kQuestion);
    if (resolved_after) {
      desk_.store.clock->Advance(*resolved_after);
      const auto moved = Write([&](WriteTx& tx) {
        return Move(tx, agent_, ticket.number, {.to = TicketState::kResolved, .reason = {}, .until = {}, .into = {}},
                    std::nullopt);
      });
      EXPECT_TRUE(moved) << Describe(moved.error());
    }
    EXPECT_TRUE(Write([&](WriteTx& tx) -> Status {
      report::KeepFact(tx, ticket.number);
      return {};
    }));
    return ticket.number;
  }
  Simulate Period() const {
    Simulate request;
    request.from = desk_.store.clock->Now() - std::chrono::days{30};
    request.to = desk_.store.clock->Now() + Seconds{1};
    return request;
  }
  Result<Simulation> Run(const Simulate& request, std::int64_t most = 1000, bool goes_on = true) {
    return RunSimulation(*desk_.store, manager_, request, desk_.store.clock->Now(),
                         {.tickets = most, .goes_on = [goes_on] { return goes_on; }});
  }
  static calendars::NewPolicy Resolution(std::int64_t seconds) {
    calendars::NewPolicy policy{.name = "Draft", .targets = {}, .pauses = std::nullopt};
    for (const auto& [priority, name] : Names<Priority>::kTable) {
      policy.targets.push_back({priority, ClockKind::kResolution, seconds});
    }
    return policy;
  }
};

TEST_F(SimulationTest, TellsWhatFlipsAndWhatMovesAndStoresNothing) {
  Past(std::chrono::hours{1});                    // kept in eight hours, and in two
  const auto slow = Past(std::chrono::hours{4});  // kept in eight hours, not in two
  Past(std::chrono::hours{10});                   // breached in both
  const auto open = Past(std::nullopt);
  const auto entries = desk_.Count("SELECT COUNT(*) FROM entry");
  Simulate request = Period();
  request.policy_id = standard_;
  request.policy = Resolution(2 * 3600);
  const auto told = Run(request);
  ASSERT_TRUE(told) << Describe(told.error());
  EXPECT_TRUE(told->complete);
  EXPECT_EQ(told->tickets, 4);
  ASSERT_EQ(told->sums.size(), 1U);
  EXPECT_EQ(told->sums[0].kept_before, 2);
  EXPECT_EQ(told->sums[0].breached_before, 1);
  EXPECT_EQ(told->sums[0].kept_after, 1);
  EXPECT_EQ(told->sums[0].breached_after, 2);
  ASSERT_EQ(told->flips, 1);
  EXPECT_EQ(told->flipped.at(0).id, desk_.Load(slow).id);
  EXPECT_EQ(told->flipped.at(0).before, ClockOutcome::kKept);
  EXPECT_EQ(told->flipped.at(0).after, ClockOutcome::kBreached);
  ASSERT_EQ(told->moves, 1);
  EXPECT_EQ(told->moved.at(0).id, desk_.Load(open).id);
  EXPECT_EQ(*told->moved.at(0).due_before - *told->moved.at(0).due_after, std::chrono::hours{6});
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM entry"), entries);
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM sla_policy"), 2);
  EXPECT_EQ(desk_.Load(open).due_at, told->moved.at(0).due_before);
}

TEST_F(SimulationTest, ACalendarIsPutInThePlaceOfOneOnly) {
  Past(std::chrono::hours{10});  // from 09:00, breached at 17:00 when every hour counts
  Simulate request = Period();
  request.calendar = calendars::NewCalendar{
      .name = "Draft",
      .zone = "Etc/UTC",
      .week = {{sla::Weekday::kMon, {{*sla::TimeOfDay::Parse("09:00"), *sla::TimeOfDay::Parse("12:00")}}}},
      .exceptions = {},
      .holidays = {},
      .holiday_sets = {}};
  request.calendar_id = closed_;
  EXPECT_EQ(Run(request)->tickets, 0) << "no ticket counts in that one";
  request.calendar_id = around_;
  const auto told = Run(request);
  ASSERT_TRUE(told) << Describe(told.error());
  EXPECT_EQ(told->tickets, 1);
  ASSERT_EQ(told->flips, 1);
  EXPECT_EQ(told->flipped.at(0).before, ClockOutcome::kBreached);
  EXPECT_EQ(told->flipped.at(0).after, ClockOutcome::kKept);
}

TEST_F(SimulationTest, KeepsToItsBounds) {
  for (int i = 0; i < 5; ++i) {
    Past(std::nullopt);
  }
  Simulate request = Period();
  request.policy = Resolution(3600);
  EXPECT_EQ(Run(request)->tickets, 5);
  EXPECT_TRUE(Run(request)->complete);
  const auto few = Run(request, 3);
  EXPECT_EQ(few->tickets, 3);
  EXPECT_FALSE(few->complete);
  EXPECT_FALSE(Run(request, 1000, /*goes_on=*/false)->complete);
  request.to = request.from + std::chrono::days{1};
  EXPECT_EQ(Run(request)->tickets, 0);
  EXPECT_TRUE(Run(request)->complete);
}

TEST_F(SimulationTest, WhatCannotBeTriedIsRefusedByPlace) {
  Simulate request = Period();
  EXPECT_EQ(Why(Run(request)), "policy: simulation.nothing_to_try");
  request.policy = Resolution(3600);
  request.policy->targets.push_back(request.policy->targets.front());
  EXPECT_EQ(Why(Run(request)), "policy/targets/4: policy.target_twice");
  request.policy = Resolution(3600);
  request.to = request.from;
  EXPECT_EQ(Why(Run(request)), "to: simulation.empty_period");
  request.to = request.from + std::chrono::days{400};
  EXPECT_EQ(Why(Run(request)), "to: simulation.long_period");
  EXPECT_EQ(Why(RunSimulation(*desk_.store, agent_, request, desk_.store.clock->Now(), {})),
            "error.permission_missing");
}

}  // namespace
}  // namespace propolis::ticket
