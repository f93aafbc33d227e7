#include <gtest/gtest.h>

#include "domain/approval/approval_commands.h"
#include "domain/desk_test_support.h"
#include "domain/ticket/commands.h"

namespace propolis::approval {
namespace {

class ApprovalTest : public testing::Test {
 protected:
  Result<View> AskAs(const auth::Actor& actor, std::int64_t number, std::optional<StaffId> approver = {}) {
    return desk_.store->Write([&](store::WriteTx& tx) {
      return AskFor(tx, actor, number, {"Rule removed", "Your tunnel is up again.", approver});
    });
  }
  Result<View> DecideAs(const auth::Actor& actor, ApprovalId id, Decision decision,
                        std::optional<std::string> reason = {}) {
    return desk_.store->Write([&](store::WriteTx& tx) { return Settle(tx, actor, id, {decision, reason}); });
  }
  void Work(const auth::Actor& actor, std::int64_t number) {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) {
      return ticket::AddWork(tx, actor, number, {"Rebuilt the tunnel", {}, {}, {}, "up", true});
    }));
  }

  TestDesk desk_;
  auth::Actor ana_ = desk_.AddStaff("Ana");
  auth::Actor bea_ = desk_.AddStaff("Bea", auth::Role::kResponder);
};

TEST_F(ApprovalTest, AnotherPersonApprovesAndTheCustomerIsTold) {
  const auto number = desk_.AddTicket();
  Work(ana_, number);
  const auto asked = AskAs(ana_, number);
  ASSERT_TRUE(asked) << Describe(asked.error());
  EXPECT_EQ(desk_.Load(number).state, TicketState::kInApproval);
  EXPECT_FALSE(asked->may_decide);
  EXPECT_TRUE(asked->why_not);
  const auto decided = DecideAs(bea_, asked->id, Decision::kApprove);
  ASSERT_TRUE(decided) << Describe(decided.error());
  EXPECT_EQ(decided->state, State::kApproved);
  EXPECT_EQ(decided->decided_by->name, "Bea");
  EXPECT_EQ(desk_.Load(number).state, TicketState::kResolved);
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM entry WHERE kind = 'message' AND visibility = 'public' AND "
                        "author_name = 'Ana' AND body = 'Your tunnel is up again.'"),
            1);
  EXPECT_EQ(DecideAs(bea_, asked->id, Decision::kReject, "late").error().code, Code::kConflict);
}

TEST_F(ApprovalTest, NeedsWorkUnlessItIsAQuestion) {
  const auto fault = desk_.AddTicket();
  EXPECT_EQ(AskAs(ana_, fault).error().message, "approval.no_work_record");
  EXPECT_TRUE(AskAs(ana_, desk_.AddTicket(TicketKind::kQuestion)));
}

TEST_F(ApprovalTest, NeverTheAuthorNorTheAssignee) {
  const auto carla = desk_.AddStaff("Carla", auth::Role::kManager);
  const auto number = desk_.AddTicket();
  Work(ana_, number);
  ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
    auto edit = TRY(ticket::Edit::Begin(tx, bea_, number, auth::Permission::kTicketUpdate));
    edit.ticket().assignee = bea_.staff();
    return edit.Finish("ticket.update");
  }));
  const auto asked = AskAs(carla, number);
  ASSERT_TRUE(asked);
  EXPECT_EQ(DecideAs(carla, asked->id, Decision::kApprove).error().message, "approval.why_author");
  EXPECT_EQ(DecideAs(bea_, asked->id, Decision::kApprove).error().message, "approval.why_assignee");
  EXPECT_EQ(DecideAs(ana_, asked->id, Decision::kApprove).error().code, Code::kForbidden);
  EXPECT_EQ(desk_.Load(number).state, TicketState::kInApproval);
  EXPECT_TRUE(DecideAs(desk_.AddStaff("Dora", auth::Role::kAdmin), asked->id, Decision::kApprove));
}

TEST_F(ApprovalTest, RejectingNeedsAReasonAndOpensAgain) {
  const auto number = desk_.AddTicket();
  Work(ana_, number);
  const auto asked = AskAs(ana_, number);
  EXPECT_EQ(DecideAs(bea_, asked->id, Decision::kReject).error().fields[0].message, "approval.reason_needed");
  const auto rejected = DecideAs(bea_, asked->id, Decision::kReject, "No evidence of the test.");
  ASSERT_TRUE(rejected);
  EXPECT_EQ(desk_.Load(number).state, TicketState::kOpen);
  EXPECT_EQ(rejected->reason, "No evidence of the test.");
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM entry WHERE body = 'Your tunnel is up again.'"), 0);
  EXPECT_TRUE(AskAs(ana_, number)) << "it may be asked again";
}

TEST_F(ApprovalTest, WithdrawnByWhoAskedOnly) {
  const auto number = desk_.AddTicket();
  Work(ana_, number);
  const auto asked = AskAs(ana_, number);
  EXPECT_EQ(AskAs(ana_, number).error().message, "approval.asked_already");
  EXPECT_EQ(DecideAs(bea_, asked->id, Decision::kWithdraw).error().code, Code::kForbidden);
  EXPECT_TRUE(DecideAs(ana_, asked->id, Decision::kWithdraw));
  EXPECT_EQ(desk_.Load(number).state, TicketState::kOpen);
}

TEST_F(ApprovalTest, AChosenApproverMustBeAbleToDecide) {
  const auto number = desk_.AddTicket();
  Work(ana_, number);
  const auto agent = desk_.AddStaff("Eva");
  EXPECT_EQ(AskAs(ana_, number, agent.staff()).error().fields[0].message, "approval.why_permission");
  EXPECT_EQ(AskAs(ana_, number, StaffId::New(FromMicros(5))).error().fields[0].message, "field.not_found");
  EXPECT_TRUE(AskAs(ana_, number, bea_.staff()));
}

TEST_F(ApprovalTest, StrangersSeeNothing) {
  const auto number = desk_.AddTicket();
  Work(ana_, number);
  const auto asked = AskAs(ana_, number);
  const auto stranger = desk_.AddCustomer("Zoe", desk_.AddOrganisation("Other"), auth::Role::kCustomerApprover);
  EXPECT_EQ(DecideAs(stranger, asked->id, Decision::kApprove).error().code, Code::kNotFound);
  EXPECT_EQ(DecideAs(auth::Actor{}, asked->id, Decision::kApprove).error().code, Code::kUnauthenticated);
}

}  // namespace
}  // namespace propolis::approval
