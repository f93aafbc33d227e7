// For tests of service levels: a desk with two policies and two calendars, and what people do with them.
#pragma once

#include <gtest/gtest.h>

#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/choice_commands.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/desk_test_support.h"
#include "domain/sla/calendar.h"
#include "domain/ticket/clocks.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/due_date.h"
#include "domain/ticket/terms.h"

namespace propolis::ticket {

using calendars::ChoiceRule;
using store::ReadTx;
using store::WriteTx;

class ServiceLevelTest : public testing::Test {
 protected:
  template <class Fn>
  auto Write(Fn fn) {
    return desk_.store->Write(fn);
  }
  template <class Fn>
  auto Read(Fn fn) {
    return desk_.store->Read(fn);
  }

  void SetUp() override {
    around_ = Write([&](WriteTx& tx) {
                return calendars::AddCalendar(tx, system_, calendars::FromHours("24x7", sla::AroundTheClock()));
              })->id;
    closed_ =
        Write([&](WriteTx& tx) {
          return calendars::AddCalendar(
              tx, system_,
              {.name = "Never", .zone = "Etc/UTC", .week = {}, .exceptions = {}, .holidays = {}, .holiday_sets = {}});
        })->id;
    standard_ = AddPolicy("Standard", 8 * 3600);
    fast_ = AddPolicy("Fast", 3600);
    ASSERT_TRUE(Write([&](WriteTx& tx) { return calendars::SetDeskDefaults(tx, system_, standard_, around_); }));
  }

  // One resolution target for all priorities.
  PolicyId AddPolicy(const std::string& name, std::int64_t seconds, std::optional<CalendarId> p1 = std::nullopt) {
    calendars::NewPolicy request{.name = name, .targets = {}, .pauses = std::nullopt};
    for (const auto& [priority, priority_name] : Names<Priority>::kTable) {
      request.targets.push_back(
          {priority, ClockKind::kResolution, seconds, priority == Priority::kP1 ? p1 : std::optional<CalendarId>()});
    }
    return Write([&](WriteTx& tx) { return calendars::AddPolicy(tx, system_, request); })->id;
  }
  void Choose(std::vector<ChoiceRule> rules) {
    const auto put = Write([&](WriteTx& tx) {
      return calendars::PutChoice(tx, manager_, calendars::Choice{.version = 0, .rules = std::move(rules)}, {});
    });
    ASSERT_TRUE(put) << Describe(put.error());
  }
  Ticket OpenOne(TicketKind kind = TicketKind::kFault, std::optional<int> level = 3) {
    OpenTicket request;
    request.subject = "The tunnel is down";
    request.body = "Since nine.";
    request.requester.email = "ana@customer.example";
    request.organisation_id = desk_.organisation;
    request.kind = kind;
    request.impact = request.urgency = level;
    const auto opened = Write([&](WriteTx& tx) { return Open(tx, agent_, request, {}); });
    EXPECT_TRUE(opened) << Describe(opened.error());
    return opened->ticket;
  }
  void Change(std::int64_t number, const UpdateTicket& change) {
    const auto changed = Write([&](WriteTx& tx) { return Update(tx, agent_, number, change, std::nullopt); });
    ASSERT_TRUE(changed) << Describe(changed.error());
  }
  Detail DetailOf(std::int64_t number) {
    return Read([&](ReadTx& tx) -> Result<Detail> { return LoadDetail(tx, number); }).value();
  }
  std::string WhyOf(std::int64_t number) {
    const auto why = dto::Parse<PolicyChoice>(*DetailOf(number).choice_json).value();
    return std::string(NameOf(why.by)) + " " + why.name.value_or("-");
  }
  sla::TicketClock Resolution(std::int64_t number) {
    const auto clocks = Read([&](ReadTx& tx) { return ClocksOf(tx, number, desk_.store.clock->Now(), false); });
    EXPECT_TRUE(clocks) << Describe(clocks.error());
    EXPECT_EQ(clocks->size(), 1U);
    return clocks->at(0);
  }
  Result<DueDate> Ask(const auth::Actor& actor, std::int64_t number, Micros in) {
    return Write([&](WriteTx& tx) {
      return AskForDueDate(tx, actor, number, {ClockKind::kResolution, tx.Now() + in, "The part comes"});
    });
  }
  Result<DueDate> Decide(const auth::Actor& actor, DueDateId id, DueDateDecision decision,
                         std::optional<std::string> reason = std::nullopt) {
    return Write([&](WriteTx& tx) { return SettleDueDate(tx, actor, id, {decision, reason}); });
  }

  TestDesk desk_;
  auth::Actor system_ = auth::SystemActor();
  auth::Actor agent_ = desk_.AddStaff("Ana");
  auth::Actor manager_ = desk_.AddStaff("Mia", auth::Role::kManager);
  CalendarId around_;
  CalendarId closed_;
  PolicyId standard_;
  PolicyId fast_;
};

template <class T>
std::string Why(const Result<T>& result) {
  if (result) {
    return "";
  }
  const Error& error = result.error();
  return error.fields.empty() ? error.message : error.fields.front().field + ": " + error.fields.front().message;
}

inline ChoiceRule Rule(std::string name, PolicyId policy) {
  ChoiceRule rule;
  rule.name = std::move(name);
  rule.policy_id = policy;
  return rule;
}

}  // namespace propolis::ticket
