// Pages as they are stored: how they begin, go from step to step, are answered and end; and that each step and each
// notice takes effect once, whoever asks again.
#include "domain/escalation/escalation.h"

#include <gmock/gmock.h>

#include "domain/desk_test_support.h"
#include "domain/escalation/page_commands.h"
#include "domain/escalation/page_link.h"
#include "domain/escalation/page_queries.h"
#include "domain/escalation/policy_commands.h"
#include "domain/escalation/policy_queries.h"
#include "domain/people/team_commands.h"
#include "domain/ticket/commands.h"
#include "store/events.h"

namespace propolis::escalation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class EscalationTest : public testing::Test {
 protected:
  template <class Fn>
  auto Write(Fn fn) {
    return desk_.store->Write(fn);
  }
  template <class Fn>
  auto Read(Fn fn) {
    return desk_.store->Read(fn);
  }

  static Target Person(const auth::Actor& actor) { return {TargetKind::kPerson, actor.staff().ToString()}; }

  // First Ana at once, then Rui after five minutes; twice.
  NewPolicy Request(const std::string& name = "Night") {
    return {.name = name,
            .steps = {{0, {Person(ana_)}}, {300, {Person(rui_)}}},
            .repeats = 0,
            .pause = 600,
            .next_id = {},
            .is_default = false};
  }
  DeskPolicy AddDefault(NewPolicy request) {
    request.is_default = true;
    auto made = Write([&](store::WriteTx& tx) { return AddPolicy(tx, manager_, request); });
    EXPECT_TRUE(made) << Describe(made.error());
    return *made;
  }

  std::int64_t AddTicket() {
    const auto number = desk_.AddTicket();
    FollowEvents();
    return number;
  }
  void SetPriority(std::int64_t number, Priority priority) {
    ticket::UpdateTicket change;
    change.priority_override = {true, ticket::PriorityOverride{priority, "Production is down"}};
    const auto made =
        Write([&](store::WriteTx& tx) { return ticket::Update(tx, manager_, number, change, std::nullopt); });
    ASSERT_TRUE(made) << Describe(made.error());
  }
  static people::NewTeam TeamOf(std::vector<StaffId> members, std::optional<EscalationId> policy) {
    people::NewTeam team;
    team.name = "Firewalls";
    team.member_ids = std::move(members);
    team.escalation_id = policy;
    return team;
  }
  // All events from the first one: the follower's work must bear seeing them again.
  void FollowEvents() {
    const auto status = Write([&](store::WriteTx& tx) -> Status {
      const auto events = store::EventsAfter(tx, 0, 1000);
      return Follow(tx, events);
    });
    ASSERT_TRUE(status) << Describe(status.error());
  }

  std::vector<Page> Pages(std::int64_t number) {
    return Read([&](store::ReadTx& tx) { return PagesOf(tx, manager_, number, Now()); }).value();
  }
  Page Newest(std::int64_t number) { return Pages(number).at(0); }
  void Take(PageId page) {
    const auto status = Write([&](store::WriteTx& tx) { return TakeStep(tx, page); });
    ASSERT_TRUE(status) << Describe(status.error());
  }
  // Moves the page's next step into the past, as if the time had come.
  void Due(PageId page, Seconds ago = Seconds{0}) {
    ASSERT_TRUE(Write([&](store::WriteTx& tx) -> Status {
      tx.Exec("UPDATE page SET step_at = $2 WHERE id = $1", page, tx.Now() - ago);
      return {};
    }));
  }
  std::vector<std::string> Lines(const Page& page) {
    std::vector<std::string> lines;
    for (const auto& line : page.lines) {
      std::string text(NameOf(line.act));
      for (const auto& person : line.called) {
        text += " " + person.name;
      }
      lines.push_back(text + (line.late ? " late" : ""));
    }
    return lines;
  }
  std::int64_t Notices() { return desk_.Count("SELECT COUNT(*) FROM notice"); }
  Time Now() { return desk_.store.clock->Now(); }
  ClockStep Step(std::int64_t number, const std::string& step) {
    return {.ticket = number,
            .clock = ClockKind::kFirstResponse,
            .instance = 1,
            .step = step,
            .warning = step.ends_with('%'),
            .late = false,
            .key = std::to_string(number) + ":first_response:1:" + step};
  }
  void Fire(const ClockStep& step) {
    const auto status = Write([&](store::WriteTx& tx) { return OnClockStep(tx, step); });
    ASSERT_TRUE(status) << Describe(status.error());
  }

  TestDesk desk_;
  auth::Actor manager_ = desk_.AddStaff("Mia", auth::Role::kManager);
  auth::Actor ana_ = desk_.AddStaff("Ana");
  auth::Actor rui_ = desk_.AddStaff("Rui");
};

TEST_F(EscalationTest, APolicyIsVersionedGuardedAndShowsWhoWouldBeCalled) {
  const DeskPolicy policy = AddDefault(Request());
  EXPECT_EQ(policy.steps.at(0).targets.at(0).name, "Ana");
  EXPECT_EQ(policy.steps.at(1).targets.at(0).now.at(0).name, "Rui");
  const auto change = [&](const auth::Actor& actor, std::int64_t version) {
    PolicyChange rename;
    rename.name = "Day";
    return Write([&](store::WriteTx& tx) { return ChangePolicy(tx, actor, policy.id, rename, version); });
  };
  EXPECT_EQ(change(ana_, 1).error().code, Code::kForbidden);
  EXPECT_EQ(change(manager_, 9).error().code, Code::kStaleVersion);
  EXPECT_EQ(change(manager_, 1).value().version, 2);
}

TEST_F(EscalationTest, WhatIsWrongIsNamedAndNotStored) {
  NewPolicy request = Request();
  request.steps.at(0).targets = {{TargetKind::kRota, ana_.staff().ToString()}, {TargetKind::kTeam, "no id"}};
  request.next_id = EscalationId::New(Now());
  const auto made = Write([&](store::WriteTx& tx) { return AddPolicy(tx, manager_, request); });
  ASSERT_FALSE(made);
  std::vector<std::string> fields;
  for (const auto& field : made.error().fields) {
    fields.push_back(field.field + " " + field.message);
  }
  EXPECT_THAT(fields, ElementsAre("steps/0/targets/0 field.not_found", "steps/0/targets/1 field.not_found",
                                  "next_id field.not_found"));
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM escalation_policy"), 0);
}

TEST_F(EscalationTest, ACircleIsFoundFromEitherEnd) {
  const DeskPolicy first = AddDefault(Request("First"));
  NewPolicy second = Request("Second");
  second.next_id = first.id;
  const auto made = Write([&](store::WriteTx& tx) { return AddPolicy(tx, manager_, second); });
  ASSERT_TRUE(made);
  PolicyChange close;
  close.next_id = {true, made->id};
  const auto closed =
      Write([&](store::WriteTx& tx) { return ChangePolicy(tx, manager_, first.id, close, std::nullopt); });
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().fields.at(0).message, "escalation.cycle");
  const auto removed = Write([&](store::WriteTx& tx) { return DeletePolicy(tx, manager_, first.id); });
  EXPECT_EQ(removed.error().message, "escalation.in_use");
}

TEST_F(EscalationTest, ThereIsOneDefaultAndATeamsOwnComesFirst) {
  const DeskPolicy first = AddDefault(Request("First"));
  const DeskPolicy second = AddDefault(Request("Second"));
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM escalation_policy WHERE is_default = 1"), 1);
  const auto team = Write([&](store::WriteTx& tx) { return people::AddTeam(tx, manager_, TeamOf({}, first.id)); });
  ASSERT_TRUE(team) << Describe(team.error());
  EXPECT_EQ(team->escalation->name, "First");
  const auto of = [&](std::optional<TeamId> id) {
    return Read([&](store::ReadTx& tx) -> Result<std::optional<EscalationId>> { return PolicyFor(tx, id); }).value();
  };
  EXPECT_EQ(of(team->id), first.id);
  EXPECT_EQ(of(std::nullopt), second.id);
}

TEST_F(EscalationTest, ATicketThatBecomesP1IsPagedOnceHoweverOftenItsEventsComeBack) {
  AddDefault(Request());
  const auto number = AddTicket();
  EXPECT_THAT(Pages(number), IsEmpty());
  SetPriority(number, Priority::kP1);
  FollowEvents();
  FollowEvents();
  ASSERT_EQ(Pages(number).size(), 1);
  EXPECT_EQ(Newest(number).cause, PageCause::kPriority);
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM job WHERE kind = 'page.step'"), 1);
}

TEST_F(EscalationTest, EachStepIsTakenOnceAtItsTimeAndTheLastWaitsForAnAnswer) {
  AddDefault(Request());
  const auto number = AddTicket();
  SetPriority(number, Priority::kP1);
  FollowEvents();
  const PageId page = Newest(number).id;
  Take(page);
  Take(page);
  EXPECT_THAT(Lines(Newest(number)), ElementsAre("started", "step Ana"));
  EXPECT_EQ(Notices(), 1);
  EXPECT_EQ(Newest(number).next.at(0).name, "Rui");
  Due(page);
  Take(page);
  Due(page);
  Take(page);
  Take(page);
  EXPECT_THAT(Lines(Newest(number)), ElementsAre("started", "step Ana", "step Rui", "unanswered"));
  EXPECT_EQ(Newest(number).state, PageState::kUnanswered);
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM job WHERE kind = 'page.step'"), 0);
}

TEST_F(EscalationTest, AStepThatWasDueWhileTheDeskWasDownIsTakenOnceAndMarkedLate) {
  AddDefault(Request());
  const auto number = AddTicket();
  SetPriority(number, Priority::kP1);
  FollowEvents();
  const PageId page = Newest(number).id;
  Due(page, std::chrono::hours{3});
  Take(page);
  Take(page);
  EXPECT_THAT(Lines(Newest(number)), ElementsAre("started", "step Ana late"));
  EXPECT_GT(Newest(number).step_at.value(), Now());
}

TEST_F(EscalationTest, AStepThatReachesNobodyIsNotWaitedFor) {
  AddDefault(Request());
  ASSERT_TRUE(Write([&](store::WriteTx& tx) -> Status {
    tx.Exec("UPDATE staff SET active = 0 WHERE id = $1", ana_.person);
    return {};
  }));
  const auto number = AddTicket();
  SetPriority(number, Priority::kP1);
  FollowEvents();
  const PageId page = Newest(number).id;
  Take(page);
  Take(page);
  EXPECT_THAT(Lines(Newest(number)), ElementsAre("started", "step", "step Rui"));
}

TEST_F(EscalationTest, WhoTakesItStopsTheCallsAndMayHandItBack) {
  AddDefault(Request());
  const auto number = AddTicket();
  const auto started = Write([&](store::WriteTx& tx) { return Start(tx, rui_, number, {"I cannot log in", {}}); });
  ASSERT_TRUE(started) << Describe(started.error());
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return Start(tx, rui_, number, {"Again", {}}); }).error().message,
            "page.calling");
  Take(*started);
  const auto take = [&](const auth::Actor& who) {
    return Write([&](store::WriteTx& tx) { return Acknowledge(tx, who, *started); });
  };
  ASSERT_TRUE(take(ana_));
  ASSERT_TRUE(take(ana_));  // a second click
  EXPECT_EQ(take(rui_).error().message, "page.acknowledged_by");
  Take(*started);
  const auto give = [&](const auth::Actor& who) {
    return Write([&](store::WriteTx& tx) { return Return(tx, who, *started, {"Not my system"}); });
  };
  EXPECT_EQ(give(rui_).error().message, "page.not_yours");
  ASSERT_TRUE(give(ana_));
  Take(*started);
  EXPECT_THAT(Lines(Newest(number)), ElementsAre("started", "step Ana", "acknowledged", "handed_back", "step Rui"));
  EXPECT_EQ(Newest(number).lines.at(3).note, "Not my system");
}

TEST_F(EscalationTest, AnAnswerToTheCustomerOrTheEndOfTheWorkEndsIt) {
  AddDefault(Request());
  const auto answered = AddTicket();
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return Start(tx, rui_, answered, {"Look", {}}); }));
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return ticket::Note(tx, ana_, answered, {"I look", {}}); }));
  FollowEvents();
  EXPECT_EQ(Newest(answered).state, PageState::kCalling);
  ASSERT_TRUE(Write([&](store::WriteTx& tx) {
    ticket::PostMessage message;
    message.body = "We are at it.";
    return ticket::Post(tx, ana_, answered, message);
  }));
  FollowEvents();
  EXPECT_EQ(Newest(answered).state, PageState::kEnded);
  EXPECT_EQ(Newest(answered).lines.back().act, PageAct::kAnswered);
  EXPECT_EQ(desk_.Load(answered).last_actor, "staff");

  const auto spam = AddTicket();
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return Start(tx, rui_, spam, {"Look", {}}); }));
  ASSERT_TRUE(Write([&](store::WriteTx& tx) {
    return ticket::Move(tx, manager_, spam, {.to = TicketState::kSpam, .reason = "junk", .until = {}, .into = {}}, {});
  }));
  FollowEvents();
  EXPECT_EQ(Newest(spam).lines.back().act, PageAct::kResolved);
}

TEST_F(EscalationTest, AWarningTellsWhoIsResponsibleOnce) {
  AddDefault(Request());
  const auto number = AddTicket();
  ticket::UpdateTicket change;
  change.assignee_id = {true, ana_.staff()};
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return ticket::Update(tx, manager_, number, change, std::nullopt); }));
  Fire(Step(number, "80%"));
  Fire(Step(number, "80%"));
  EXPECT_EQ(Notices(), 1);
  EXPECT_THAT(Pages(number), IsEmpty());
}

TEST_F(EscalationTest, ABreachCallsAndCallsAgainWhenItWasTakenAndNothingCameOfIt) {
  AddDefault(Request());
  const auto number = AddTicket();
  Fire(Step(number, "breach"));
  Fire(Step(number, "breach"));
  ASSERT_EQ(Pages(number).size(), 1);
  EXPECT_EQ(Newest(number).cause, PageCause::kClock);
  Fire(Step(number, "+1800s"));
  EXPECT_EQ(Pages(number).size(), 1);  // it calls already
  const PageId page = Newest(number).id;
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return Acknowledge(tx, ana_, page); }));
  Fire(Step(number, "+3600s"));
  ASSERT_EQ(Pages(number).size(), 2);
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM page WHERE state = 'ended'"), 1);
}

TEST_F(EscalationTest, WithoutAPolicyABreachIsToldToTheTeam) {
  const auto number = AddTicket();
  const auto team = Write([&](store::WriteTx& tx) {
    return people::AddTeam(tx, manager_, TeamOf({ana_.staff(), rui_.staff()}, std::nullopt));
  });
  ASSERT_TRUE(team);
  ticket::UpdateTicket change;
  change.team_id = {true, team->id};
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return ticket::Update(tx, manager_, number, change, std::nullopt); }));
  Fire(Step(number, "breach"));
  EXPECT_EQ(Notices(), 2);
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return Start(tx, ana_, number, {"Help", {}}); }).error().message,
            "page.no_policy");
}

TEST_F(EscalationTest, ALinkAnswersForWhoItWasSentToAndNobodyElse) {
  AddDefault(Request());
  const auto number = AddTicket();
  const auto page = Write([&](store::WriteTx& tx) { return Start(tx, rui_, number, {"Look", {}}); }).value();
  const auto token =
      Write([&](store::WriteTx& tx) -> Result<std::string> { return TokenFor(tx, page, ana_.staff()); }).value();
  const auto look = [&](const std::string& with, Time at) {
    return Read([&](store::ReadTx& tx) { return LookByLink(tx, with, at); });
  };
  EXPECT_EQ(look(token, Now()).value().name, "Ana");
  EXPECT_EQ(Newest(number).state, PageState::kCalling);  // looking changes nothing
  EXPECT_FALSE(look(token, Now() + kLinkValid + Seconds{1}));
  for (std::size_t i = 0; i < token.size(); i += 7) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(look(forged, Now())) << i;
  }
  const auto answer = [&](LinkAct act, const std::string& note) {
    return Write([&](store::WriteTx& tx) { return AnswerByLink(tx, token, {act, note}); });
  };
  EXPECT_TRUE(answer(LinkAct::kAcknowledge, "").value().mine);
  EXPECT_EQ(Newest(number).acknowledged_by->name, "Ana");
  EXPECT_EQ(answer(LinkAct::kHandBack, " ").error().fields.at(0).field, "note");
  EXPECT_EQ(answer(LinkAct::kHandBack, "On a train").value().state, PageState::kCalling);
  ASSERT_TRUE(Write([&](store::WriteTx& tx) -> Status {
    tx.Exec("UPDATE staff SET active = 0 WHERE id = $1", ana_.person);
    return {};
  }));
  EXPECT_FALSE(look(token, Now()));
}

TEST_F(EscalationTest, WhatNobodyNeedsToKnowAnyMoreIsDropped) {
  AddDefault(Request());
  const auto number = AddTicket();
  const auto page = Write([&](store::WriteTx& tx) { return Start(tx, rui_, number, {"Look", {}}); }).value();
  Take(page);
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return Acknowledge(tx, ana_, page); }));
  const auto id = desk_.Count("SELECT MAX(id) FROM delivery");
  const auto taken =
      Write([&](store::WriteTx& tx) -> Result<bool> { return notify::TakeDelivery(tx, id).has_value(); });
  EXPECT_FALSE(taken.value());
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM delivery WHERE state = 'dropped'"), 1);
}

}  // namespace
}  // namespace propolis::escalation
