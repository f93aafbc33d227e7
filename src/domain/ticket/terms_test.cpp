// Which policy a ticket gets and keeps, and due times set by hand, on a real store.
#include "domain/people/contract_commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/queries.h"
#include "domain/ticket/service_level_test_support.h"

namespace propolis::ticket {
namespace {

using TermsTest = ServiceLevelTest;

TEST_F(TermsTest, TheDefaultThenTheContractThenTheFirstRule) {
  EXPECT_EQ(WhyOf(OpenOne().number), "default -");
  const auto contract = Write([&](WriteTx& tx) {
    return people::AddContract(tx, manager_, desk_.organisation,
                               {.name = "Gold",
                                .policy_id = standard_,
                                .calendar_id = around_,
                                .channels = {},
                                .languages = {},
                                .starts_on = "2000-01-01",
                                .ends_on = std::nullopt});
  });
  ASSERT_TRUE(contract) << Describe(contract.error());
  EXPECT_EQ(WhyOf(OpenOne().number), "contract Gold");
  ChoiceRule rule = Rule("incidents of gold", fast_);
  rule.kinds = {TicketKind::kIncident};
  rule.contract_ids = {contract->id};
  Choose({rule});
  EXPECT_EQ(WhyOf(OpenOne().number), "contract Gold");
  const Ticket incident = OpenOne(TicketKind::kIncident);
  EXPECT_EQ(WhyOf(incident.number), "rule incidents of gold");
  EXPECT_EQ(DetailOf(incident.number).policy, fast_);
  EXPECT_EQ(Resolution(incident.number).target, 3600);
  Choose({});
  EXPECT_EQ(WhyOf(OpenOne(TicketKind::kIncident).number), "contract Gold") << "rules that are gone choose nothing";
}

TEST_F(TermsTest, AnotherKindOrTechnologyChoosesAgainFromTheOriginalStart) {
  const auto network = TechnologyId::New(desk_.store.clock->Now());
  const auto product = TechnologyId::New(desk_.store.clock->Now());
  ASSERT_TRUE(Write([&](WriteTx& tx) -> Status {
    constexpr auto kInsert =
        "INSERT INTO technology (id, version, parent, level, name, path, keywords) VALUES ($1, 1, $2, $3, $4, $4, "
        "'[]')";
    tx.Exec(kInsert, network, std::optional<TechnologyId>(), "domain", "Network");
    tx.Exec(kInsert, product, std::optional(network), "vendor", "Basalt");
    return {};
  }));
  ChoiceRule incidents = Rule("incidents", fast_);
  incidents.kinds = {TicketKind::kIncident};
  const PolicyId faster = AddPolicy("Faster", 1800);
  ChoiceRule of_network = Rule("network", faster);
  of_network.technology_ids = {network};
  Choose({incidents, of_network});

  const Ticket ticket = OpenOne();
  const Time opened = ticket.created_at;
  EXPECT_EQ(Resolution(ticket.number).due_at, opened + std::chrono::hours{8});
  desk_.store.clock->Advance(std::chrono::minutes{10});
  UpdateTicket change;
  change.kind = TicketKind::kIncident;
  Change(ticket.number, change);
  EXPECT_EQ(WhyOf(ticket.number), "rule incidents");
  EXPECT_EQ(Resolution(ticket.number).due_at, opened + std::chrono::hours{1}) << "with the original start";

  change.kind = TicketKind::kFault;
  change.technology_id = {.given = true, .value = product};
  desk_.store.clock->Advance(std::chrono::minutes{10});
  Change(ticket.number, change);
  EXPECT_EQ(WhyOf(ticket.number), "rule network") << "a technology below the one that the rule names";
  EXPECT_EQ(Resolution(ticket.number).due_at, opened + std::chrono::minutes{30});

  // Rule 8: a breach is stamped when the change puts the due time into the past, and stays.
  desk_.store.clock->Advance(std::chrono::minutes{20});
  change = {};
  change.kind = TicketKind::kIncident;
  Change(ticket.number, change);
  EXPECT_EQ(Resolution(ticket.number).state, sla::ClockState::kBreached);
  EXPECT_EQ(Resolution(ticket.number).due_at, opened + std::chrono::minutes{30});
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM entry WHERE data LIKE '%\"act\":\"policy\"%'"), 3);
}

TEST_F(TermsTest, ANewVersionOfThePolicyIsForNewTickets) {
  const Ticket ticket = OpenOne();
  calendars::PolicyChange faster;
  faster.targets = std::vector<calendars::PolicyTarget>{{Priority::kP3, ClockKind::kResolution, 600}};
  ASSERT_TRUE(
      Write([&](WriteTx& tx) { return calendars::ChangePolicy(tx, manager_, standard_, faster, std::nullopt); }));
  UpdateTicket change;
  change.kind = TicketKind::kIncident;  // asks again, and the same policy comes of it
  Change(ticket.number, change);
  EXPECT_EQ(DetailOf(ticket.number).policy_version, 1);
  EXPECT_EQ(DetailOf(OpenOne().number).policy_version, 2);
}

TEST_F(TermsTest, ATargetMayHaveACalendarOfItsOwn) {
  // The desk's own calendar never opens; P1 counts day and night.
  const PolicyId mixed = AddPolicy("Mixed", 3600, around_);
  ASSERT_TRUE(Write([&](WriteTx& tx) { return calendars::SetDeskDefaults(tx, system_, mixed, closed_); }));
  const Ticket grave = OpenOne(TicketKind::kIncident, 1);
  ASSERT_EQ(grave.priority, Priority::kP1);
  const Ticket light = OpenOne(TicketKind::kQuestion, 4);
  EXPECT_EQ(Resolution(grave.number).due_at, grave.created_at + std::chrono::hours{1});
  EXPECT_EQ(Resolution(light.number).due_at, std::nullopt) << "a calendar that never opens";

  // The calendar changes: from now on its new hours count, for what is there as well.
  calendars::CalendarChange change;
  change.week = std::vector<calendars::Day>{};
  ASSERT_TRUE(Write([&](WriteTx& tx) { return calendars::ChangeCalendar(tx, manager_, around_, change, {}); }));
  EXPECT_EQ(DetailOf(grave.number).policy_version, 1);
  EXPECT_EQ(Resolution(grave.number).due_at, std::nullopt);
  const Ticket later = OpenOne(TicketKind::kIncident, 1);
  EXPECT_EQ(DetailOf(later.number).policy_version, 1) << "the policy is the same";
  EXPECT_EQ(Resolution(later.number).due_at, std::nullopt);
}

TEST_F(TermsTest, WhatMakesNoSenseIsRefusedByPlace) {
  const auto refusal = [&](const calendars::NewPolicy& policy) {
    return Why(Write([&](WriteTx& tx) { return calendars::AddPolicy(tx, manager_, policy); }));
  };
  const auto step = [](ClockKind clock, std::optional<int> percent, std::optional<std::int64_t> before) {
    return sla::Step{.clock = clock, .percent = percent, .before_seconds = before, .after_seconds = std::nullopt};
  };
  calendars::NewPolicy policy{
      .name = "Odd",
      .targets = {{Priority::kP1, ClockKind::kResolution, 600}, {Priority::kP2, ClockKind::kResolution, 7200}},
      .pauses = std::nullopt};
  policy.steps = {step(ClockKind::kResolution, 75, {}), step(ClockKind::kResolution, {}, 900)};
  EXPECT_EQ(refusal(policy), "steps/1/before_seconds: policy.step_longer_than_target");
  policy.steps = {step(ClockKind::kResolution, 75, {}), step(ClockKind::kResolution, 75, {})};
  EXPECT_EQ(refusal(policy), "steps/1: policy.step_twice");
  policy.steps = {step(ClockKind::kFirstResponse, 75, {})};
  EXPECT_EQ(refusal(policy), "steps/0/clock: policy.step_without_target");
  policy.steps = {step(ClockKind::kResolution, {}, {})};
  EXPECT_EQ(refusal(policy), "steps/0: policy.step_one_of");
  policy.steps.reset();
  policy.targets[1].calendar_id = CalendarId::New(desk_.store.clock->Now());
  EXPECT_EQ(refusal(policy), "targets/1/calendar_id: field.not_found");

  const auto refused = [&](const ChoiceRule& rule) {
    return Why(Write([&](WriteTx& tx) {
      return calendars::PutChoice(tx, manager_, calendars::Choice{.version = 0, .rules = {Rule("a", fast_), rule}}, {});
    }));
  };
  EXPECT_EQ(refused(Rule("b", PolicyId::New(desk_.store.clock->Now()))), "rules/1/policy_id: field.not_found");
  EXPECT_EQ(refused(Rule("b", fast_)), "rules/1: policy.rule_unreachable");
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM sla_choice"), 0) << "nothing is stored";
  EXPECT_EQ(Why(Write([&](WriteTx& tx) { return calendars::PutChoice(tx, agent_, {}, {}); })),
            "error.permission_missing");
}

TEST_F(TermsTest, ADueTimeByHandNeedsASecondPersonAndSticks) {
  const Ticket ticket = OpenOne();
  const Time before = *Resolution(ticket.number).due_at;
  const auto asked = Ask(manager_, ticket.number, std::chrono::hours{30});
  ASSERT_TRUE(asked) << Describe(asked.error());
  EXPECT_FALSE(asked->may_decide);
  EXPECT_EQ(Resolution(ticket.number).due_at, before) << "nothing moves before it is approved";
  EXPECT_EQ(Why(Ask(agent_, ticket.number, std::chrono::hours{20})), "due.asked_already");
  EXPECT_EQ(Why(Decide(manager_, asked->id, DueDateDecision::kApprove)), "due.why_asker");
  EXPECT_EQ(Why(Decide(agent_, asked->id, DueDateDecision::kApprove)), "error.permission_missing");
  const auth::Actor second = desk_.AddStaff("Rui", auth::Role::kResponder);
  EXPECT_EQ(Why(Decide(second, asked->id, DueDateDecision::kReject)), "reason: due.reason_needed");
  UpdateTicket change;
  change.assignee_id = {.given = true, .value = second.staff()};
  Change(ticket.number, change);
  EXPECT_EQ(Why(Decide(second, asked->id, DueDateDecision::kApprove)), "due.why_assignee");
  const auth::Actor third = desk_.AddStaff("Zoe", auth::Role::kResponder);
  const auto approved = Decide(third, asked->id, DueDateDecision::kApprove);
  ASSERT_TRUE(approved) << Describe(approved.error());
  EXPECT_EQ(approved->decided_by->name, "Zoe");
  sla::TicketClock clock = Resolution(ticket.number);
  EXPECT_EQ(clock.due_at, asked->due_at);
  EXPECT_EQ(clock.manual_approver, "Zoe");
  EXPECT_EQ(clock.manual_reason, "The part comes");

  change = {};
  change.impact = change.urgency = 1;
  Change(ticket.number, change);
  EXPECT_EQ(Resolution(ticket.number).due_at, asked->due_at) << "a new priority does not move it";
  ASSERT_TRUE(Write([&](WriteTx& tx) {
    return Move(tx, agent_, ticket.number, {.to = TicketState::kWaitingCustomer, .reason = {}, .until = {}, .into = {}},
                std::nullopt);
  }));
  EXPECT_EQ(Resolution(ticket.number).due_at, asked->due_at) << "nor does a pause";
  EXPECT_EQ(Why(Decide(third, asked->id, DueDateDecision::kReject, "no")), "due.why_decided");
}

TEST_F(TermsTest, ADueTimeThatWaitsIsInTheQueueOfWhoMayDecideIt) {
  const Ticket ticket = OpenOne();
  const auth::Actor second = desk_.AddStaff("Rui", auth::Role::kResponder);
  const auto waiting = [&](const auth::Actor& actor) {
    const auto read = desk_.store->Read([&](store::ReadTx& tx) -> Result<std::vector<std::int64_t>> {
      ListFilter filter;
      filter.view = "to_approve";
      const auto page = TRY(List(tx, actor, filter, desk_.store.clock->Now()));
      const auto queues = TRY(Queues(tx, actor, desk_.store.clock->Now()));
      const auto queue = std::ranges::find(queues, "to_approve", &QueueCount::key);
      EXPECT_EQ(queue->count, std::ssize(page.items)) << "the queue shows what it counts";
      EXPECT_EQ(CountToApprove(tx, actor), queue->count);
      std::vector<std::int64_t> numbers;
      for (const TicketRow& row : page.items) {
        numbers.push_back(*ParseNumber(row.number));
      }
      return numbers;
    });
    return read.value();
  };
  using Numbers = std::vector<std::int64_t>;
  EXPECT_EQ(waiting(second), Numbers{});
  const auto asked = Ask(manager_, ticket.number, std::chrono::hours{30});
  ASSERT_TRUE(asked) << Describe(asked.error());
  EXPECT_EQ(waiting(second), Numbers{ticket.number});
  EXPECT_EQ(waiting(manager_), Numbers{}) << "who asked does not decide";
  EXPECT_EQ(waiting(agent_), Numbers{}) << "nor who may not";
  UpdateTicket change;
  change.assignee_id = {.given = true, .value = second.staff()};
  Change(ticket.number, change);
  EXPECT_EQ(waiting(second), Numbers{}) << "nor the assignee";
  const auth::Actor third = desk_.AddStaff("Zoe", auth::Role::kResponder);
  EXPECT_EQ(waiting(third), Numbers{ticket.number});
  ASSERT_TRUE(Decide(third, asked->id, DueDateDecision::kApprove));
  EXPECT_EQ(waiting(third), Numbers{});
}

TEST_F(TermsTest, ADueTimeThatCannotBeIsRefused) {
  const Ticket ticket = OpenOne();
  EXPECT_EQ(Why(Ask(manager_, ticket.number, std::chrono::hours{-1})), "due_at: due.past");
  EXPECT_EQ(Why(Ask(manager_, ticket.number, std::chrono::days{400})), "due_at: due.too_far");
  const auto first_response = Write([&](WriteTx& tx) {
    return AskForDueDate(tx, manager_, ticket.number, {ClockKind::kFirstResponse, tx.Now() + Seconds{60}, "x"});
  });
  EXPECT_EQ(Why(first_response), "clock: due.clock_not_open");

  const auto asked = Ask(manager_, ticket.number, std::chrono::hours{1});
  const auth::Actor second = desk_.AddStaff("Rui", auth::Role::kResponder);
  desk_.store.clock->Advance(std::chrono::hours{2});
  EXPECT_EQ(Why(Decide(second, asked->id, DueDateDecision::kApprove)), "due.past") << "the time came before the word";
  EXPECT_EQ(Why(Decide(second, asked->id, DueDateDecision::kWithdraw)), "due.not_yours_to_withdraw");
  EXPECT_EQ(Decide(manager_, asked->id, DueDateDecision::kWithdraw)->state, DueDateState::kWithdrawn);
  const auto again = Ask(manager_, ticket.number, std::chrono::hours{10});
  desk_.store.clock->Advance(std::chrono::hours{7});  // past the eight of the target
  EXPECT_EQ(Why(Decide(second, again->id, DueDateDecision::kApprove)), "due.clock_breached");
  const auth::Actor customer = desk_.AddCustomer("Bea", desk_.organisation, auth::Role::kCustomerApprover);
  EXPECT_EQ(Why(Decide(customer, again->id, DueDateDecision::kApprove)), "due.why_person");
}

}  // namespace
}  // namespace propolis::ticket
