// How good the classification was: counted over cases, and over a desk's own tickets.
#include "domain/triage/accuracy.h"

#include <gtest/gtest.h>

#include "domain/aftermath/aftermath.h"
#include "domain/day.h"
#include "domain/desk_test_support.h"
#include "domain/ticket/commands.h"
#include "store/events.h"

namespace propolis::triage {
namespace {

using std::chrono::days;

const Time kMonday = ParseTime("2026-03-02T00:00:00Z").value();

Judged At(int day, std::string proposed, std::optional<std::string> settled, Method method = Method::kRules) {
  return {
      .came = kMonday + days{day}, .proposed = std::move(proposed), .method = method, .settled = std::move(settled)};
}

std::vector<std::int64_t> Figures(const AccuracyCount& count) {
  return {count.tickets, count.applied, count.judged, count.right};
}
using Counted = std::vector<std::int64_t>;

TEST(CountAccuracy, OnlyAppliedAnswersOfSettledTicketsAreJudged) {
  const auto counted = Count(Target::kKind,
                             {At(0, "fault", "fault"), At(1, "fault", "question", Method::kModel), At(2, "", "fault"),
                              At(3, "fault", std::nullopt), At(7, "question", "question", Method::kModel)},
                             kMonday, 2);
  EXPECT_EQ(Figures(counted.all), (Counted{5, 4, 3, 2}));
  EXPECT_EQ(Figures(counted.model), (Counted{5, 2, 2, 1}));
  ASSERT_EQ(counted.weeks.size(), 2U);
  EXPECT_EQ(counted.weeks[0].week, "2026-W10");
  EXPECT_EQ(Figures(counted.weeks[0].all), (Counted{4, 3, 2, 1}));
  EXPECT_EQ(Figures(counted.weeks[0].model), (Counted{4, 1, 1, 0}));
  EXPECT_EQ(counted.weeks[1].week, "2026-W11");
  EXPECT_EQ(Figures(counted.weeks[1].all), (Counted{1, 1, 1, 1}));
}

TEST(CountAccuracy, EachLabelHasWhatItWasAndWhatItWasTakenFor) {
  const auto counted =
      Count(Target::kTechnology, {At(0, "a", "a"), At(0, "a", "b"), At(8, "b", "b"), At(8, "b", "")}, kMonday, 2);
  ASSERT_EQ(counted.classes.size(), 2U) << "nothing known at all is no label";
  const ClassAccuracy& b = counted.classes[0];
  EXPECT_EQ(b.label, "b");
  EXPECT_EQ(b.settled, 2);
  EXPECT_EQ(b.proposed, 2);
  EXPECT_EQ(b.right, 1);
  EXPECT_EQ(b.weeks.at(0).settled, 1);
  EXPECT_EQ(b.weeks.at(0).right, 0);
  EXPECT_EQ(b.weeks.at(1).right, 1);
  const ClassAccuracy& a = counted.classes[1];
  EXPECT_EQ(std::tuple(a.settled, a.proposed, a.right), std::tuple(1, 2, 1));
}

TEST(CountAccuracy, NothingIsNothing) {
  const auto counted = Count(Target::kUrgency, {}, kMonday, 3);
  EXPECT_EQ(counted.weeks.size(), 3U);
  EXPECT_TRUE(counted.classes.empty());
}

class AccuracyTest : public testing::Test {
 protected:
  template <class Fn>
  auto Write(Fn fn) {
    return desk_.store->Write(fn);
  }
  // A ticket for which `kind` was proposed and applied when it came.
  std::int64_t Proposed(TicketKind kind, Method method = Method::kModel, bool applied = true) {
    const auto number = desk_.AddTicket(kind);
    Classification classification;
    classification.kind =
        ProposedKind{.value = kind, .confidence = 0.9, .words = {}, .applied = applied, .method = method};
    Write([&](store::WriteTx& tx) -> Status {
      tx.Exec(
          "INSERT INTO ticket_decision (ticket, classification) VALUES ($1, $2) ON CONFLICT (ticket) DO UPDATE SET "
          "classification = excluded.classification",
          number, dto::ToJson(classification));
      return {};
    }).value();
    return number;
  }
  void End(std::int64_t number, TicketState state = TicketState::kResolved) {
    ASSERT_TRUE(Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
      auto edit = TRY(ticket::Edit::Begin(tx, manager_, number, auth::Permission::kTicketTransition));
      TRY(edit.MoveTo(state));
      return edit.Finish("ticket.transition");
    }));
  }
  void Say(std::int64_t number, TicketKind kind) {
    ticket::UpdateTicket change;
    change.kind = kind;
    ASSERT_TRUE(Write([&](store::WriteTx& tx) { return ticket::Update(tx, manager_, number, change, {}); }));
  }
  Result<Accuracy> Compute(const auth::Actor& actor, std::optional<int> weeks = {}) {
    Write([&](store::WriteTx& tx) -> Status {
      return aftermath::Follow(tx, store::EventsAfter(tx, 0, 10'000));
    }).value();
    return desk_.store->Read(
        [&](store::ReadTx& tx) { return ComputeAccuracy(tx, actor, {weeks}, desk_.store.clock->Now()); });
  }
  TargetAccuracy Kinds() { return Compute(manager_).value().targets.at(1); }

  TestDesk desk_;
  auth::Actor manager_ = desk_.AddStaff("Mia", auth::Role::kManager);
};

TEST_F(AccuracyTest, WhatStoodUntilTheEndWasRightAndWhatAPersonChangedWasNot) {
  End(Proposed(TicketKind::kFault));
  Proposed(TicketKind::kFault);  // open, and nobody has said anything
  const auto changed = Proposed(TicketKind::kFault, Method::kRules);
  Say(changed, TicketKind::kQuestion);
  End(Proposed(TicketKind::kFault, Method::kModel, /*applied=*/false));
  const auto kinds = Kinds();
  EXPECT_EQ(kinds.target, Target::kKind);
  EXPECT_EQ(Figures(kinds.all), (Counted{4, 3, 2, 1}));
  EXPECT_EQ(Figures(kinds.model), (Counted{4, 2, 1, 1}));
  EXPECT_EQ(kinds.weeks.size(), 13U);
  EXPECT_EQ(Figures(kinds.weeks.back().all), (Counted{4, 3, 2, 1}));
  ASSERT_EQ(kinds.classes.size(), 2U);
  EXPECT_EQ(kinds.classes[0].label, "fault");
  EXPECT_EQ(kinds.classes[1].label, "question");
}

TEST_F(AccuracyTest, AWeekIsThatInWhichTheTicketCame) {
  const auto first = Proposed(TicketKind::kFault);
  desk_.store.clock->Advance(days{14});
  End(first);
  const auto kinds = Kinds();
  EXPECT_EQ(Figures(kinds.weeks.at(10).all), (Counted{1, 1, 1, 1}));
  EXPECT_EQ(Figures(kinds.weeks.at(12).all), (Counted{0, 0, 0, 0}));
  const auto two = Compute(manager_, 2).value();
  EXPECT_EQ(two.from, MondayOf(desk_.store.clock->Now()) - days{7});
  EXPECT_EQ(two.targets.at(1).all.tickets, 0) << "it came before them";
  EXPECT_TRUE(two.complete);
}

TEST_F(AccuracyTest, SpamSaysNothingAndNotEverybodyMayAsk) {
  End(Proposed(TicketKind::kFault), TicketState::kSpam);
  EXPECT_EQ(Kinds().all.tickets, 0);
  auth::Actor nobody = manager_;
  nobody.permissions.clear();
  EXPECT_EQ(Compute(nobody).error().code, Code::kForbidden);
}

}  // namespace
}  // namespace propolis::triage
