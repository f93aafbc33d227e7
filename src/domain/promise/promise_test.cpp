#include "domain/promise/promise.h"

#include <gtest/gtest.h>

#include "domain/desk_test_support.h"
#include "domain/ticket/commands.h"

namespace propolis::promise {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Time kAt = FromMicros(1'000'000'000'000);

TEST(JudgePromise, KeptUpToTheEndOfItsWindowBrokenAfter) {
  EXPECT_EQ(Judge(kAt, {}, {}, kAt), std::nullopt);
  EXPECT_EQ(Judge(kAt, {}, {}, kAt + Micros(1)), Outcome::kBroken);
  EXPECT_EQ(Judge(kAt, {}, kAt, kAt + hours(9)), Outcome::kKept);
  EXPECT_EQ(Judge(kAt, {}, kAt + Micros(1), kAt + hours(9)), Outcome::kBroken);
  EXPECT_EQ(Judge(kAt, kAt + hours(1), kAt + minutes(59), kAt + hours(9)), Outcome::kKept);
  EXPECT_EQ(Judge(kAt, kAt + hours(1), {}, kAt + minutes(59)), std::nullopt);
}

TEST(PromiseError, IsNothingWithinTheWindowAndSignedOutsideOfIt) {
  const Time at = Time(hours(12));
  EXPECT_EQ(ErrorOf(at, {}, at), 0);
  EXPECT_EQ(ErrorOf(at, {}, at + hours(1)), 3600);
  EXPECT_EQ(ErrorOf(at, {}, at - hours(2)), -7200);
  EXPECT_EQ(ErrorOf(at, at + hours(2), at + hours(1)), 0);
  EXPECT_EQ(ErrorOf(at, at + hours(2), at + hours(2)), 0);
  EXPECT_EQ(ErrorOf(at, at + hours(2), at + hours(3)), 3600);
  EXPECT_EQ(ErrorOf(at, at + hours(2), at - hours(1)), -3600);
}

class PromiseTest : public testing::Test {
 protected:
  Result<Promise> MakeIn(Kind kind, Micros in, const auth::Actor& actor) {
    return desk_.store->Write(
        [&](store::WriteTx& tx) { return MakeOne(tx, actor, number_, {kind, tx.Now() + in, {}, "working on it"}); });
  }
  Promise Now() {
    return desk_.store->Read([&](store::ReadTx& tx) -> Result<Promise> { return Of(tx, number_).at(0); }).value();
  }
  void Answer() {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) {
      ticket::PostMessage message;
      message.body = "Still looking.";
      return ticket::Post(tx, ana_, number_, message);
    }));
  }
  int Settled() {
    return desk_.store->Write([&](store::WriteTx& tx) { return SettleTicket(tx, number_); }).value();
  }

  TestDesk desk_;
  auth::Actor ana_ = desk_.AddStaff("Ana");
  std::int64_t number_ = desk_.AddTicket();
};

TEST_F(PromiseTest, AnAnswerInTimeKeepsAPromisedUpdate) {
  ASSERT_TRUE(MakeIn(Kind::kNextUpdate, hours(2), ana_));
  EXPECT_EQ(Settled(), 0);
  desk_.store.clock->Advance(hours(1));
  Answer();
  EXPECT_EQ(Settled(), 1);
  EXPECT_EQ(Now().outcome, Outcome::kKept);
  EXPECT_EQ(Settled(), 0) << "settled once";
}

TEST_F(PromiseTest, ALateAnswerBreaksIt) {
  ASSERT_TRUE(MakeIn(Kind::kNextUpdate, hours(2), ana_));
  desk_.store.clock->Advance(hours(3));
  Answer();
  EXPECT_EQ(Settled(), 1);
  EXPECT_EQ(Now().outcome, Outcome::kBroken);
}

TEST_F(PromiseTest, TimeAloneBreaksIt) {
  ASSERT_TRUE(MakeIn(Kind::kEta, hours(2), ana_));
  const auto overdue = [&] {
    return desk_.store->Write([](store::WriteTx& tx) { return SettleOverdue(tx, 100); }).value();
  };
  desk_.store.clock->Advance(hours(2));
  EXPECT_EQ(overdue(), 0) << "its last instant still counts";
  desk_.store.clock->Advance(Micros(1));
  EXPECT_EQ(overdue(), 1);
  EXPECT_EQ(Now().outcome, Outcome::kBroken);
  EXPECT_EQ(overdue(), 0);
}

TEST_F(PromiseTest, AResolutionKeepsAnEta) {
  ASSERT_TRUE(MakeIn(Kind::kEta, hours(2), ana_));
  desk_.store.clock->Advance(hours(1));
  Answer();
  EXPECT_EQ(Settled(), 0) << "an answer is no resolution";
  ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
    auto edit = TRY(ticket::Edit::Begin(tx, ana_, number_, auth::Permission::kTicketTransition));
    TRY(edit.MoveTo(TicketState::kResolved));
    return edit.Finish("ticket.transition");
  }));
  EXPECT_EQ(Settled(), 1);
  EXPECT_EQ(Now().outcome, Outcome::kKept);
}

TEST_F(PromiseTest, AFurtherOneMovesTheFirstAndKeepsItsHistory) {
  const auto first = MakeIn(Kind::kEta, hours(2), ana_);
  const auto second = MakeIn(Kind::kEta, hours(5), ana_);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->id, first->id);
  EXPECT_EQ(second->moved, 1);
  EXPECT_EQ(second->at, first->at + hours(3));
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM entry WHERE kind = 'promise'"), 2);
}

TEST_F(PromiseTest, AnUpdateGivenWithAMessageStartsAfresh) {
  ASSERT_TRUE(MakeIn(Kind::kNextUpdate, hours(2), ana_));
  desk_.store.clock->Advance(hours(1));
  Answer();
  const auto next = MakeIn(Kind::kNextUpdate, hours(4), ana_);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->moved, 0);
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM promise WHERE outcome = 'kept'"), 1);
}

TEST_F(PromiseTest, RefusesTimesThatMeanNothing) {
  EXPECT_EQ(MakeIn(Kind::kEta, Micros(0), ana_).error().fields[0].message, "promise.past");
  EXPECT_EQ(MakeIn(Kind::kEta, hours(24 * 400), ana_).error().fields[0].message, "promise.too_far");
  EXPECT_EQ(MakeIn(Kind::kEta, hours(1), desk_.AddStaff("Eli", auth::Role::kAuditor)).error().code, Code::kForbidden);
}

TEST_F(PromiseTest, SettledByHandOnce) {
  const auto made = MakeIn(Kind::kEta, hours(2), ana_);
  const auto change = [&](Change how) {
    return desk_.store->Write([&](store::WriteTx& tx) { return ChangeOne(tx, ana_, made->id, how); });
  };
  EXPECT_EQ(change({{}, {}, "why", Outcome::kMoved}).error().fields[0].field, "outcome");
  EXPECT_EQ(change({{}, {}, "told by phone", Outcome::kKept})->outcome, Outcome::kKept);
  EXPECT_EQ(change({{}, {}, "again", Outcome::kBroken}).error().code, Code::kConflict);
}

}  // namespace
}  // namespace propolis::promise
