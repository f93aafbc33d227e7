// For tests of clocks as they are kept: a desk with a policy (first response in an hour, resolution in ten, P1 in one)
// around the clock, and one ticket.
#pragma once

#include <gtest/gtest.h>

#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/desk_test_support.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/steps.h"

namespace propolis::ticket {

class ClockDeskTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto ready = desk_.store->Write([&](store::WriteTx& tx) -> Result<int> {
      const auth::Actor system = auth::SystemActor();
      const auto calendar =
          TRY(calendars::AddCalendar(tx, system, calendars::FromHours("24x7", sla::AroundTheClock())));
      calendars::NewPolicy policy;
      policy.name = "Standard";
      for (const Priority priority : {Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4}) {
        policy.targets.push_back({priority, ClockKind::kFirstResponse, 3600});
        policy.targets.push_back({priority, ClockKind::kResolution, priority == Priority::kP1 ? 3600 : 36'000});
      }
      const auto kept = TRY(calendars::AddPolicy(tx, system, policy));
      TRY(calendars::SetDeskDefaults(tx, system, kept.id, calendar.id));
      calendar_ = calendar.id;
      return 0;
    });
    ASSERT_TRUE(ready) << Describe(ready.error());
    number_ = Open();
  }

  std::int64_t Open() {
    OpenTicket request;
    request.subject = "VPN down";
    request.body = "It does not connect.";
    request.requester = {.email = "ana@customer.example", .name = "Ana"};
    const auto opened =
        desk_.store->Write([&](store::WriteTx& tx) { return ticket::Open(tx, auth::SystemActor(), request, {}); });
    return opened.value().ticket.number;
  }
  int Acts() {
    return desk_.store->Write([](store::WriteTx& tx) { return ActOnDueSteps(tx, 100); }).value();
  }
  bool Due() {
    return desk_.store
        ->Read([&](store::ReadTx& tx) -> Result<bool> { return AnyStepDue(tx, desk_.store.clock->Now()); })
        .value();
  }
  // "first_response/1 80%", in the order in which they were reached.
  std::vector<std::string> Steps() {
    return desk_.store
        ->Read([](store::ReadTx& tx) -> Result<std::vector<std::string>> {
          return tx.All(
              "SELECT clock || ' ' || step || CASE late WHEN 1 THEN ' late' ELSE '' END FROM clock_step ORDER BY at, "
              "ticket",
              [](const store::Row& row) { return row.String(0); });
        })
        .value();
  }
  template <class Command>
  void Do(Command command) {
    const auto done = desk_.store->Write([&](store::WriteTx& tx) { return command(tx); });
    ASSERT_TRUE(done) << Describe(done.error());
  }
  void Answer() {
    PostMessage message;
    message.body = "Looking.";
    Do([&](store::WriteTx& tx) { return Post(tx, ana_, number_, message); });
  }
  void WriteNote() {
    Do([&](store::WriteTx& tx) { return Note(tx, ana_, number_, {.body = "Hm.", .mentions = {}}); });
  }

  TestDesk desk_;
  auth::Actor ana_ = desk_.AddStaff("Ana");
  CalendarId calendar_;
  std::int64_t number_ = 0;
};

}  // namespace propolis::ticket
