// Stories: a ticket's history in a few lines, and what its clocks must say. All in March 2013; the 21st is a Thursday.
// "21 09:30 kind key=value ..."; clocks are told as "id state due= met= breached= cause= used= left=" in minutes.
#include "domain/sla/clocks.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

namespace propolis::sla {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Calendar Office(std::string_view opens = "08:00", std::string_view closes = "18:00") {
  Calendar calendar;
  for (const auto day : {Weekday::kMon, Weekday::kTue, Weekday::kWed, Weekday::kThu, Weekday::kFri}) {
    calendar.weekly.push_back({day, *TimeOfDay::Parse(opens), *TimeOfDay::Parse(closes)});
  }
  return calendar;
}

constexpr auto kFirst = ClockKind::kFirstResponse;
constexpr auto kNext = ClockKind::kNextResponse;
constexpr auto kKeep = ClockKind::kKeepInformed;
constexpr auto kResolve = ClockKind::kResolution;
constexpr auto kAck = ClockKind::kAcknowledge;

// Office hours; P3: 60 first, 120 next, 180 resolution; P2 half of it; P1 day and night; P4 only a first response.
Policy Gold() {
  Policy policy;
  policy.calendar = "office";
  policy.targets = {{Priority::kP3, kFirst, 3600, {}},         {Priority::kP3, kNext, 7200, {}},
                    {Priority::kP3, kResolve, 10800, {}},      {Priority::kP3, kAck, 900, {}},
                    {Priority::kP2, kFirst, 1800, {}},         {Priority::kP2, kNext, 3600, {}},
                    {Priority::kP2, kResolve, 7200, {}},       {Priority::kP1, kFirst, 900, "always"},
                    {Priority::kP1, kResolve, 3600, "always"}, {Priority::kP4, kFirst, 3600, {}}};
  policy.steps = {{kResolve, 50, {}, {}}, {kResolve, {}, 1800, {}}, {kResolve, {}, {}, 3600}};
  return policy;
}

ClockHistory World() {
  ClockHistory history;
  Policy informed = Gold();
  informed.targets.push_back({Priority::kP3, kKeep, 14400, {}});
  Policy slow = Gold();
  slow.targets = {{Priority::kP3, kFirst, 7200, {}}, {Priority::kP3, kResolve, 36000, {}}};
  Policy strict = Gold();
  strict.pauses.emplace();
  Policy patient = Gold();
  patient.pauses = {{TicketState::kWaitingCustomer, kNext}, {TicketState::kWaitingCustomer, kFirst}};
  history.policies = {{"gold", 1, Gold()},
                      {"informed", 1, informed},
                      {"slow", 1, slow},
                      {"strict", 1, strict},
                      {"patient", 1, patient}};
  history.calendars = {{"office", 1, std::nullopt, Office()},
                       {"always", 1, std::nullopt, AroundTheClock()},
                       {"office", 2, ParseTime("2013-03-25T00:00:00Z"), Office("10:00", "12:00")}};
  return history;
}

Time Moment(std::string_view day, std::string_view time) {
  const std::string seconds = time.size() == 5 ? ":00Z" : "Z";
  return ParseTime("2013-03-" + std::string(day) + "T" + std::string(time) + seconds).value();
}

std::string Short(Time time) {
  const std::string text = FormatTime(time);
  return text.substr(8, 2) + "T" + text.substr(11, text.substr(17, 2) == "00" ? 5 : 8);
}

void Take(ClockEvent& event, const std::string& key, const std::string& value) {
  const auto time = [&] { return Moment(value.substr(0, 2), value.substr(3)); };
  if (key == "by") {
    event.by = value;
    event.by_agent = value.starts_with("agent");
  } else if (key == "priority") {
    event.priority = FromName<Priority>(value).value();
  } else if (key == "policy") {
    event.policy = value;
    event.policy_version = 1;
  } else if (key == "state") {
    event.state = FromName<TicketState>(value).value();
  } else if (key == "since") {
    event.since = time();
  } else if (key == "unanswered") {
    event.unanswered_since = time();
  } else if (key == "due") {
    event.due = time();
  } else if (key == "clock") {
    event.clock = FromName<ClockKind>(value).value();
  } else if (key == "contact") {
    event.contact = value == "yes";
  } else if (key == "internal") {
    event.internal = value == "yes";
  } else if (key == "reason") {
    event.reason = value;
  } else if (key == "approver") {
    event.approver = value;
  } else {
    ADD_FAILURE() << key;
  }
}

// The last line is "now".
ClockHistory Read(std::string_view story) {
  ClockHistory history = World();
  std::istringstream lines{std::string(story)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string day;
    std::string time;
    std::string kind;
    if (!(words >> day >> time >> kind)) {
      continue;
    }
    if (kind == "now") {
      history.now = Moment(day, time);
      continue;
    }
    ClockEvent event;
    event.at = Moment(day, time);
    event.kind = FromName<ClockEventKind>(kind).value();
    event.id = fmt::format("e{}", history.events.size() + 1);
    if (event.kind == ClockEventKind::kCreated) {
      event.priority = Priority::kP3;
      event.policy = "gold";
      event.policy_version = 1;
      event.by = "customer";
    }
    for (std::string word; words >> word;) {
      Take(event, word.substr(0, word.find('=')), word.substr(word.find('=') + 1));
    }
    history.events.push_back(std::move(event));
  }
  return history;
}

std::string Tell(const TicketClock& clock) {
  std::string text = clock.id + " " + std::string(NameOf(clock.state));
  const auto add = [&](std::string_view name, std::optional<Time> time) {
    if (time) {
      text += fmt::format(" {}={}", name, Short(*time));
    }
  };
  add("due", clock.due_at);
  add("met", clock.met_at);
  add("first", clock.first_met_at);
  add("breached", clock.breached_at);
  if (clock.cause) {
    text += " cause=" + std::string(NameOf(*clock.cause));
  }
  text += fmt::format(" used={:g}", static_cast<double>(clock.elapsed) / 60);
  if (clock.remaining) {
    text += fmt::format(" left={:g}", static_cast<double>(*clock.remaining) / 60);
  }
  return text;
}

std::vector<TicketClock> Clocks(std::string_view story) {
  auto clocks = Evaluate(Read(story));
  EXPECT_TRUE(clocks) << (clocks ? "" : Describe(clocks.error()));
  return clocks.value_or(std::vector<TicketClock>{});
}

// The clocks of one kind, one a line.
std::string Told(ClockKind kind, std::string_view story) {
  std::string text;
  for (const TicketClock& clock : Clocks(story)) {
    if (clock.kind == kind) {
      text += (text.empty() ? "" : "\n") + Tell(clock);
    }
  }
  return text;
}

// --- rule 3 and 4: the public vectors, and what answers
// ---------------------------------------------------------------

TEST(Clocks, FirstResponseAndResolutionAsThePublicVectorsSay) {
  EXPECT_EQ(Told(kFirst, "21 09:30 created\n21 09:40 now"), "first_response/1 running due=21T10:30 used=10 left=50");
  EXPECT_EQ(Told(kResolve, "21 09:30 created\n21 09:40 now"), "resolution/1 running due=21T12:30 used=10 left=170");
  EXPECT_EQ(Told(kFirst, "21 09:30 created\n21 10:00 agent_message by=agent1\n21 18:00 now"),
            "first_response/1 met due=21T10:30 met=21T10:00 used=30 left=30");
  EXPECT_EQ(Told(kFirst, "21 09:30 created\n21 14:00 agent_message by=agent1\n21 18:00 now"),
            "first_response/1 breached due=21T10:30 met=21T14:00 breached=21T10:30 cause=time used=270 left=-210");
  EXPECT_EQ(Told(kResolve, "21 09:30 created\n21 11:30 state_changed state=resolved\n21 18:00 now"),
            "resolution/1 met due=21T12:30 met=21T11:30 used=120 left=60");
  EXPECT_EQ(Told(kResolve, "21 09:30 created\n21 13:00 state_changed state=resolved\n21 18:00 now"),
            "resolution/1 breached due=21T12:30 met=21T13:00 breached=21T12:30 cause=time used=210 left=-30");
  EXPECT_EQ(Told(kNext, "21 09:30 created\n21 12:00 agent_message by=agent1\n21 12:05 customer_message\n21 12:06 now"),
            "next_response/1 running due=21T14:05 used=1 left=119");
}

TEST(Clocks, AnAnswerAtTheDueTimeIsInTimeAndOneSecondLaterIsNot) {
  EXPECT_EQ(Told(kFirst, "21 09:30 created\n21 10:30 agent_message by=agent1\n21 18:00 now"),
            "first_response/1 met due=21T10:30 met=21T10:30 used=60 left=0");
  EXPECT_EQ(Told(kFirst, "21 09:30 created\n21 10:30 now"), "first_response/1 running due=21T10:30 used=60 left=0");
  EXPECT_EQ(Told(kFirst, "21 09:30:00 created\n21 10:30:01 now"),
            "first_response/1 breached due=21T10:30 breached=21T10:30 cause=time used=60.0167 left=-0.0166667");
}

TEST(Clocks, OnlyAPersonsPublicWordOrACallWithContactIsAFirstResponse) {
  const std::string_view running = "first_response/1 running due=21T10:30 used=30 left=30";
  EXPECT_EQ(Told(kFirst, "21 09:30 created\n21 09:31 auto_message\n21 09:40 note by=agent1\n21 10:00 now"), running);
  EXPECT_EQ(Told(kFirst, "21 09:30 created\n21 09:40 call contact=no\n21 10:00 now"), running);
  EXPECT_EQ(Told(kFirst, "21 09:30 created\n21 09:40 call contact=yes\n21 10:00 now"),
            "first_response/1 met due=21T10:30 met=21T09:40 used=10 left=50");
  EXPECT_EQ(Told(kFirst, "21 09:30 created by=agent1\n21 09:30 agent_message by=agent1\n21 10:00 now"), running);
  EXPECT_EQ(Told(kFirst,
                 "21 09:30 created by=agent1\n21 09:30 agent_message by=agent1\n21 09:45 agent_message by=agent1\n"
                 "21 10:00 now"),
            "first_response/1 met due=21T10:30 met=21T09:45 used=15 left=45");
  EXPECT_EQ(Told(kFirst, "21 09:30 created by=agent1\n21 09:40 agent_message by=agent2\n21 10:00 now"),
            "first_response/1 met due=21T10:30 met=21T09:40 used=10 left=50");
}

TEST(Clocks, AnInternalTicketOwesAFirstResponseOnceTheCustomerSeesIt) {
  EXPECT_EQ(Told(kFirst, "21 09:30 created internal=yes\n21 10:00 now"), "");
  EXPECT_EQ(Told(kFirst, "21 09:30 created internal=yes\n21 11:00 customer_facing\n21 11:10 now"),
            "first_response/1 running due=21T12:00 used=10 left=50");
  EXPECT_EQ(Told(kResolve, "21 09:30 created internal=yes\n21 11:00 customer_facing\n21 11:10 now"),
            "resolution/1 running due=21T12:30 used=100 left=80");
}

TEST(Clocks, WithoutATargetThereIsNoClock) {
  EXPECT_EQ(Told(kResolve, "21 09:30 created priority=P4\n21 10:00 now"), "");
  EXPECT_EQ(Told(kFirst, "21 09:30 created priority=P4\n21 10:00 now"),
            "first_response/1 running due=21T10:30 used=30 left=30");
}

// --- rule 5
// -----------------------------------------------------------------------------------------------------------

TEST(Clocks, NextResponseCountsFromTheFirstUnansweredMessageOnly) {
  EXPECT_EQ(Told(kNext,
                 "21 08:00 created\n21 08:10 agent_message by=agent1\n21 09:00 customer_message\n"
                 "21 10:00 customer_message\n21 10:30 now"),
            "next_response/1 running due=21T11:00 used=90 left=30");
  EXPECT_EQ(Told(kNext,
                 "21 08:00 created\n21 08:10 agent_message by=agent1\n21 09:00 customer_message\n"
                 "21 10:00 agent_message by=agent2\n21 10:30 customer_message\n21 11:00 now"),
            "next_response/1 met due=21T11:00 met=21T10:00 used=60 left=60\n"
            "next_response/2 running due=21T12:30 used=30 left=90");
}

TEST(Clocks, NextResponseIsSuppressedWhileAFirstResponseIsOwed) {
  EXPECT_EQ(Told(kNext, "21 08:00 created\n21 08:10 customer_message\n21 08:20 now"),
            "next_response/1 suppressed used=0");
  EXPECT_EQ(Told(kNext, "21 08:00 created\n21 08:10 customer_message\n21 08:20 agent_message by=agent1\n21 09:00 now"),
            "");
}

TEST(Clocks, KeepInformedRunsFromAnswerToAnswerAndPausesWhileWaitingForTheCustomer) {
  const std::string story = "21 08:00 created policy=informed\n21 08:30 agent_message by=agent1\n";
  EXPECT_EQ(Told(kKeep, "21 08:00 created policy=informed\n21 08:30 now"), "");
  EXPECT_EQ(Told(kKeep, story + "21 09:00 now"), "keep_informed/1 running due=21T12:30 used=30 left=210");
  EXPECT_EQ(Told(kKeep, story + "21 09:00 agent_message by=agent1\n21 09:30 now"),
            "keep_informed/1 met due=21T12:30 met=21T09:00 used=30 left=210\n"
            "keep_informed/2 running due=21T13:00 used=30 left=210");
  EXPECT_EQ(Told(kKeep, story + "21 09:00 state_changed state=waiting_customer\n21 17:00 now"),
            "keep_informed/1 paused used=30 left=210");
}

// --- rules 6 and 7
// ----------------------------------------------------------------------------------------------------

TEST(Clocks, APauseFreezesWhatIsLeft) {
  const std::string story = "21 09:00 created\n21 10:40 state_changed state=waiting_customer\n";
  EXPECT_EQ(Told(kResolve, story + "22 10:00 now"), "resolution/1 paused used=100 left=80");
  EXPECT_EQ(Told(kResolve, story + "22 10:00 state_changed state=open\n22 10:30 now"),
            "resolution/1 running due=22T11:20 used=130 left=50");
  // Three hours pending: due three hours later.
  EXPECT_EQ(Told(kResolve,
                 "21 09:00 created\n21 09:30 state_changed state=waiting_third_party\n"
                 "21 12:30 state_changed state=open\n21 13:00 now"),
            "resolution/1 running due=21T15:00 used=60 left=120");
  // Nothing pauses answers unless the policy says so.
  EXPECT_EQ(Told(kFirst, "21 09:00 created\n21 09:30 state_changed state=waiting_customer\n21 09:45 now"),
            "first_response/1 running due=21T10:00 used=45 left=15");
  EXPECT_EQ(
      Told(kFirst, "21 09:00 created policy=patient\n21 09:30 state_changed state=waiting_customer\n21 12:00 now"),
      "first_response/1 paused used=30 left=30");
  EXPECT_EQ(
      Told(kResolve, "21 09:00 created policy=strict\n21 09:30 state_changed state=waiting_customer\n21 10:00 now"),
      "resolution/1 running due=21T12:00 used=60 left=120");
}

TEST(Clocks, TwoPausesAddUpAndAPauseCannotBreach) {
  EXPECT_EQ(Told(kResolve,
                 "21 12:00 created\n21 12:15 state_changed state=waiting_customer\n21 12:30 state_changed state=open\n"
                 "21 12:45 state_changed state=scheduled\n21 13:00 state_changed state=open\n21 13:30 now"),
            "resolution/1 running due=21T15:30 used=60 left=120");
  EXPECT_EQ(Told(kResolve, "21 09:00 created\n21 11:59 state_changed state=waiting_customer\n28 10:00 now"),
            "resolution/1 paused used=179 left=1");
  // Nothing left at the pause: due at the next open instant after it.
  EXPECT_EQ(Told(kResolve,
                 "21 09:00 created\n21 12:00 state_changed state=waiting_customer\n21 19:00 state_changed state=open\n"
                 "21 20:00 now"),
            "resolution/1 running due=22T08:00 used=180 left=0");
}

TEST(Clocks, ApprovalCountsAndIsToldApart) {
  const auto clocks = Clocks(
      "21 09:00 created\n21 10:00 state_changed state=in_approval\n21 10:40 state_changed state=resolved\n21 12:00 "
      "now");
  ASSERT_EQ(clocks.size(), 2U);
  EXPECT_EQ(Tell(clocks[0]), "resolution/1 met due=21T12:00 met=21T10:40 used=100 left=80");
  EXPECT_EQ(clocks[0].in_approval, 2400);
  EXPECT_EQ(clocks[0].trace.back().why, Segment::Why::kInApproval);
  EXPECT_EQ(clocks[0].trace.back().event, "e2");
}

// --- rule 8
// -----------------------------------------------------------------------------------------------------------

TEST(Clocks, ANewPriorityGivesANewTargetWithTheOldStartAndPauses) {
  EXPECT_EQ(Told(kResolve, "21 10:00 created\n21 11:00 priority_changed priority=P2\n21 11:30 now"),
            "resolution/1 running due=21T12:00 used=90 left=30");
  EXPECT_EQ(Told(kResolve,
                 "21 10:00 created\n21 10:15 state_changed state=waiting_customer\n21 10:45 state_changed state=open\n"
                 "21 11:00 priority_changed priority=P2\n21 11:30 now"),
            "resolution/1 running due=21T12:30 used=60 left=60");
  EXPECT_EQ(Told(kResolve, "21 10:00 created\n21 10:30 policy_changed policy=slow\n21 11:00 now"),
            "resolution/1 running due=22T10:00 used=60 left=540");
}

TEST(Clocks, ABreachByChangeIsStampedAtTheChange) {
  EXPECT_EQ(Told(kFirst, "21 10:00 created\n21 10:45 priority_changed priority=P2\n21 11:00 now"),
            "first_response/1 breached due=21T10:30 breached=21T10:45 cause=priority_change used=60 left=-30");
  // Also while paused, and into another calendar: day and night since the evening before.
  EXPECT_EQ(Told(kResolve,
                 "20 17:30 created\n20 17:45 state_changed state=waiting_customer\n21 08:00 state_changed state=open\n"
                 "21 08:30 state_changed state=waiting_customer\n21 08:40 priority_changed priority=P1\n21 09:00 now"),
            "resolution/1 paused used=45 left=15");
  EXPECT_EQ(Told(kResolve, "20 17:30 created\n21 08:30 priority_changed priority=P1\n21 09:00 now"),
            "resolution/1 breached due=20T18:30 breached=21T08:30 cause=priority_change used=930 left=-870");
}

TEST(Clocks, AResultNeverChanges) {
  EXPECT_EQ(Told(kFirst,
                 "21 10:00 created\n21 10:45 agent_message by=agent1\n21 10:50 priority_changed priority=P2\n"
                 "21 10:55 policy_changed policy=slow\n21 11:00 now"),
            "first_response/1 met due=21T11:00 met=21T10:45 used=45 left=15");
  EXPECT_EQ(
      Told(kFirst,
           "21 10:00 created\n21 11:10 policy_changed policy=slow\n21 11:30 agent_message by=agent1\n21 12:00 now"),
      "first_response/1 breached due=21T11:00 met=21T11:30 breached=21T11:00 cause=time used=90 left=-30");
  const auto clocks =
      Clocks("21 10:00 created\n21 10:45 agent_message by=agent1\n21 10:55 policy_changed policy=slow\n21 11:00 now");
  EXPECT_EQ(clocks[1].policy, "gold");
  EXPECT_EQ(clocks[0].policy, "slow");
}

TEST(Clocks, ATargetTakenAwayCancelsAndGivenBackCountsFromTheStart) {
  EXPECT_EQ(Told(kResolve, "21 10:00 created\n21 10:30 priority_changed priority=P4\n21 11:00 now"),
            "resolution/1 cancelled cause=priority_change used=60");
  EXPECT_EQ(Told(kResolve,
                 "21 10:00 created\n21 10:30 priority_changed priority=P4\n21 11:00 priority_changed priority=P3\n21 "
                 "11:30 now"),
            "resolution/1 running due=21T13:00 used=90 left=90");
}

TEST(Clocks, ADueTimeSetByHandStays) {
  const std::string story =
      "21 10:00 created\n21 10:10 manual_due clock=resolution due=22T16:00 reason=agreed approver=boss\n";
  EXPECT_EQ(Told(kResolve, story + "21 11:00 priority_changed priority=P2\n21 12:00 now"),
            "resolution/1 running due=22T16:00 used=120 left=840");
  EXPECT_EQ(Told(kResolve, story + "21 11:00 state_changed state=waiting_customer\n21 12:00 now"),
            "resolution/1 running due=22T16:00 used=60 left=840");
  EXPECT_EQ(Told(kResolve, story + "22 17:00 now"),
            "resolution/1 breached due=22T16:00 breached=22T16:00 cause=time used=1020 left=-60");
  EXPECT_EQ(
      Told(kResolve,
           "21 10:00 created\n21 12:00 manual_due clock=resolution due=21T11:00 reason=x approver=y\n21 12:30 now"),
      "resolution/1 breached due=21T11:00 breached=21T12:00 cause=manual_due used=150 left=-90");
  ClockHistory history = Read("21 10:00 created\n21 12:00 manual_due clock=resolution due=21T11:00\n21 12:30 now");
  EXPECT_EQ(Describe(Evaluate(history).error()),
            "invalid: error.invalid [events/1/reason: field.required] [events/1/approver: field.required]");
}

// --- rule 9
// -----------------------------------------------------------------------------------------------------------

TEST(Clocks, ReopenedWithinTheGraceTimeTheSameResolutionGoesOn) {
  const std::string story = "19 09:00 created\n19 10:00 state_changed state=resolved\n";
  EXPECT_EQ(Told(kResolve, story + "21 09:00 reopened\n21 09:30 now"),
            "resolution/1 running due=21T11:00 first=19T10:00 used=90 left=90");
  const auto clocks = Clocks(story + "21 09:00 reopened\n21 09:40 state_changed state=resolved\n21 12:00 now");
  EXPECT_EQ(Tell(clocks[0]), "resolution/1 met due=21T11:00 met=21T09:40 first=19T10:00 used=100 left=80");
  EXPECT_EQ(clocks[0].first_elapsed, 3600);
  EXPECT_EQ(clocks[0].reopens, 1);
  EXPECT_EQ(clocks[0].trace[1].why, Segment::Why::kReopenGap);
}

TEST(Clocks, ReopenedLaterANewResolutionBeginsAndTheFirstResultStays) {
  EXPECT_EQ(Told(kResolve,
                 "04 09:00 created\n04 10:00 state_changed state=resolved\n11 10:00 state_changed state=closed\n"
                 "21 09:00 reopened\n21 09:30 now"),
            "resolution/1 met due=04T12:00 met=04T10:00 used=60 left=120\n"
            "resolution/2 running due=21T12:00 used=30 left=150");
}

TEST(Clocks, NothingRunsWhileResolvedAndClosingEndsWhatIsOpen) {
  const std::string story = "21 09:00 created\n21 09:30 state_changed state=resolved\n";
  EXPECT_EQ(Told(kFirst, story + "27 10:00 now"), "first_response/1 paused used=30 left=30");
  EXPECT_EQ(Told(kFirst, story + "27 10:00 reopened\n27 10:10 now"),
            "first_response/1 running due=27T10:30 used=40 left=20");
  EXPECT_EQ(Told(kFirst, story + "28 09:30 state_changed state=closed\n28 10:00 now"),
            "first_response/1 cancelled cause=closed used=30");
  EXPECT_EQ(Told(kFirst, "21 09:00 created\n21 09:05 state_changed state=spam\n28 10:00 now"),
            "first_response/1 cancelled due=21T10:00 cause=spam used=5");
}

// --- rule 10
// ----------------------------------------------------------------------------------------------------------

TEST(Clocks, TheMergedTicketsClocksEndAndTheTargetTakesTheOlderContact) {
  EXPECT_EQ(Told(kResolve, "21 09:00 created\n21 09:20 merged_into\n21 18:00 now"),
            "resolution/1 merged due=21T12:00 used=20");
  // A younger source changes nothing.
  EXPECT_EQ(Told(kFirst, "21 09:00 created\n21 09:20 merged_from since=21T09:10 unanswered=21T09:10\n21 09:30 now"),
            "first_response/1 running due=21T10:00 used=30 left=30");
  // An older one with an unanswered contact moves the start back.
  EXPECT_EQ(Told(kResolve, "21 09:00 created\n21 09:20 merged_from since=21T08:30 unanswered=21T08:30\n21 09:30 now"),
            "resolution/1 running due=21T11:30 used=60 left=120");
  // An older one that was answered does not.
  EXPECT_EQ(Told(kResolve, "21 09:00 created\n21 09:20 merged_from since=21T08:30\n21 09:30 now"),
            "resolution/1 running due=21T12:00 used=30 left=150");
  // A due time that comes to lie in the past is a breach of the merge's moment.
  EXPECT_EQ(Told(kFirst, "21 09:00 created\n21 09:20 merged_from since=20T08:30 unanswered=20T08:30\n21 09:30 now"),
            "first_response/1 breached due=20T09:30 breached=21T09:20 cause=merge used=660 left=-600");
  // The source's unanswered message is owed a next response.
  EXPECT_EQ(Told(kNext,
                 "21 08:00 created\n21 08:10 agent_message by=agent1\n"
                 "21 10:00 merged_from since=21T07:00 unanswered=21T09:30\n21 10:10 now"),
            "next_response/1 running due=21T11:30 used=40 left=80");
}

TEST(Clocks, ASplitTicketStartsAtTheCustomersMessage) {
  EXPECT_EQ(Told(kFirst, "21 09:00 created by=agent1\n21 09:00 split_from since=21T08:30\n21 09:10 now"),
            "first_response/1 running due=21T09:30 used=40 left=20");
  EXPECT_EQ(Told(kFirst, "21 09:00 created by=agent1\n21 09:00 split_from since=21T08:30 by=agent2\n21 09:10 now"),
            "first_response/1 running due=21T10:00 used=10 left=50");
  EXPECT_EQ(Told(kFirst, "21 09:00 created by=agent1\n21 09:00 split_from since=20T08:30\n21 09:10 now"),
            "first_response/1 breached due=20T09:30 breached=21T09:00 cause=split used=640 left=-580");
}

// --- rule 11
// ----------------------------------------------------------------------------------------------------------

std::string Steps(std::string_view story) {
  std::string text;
  const auto clocks = Clocks(story);
  for (const StepTime& step : clocks[0].steps) {
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", step.key, step.at ? Short(*step.at) : "?",
                        step.reached ? "!" : "");
  }
  return text;
}

TEST(Clocks, StepsStandBeforeAndAfterTheDueTimeAndEndWithTheClock) {
  EXPECT_EQ(Steps("21 09:00 created\n21 10:40 now"),
            "resolution/1/50% 21T10:30!, resolution/1/-1800s 21T11:30, resolution/1/+3600s 21T13:00");
  EXPECT_EQ(Steps("21 09:00 created\n21 10:40 state_changed state=waiting_customer\n21 17:00 now"),
            "resolution/1/50% 21T10:30!, resolution/1/-1800s ?, resolution/1/+3600s ?");
  EXPECT_EQ(Steps("21 09:00 created\n21 10:40 state_changed state=resolved\n21 17:00 now"),
            "resolution/1/50% 21T10:30!");
  EXPECT_EQ(Steps("21 09:00 created\n21 10:40 assigned\n21 17:00 now"),
            "resolution/1/50% 21T10:30!, resolution/1/-1800s 21T11:30!, resolution/1/+3600s 21T13:00!");
}

TEST(Clocks, WhoOwnsTheTicketDoesNotMatter) {
  EXPECT_EQ(Told(kResolve, "21 09:00 created\n21 10:40 assigned by=agent2\n21 10:41 assigned by=agent3\n21 11:00 now"),
            "resolution/1 running due=21T12:00 used=120 left=60");
}

// --- rule 12 and calendars
// --------------------------------------------------------------------------------------------

TEST(Clocks, AClosedTicketIsNotReckonedAgain) {
  EXPECT_EQ(Told(kResolve,
                 "21 09:00 created\n21 10:00 state_changed state=resolved\n21 11:00 state_changed state=closed\n"
                 "21 12:00 priority_changed priority=P1\n21 13:00 policy_changed policy=slow\n"
                 "21 13:00 customer_message\n28 13:00 now"),
            "resolution/1 met due=21T12:00 met=21T10:00 used=60 left=120");
}

TEST(Clocks, ACalendarEditCountsFromItsDate) {
  // From Monday the 25th on 10:00-12:00 only.
  EXPECT_EQ(Told(kResolve, "22 17:00 created\n22 17:30 now"), "resolution/1 running due=25T12:00 used=30 left=150");
  EXPECT_EQ(Told(kResolve, "22 16:30 created\n25 11:00 now"), "resolution/1 running due=25T11:30 used=150 left=30");
  ClockHistory history = Read("21 09:00 created\n21 09:30 now");
  history.calendars.push_back({"office", 3, std::nullopt, Office("08:00", "11:00")});
  ClockEvent edit;
  edit.at = Moment("21", "10:00");
  edit.kind = ClockEventKind::kCalendarChanged;
  edit.calendar = "office";
  edit.calendar_version = 3;
  history.events.push_back(edit);
  EXPECT_EQ(Tell(Evaluate(history).value()[0]), "resolution/1 running due=22T09:00 used=30 left=150");
}

TEST(Clocks, AcknowledgeRunsFromTheAlert) {
  EXPECT_EQ(Told(kAck, "21 09:00 created\n21 09:10 alert_raised\n21 09:12 alert_raised\n21 09:20 now"),
            "acknowledge/1 running due=21T09:25 used=10 left=5");
  EXPECT_EQ(Told(kAck, "21 09:00 created\n21 09:10 alert_raised\n21 09:20 acknowledged\n21 10:20 now"),
            "acknowledge/1 met due=21T09:25 met=21T09:20 used=10 left=5");
}

// --- the explanation, and properties
// ----------------------------------------------------------------------------------

TEST(Clocks, TheExplanationNamesWhatWasSkippedAndWhy) {
  ClockHistory history = Read("21 17:00 created\n25 11:00 now");
  history.calendars[0].calendar.holidays.push_back({Date::Parse("2013-03-22"), std::nullopt, "Founders' day"});
  std::string text;
  const auto clocks = Evaluate(history).value();
  for (const Segment& segment : clocks[0].trace) {
    text += fmt::format("{}-{} {} {} {}@{};", Short(segment.from), Short(segment.to), segment.counted,
                        NameOf(segment.why), segment.name, segment.calendar_version);
  }
  EXPECT_EQ(text,
            "21T17:00-21T18:00 3600 counted @1;21T18:00-22T00:00 0 outside_hours @1;"
            "22T00:00-23T00:00 0 holiday Founders' day@1;23T00:00-25T00:00 0 outside_hours @1;"
            "25T00:00-25T10:00 0 outside_hours @2;25T10:00-25T11:00 3600 counted @2;");
}

std::string RandomStory(std::mt19937_64& random) {
  static constexpr std::array kEvents = {"agent_message by=agent1",
                                         "customer_message",
                                         "auto_message",
                                         "call contact=yes",
                                         "state_changed state=open",
                                         "state_changed state=waiting_customer",
                                         "state_changed state=in_approval",
                                         "state_changed state=scheduled",
                                         "state_changed state=resolved",
                                         "reopened",
                                         "priority_changed priority=P1",
                                         "priority_changed priority=P2",
                                         "priority_changed priority=P4",
                                         "policy_changed policy=slow",
                                         "policy_changed policy=informed",
                                         "alert_raised",
                                         "acknowledged",
                                         "manual_due clock=resolution due=28T10:00 reason=r approver=a",
                                         "merged_from since=19T08:00 unanswered=19T09:00",
                                         "assigned"};
  const auto number = [&](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
  };
  std::string story = "20 09:00:00 created policy=informed\n";
  for (std::size_t i = 5 + number(20); i > 0; --i) {
    story += fmt::format("{} {:02}:{:02}:{:02} {}\n", 20 + number(9), number(24), number(60), number(60),
                         kEvents[number(kEvents.size())]);
  }
  return story;
}

TEST(Clocks, EveryExplanationAddsUpAndEveryClockIsConsistent) {
  std::mt19937_64 random(31337);
  for (int round = 0; round < 400; ++round) {
    const std::string story = RandomStory(random) + "30 12:34:56 now";
    for (const TicketClock& clock : Clocks(story)) {
      SCOPED_TRACE(story + "\n" + Tell(clock));
      std::int64_t counted = 0;
      for (std::size_t i = 0; i < clock.trace.size(); ++i) {
        counted += clock.trace[i].counted;
        EXPECT_LT(clock.trace[i].from, clock.trace[i].to);
        if (i > 0) {
          EXPECT_EQ(clock.trace[i].from, clock.trace[i - 1].to);
        }
      }
      EXPECT_EQ(counted, clock.elapsed);
      EXPECT_EQ(clock.state == ClockState::kBreached, clock.breached_at.has_value());
      if (clock.state == ClockState::kMet && !clock.manual) {
        EXPECT_LE(clock.elapsed, clock.target);
      }
      if (clock.state == ClockState::kRunning && clock.due_at) {
        EXPECT_GE(*clock.due_at, Moment("30", "12:34:56"));
      }
      if (clock.state == ClockState::kPaused) {
        EXPECT_FALSE(clock.due_at);
      }
    }
  }
}

// What is final at one moment is the same at every later one.
TEST(Clocks, ResultsStandWhateverHappensAfterwards) {
  std::mt19937_64 random(7);
  int results = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string story = RandomStory(random);
    const auto early = Clocks(story + "25 12:00 now");
    const auto late = Clocks(story + "31 12:00 now");
    for (const TicketClock& clock : early) {
      const auto again = std::ranges::find(late, clock.id, &TicketClock::id);
      if (clock.breached_at) {
        ++results;
        ASSERT_NE(again, late.end()) << story;
        EXPECT_EQ(again->breached_at, clock.breached_at) << story << clock.id;
        EXPECT_EQ(again->cause, clock.cause) << story << clock.id;
        EXPECT_EQ(again->target, clock.target) << story << clock.id;
      }
      if (clock.state == ClockState::kMet && clock.kind != ClockKind::kResolution) {
        ++results;
        ASSERT_NE(again, late.end());
        EXPECT_EQ(Tell(*again), Tell(clock)) << story;
      }
    }
  }
  EXPECT_GT(results, 300);
}

TEST(Clocks, TheNextDeadlineIsTheEarliestThatRuns) {
  const auto clocks = Clocks("21 09:00 created\n21 09:05 now");
  EXPECT_EQ(NextDeadline(clocks)->clock, "first_response/1");
  const Time due = Moment("21", "10:00");
  EXPECT_EQ(NextMoment(clocks, Moment("21", "09:05")), OverAt(due)) << "at the due time itself it is in time";
  EXPECT_EQ(NextMoment(clocks, due), OverAt(due));
  EXPECT_EQ(Short(*NextMoment(clocks, OverAt(due))), "21T10:30");
  EXPECT_EQ(NextDeadline(Clocks("21 09:00 created\n21 09:05 agent_message by=a\n21 09:06 state_changed "
                                "state=waiting_customer\n21 10:00 now")),
            std::nullopt);
}

TEST(Clocks, NamesWhatIsMissingInAHistory) {
  const auto wrong = [](std::string_view story) { return Describe(Evaluate(Read(story)).error()); };
  EXPECT_EQ(wrong("21 09:00 note\n21 09:05 now"), "invalid: error.invalid [events: sla.not_created]");
  EXPECT_EQ(wrong("21 09:00 created\n21 09:00 created\n21 09:05 now"),
            "invalid: error.invalid [events: sla.created_twice]");
  EXPECT_EQ(wrong("21 09:00 created policy=lead\n21 09:05 now"),
            "invalid: error.invalid [events/0/policy: sla.unknown_policy]");
  EXPECT_EQ(wrong("21 09:00 created\n21 09:00 state_changed\n21 09:05 now"),
            "invalid: error.invalid [events/1/state: field.required]");
  EXPECT_EQ(Clocks("21 09:00 created\n20 09:05 now").size(), 0U);
}

TEST(Policy, NamesEveryWrongField) {
  Policy policy = Gold();
  policy.targets.push_back({Priority::kP3, kFirst, 1, {}});
  policy.steps.push_back({kFirst, 50, 60, {}});
  policy.steps.push_back({kFirst, {}, {}, {}});
  std::string text;
  for (const FieldError& error : Validate(policy)) {
    text += error.field + " " + error.message + ";";
  }
  EXPECT_EQ(text, "targets/10 policy.target_twice;steps/3 policy.step_one_of;steps/4 policy.step_one_of;");
}

}  // namespace
}  // namespace propolis::sla
