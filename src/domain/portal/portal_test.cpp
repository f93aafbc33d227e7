#include "domain/portal/portal.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "domain/desk_test_support.h"
#include "domain/ticket/number.h"

namespace propolis::portal {
namespace {

TEST(PortalStatus, NeverTellsAnInternalState) {
  EXPECT_EQ(StatusOf(TicketState::kNew, false), Status::kReceived);
  EXPECT_EQ(StatusOf(TicketState::kNew, true), Status::kClassified);
  for (const auto state :
       {TicketState::kOpen, TicketState::kWaitingThirdParty, TicketState::kScheduled, TicketState::kInApproval}) {
    EXPECT_EQ(StatusOf(state, true), Status::kInvestigating);
  }
  EXPECT_EQ(StatusOf(TicketState::kWaitingCustomer, true), Status::kWaitingYou);
  EXPECT_EQ(StatusOf(TicketState::kResolved, true), Status::kToConfirm);
  for (const auto state : {TicketState::kClosed, TicketState::kMerged, TicketState::kSpam}) {
    EXPECT_EQ(StatusOf(state, true), Status::kClosed);
  }
}

TEST(PortalSteps, OneIsNowAndTimesAreOfWhatIsDone) {
  const StepTimes times{FromMicros(1), FromMicros(2), std::nullopt};
  const auto steps = StepsOf(Status::kToConfirm, times);
  ASSERT_EQ(steps.size(), 5U);
  EXPECT_EQ(steps[2].state, "done");
  EXPECT_EQ(steps[2].at, FromMicros(2));
  EXPECT_EQ(steps[3].state, "now");
  EXPECT_FALSE(steps[3].at.has_value());
  EXPECT_EQ(steps[4].state, "ahead");
  for (const auto& step : StepsOf(Status::kClosed, times)) {
    EXPECT_EQ(step.state, "done");
  }
}

class PortalTest : public testing::Test {
 protected:
  std::size_t Sees(const auth::Actor& actor, const Filter& filter = {}) {
    return desk_.store
        ->Read([&](store::ReadTx& tx) -> Result<std::size_t> { return TRY(List(tx, actor, filter)).items.size(); })
        .value_or(99);
  }
  bool Finds(const auth::Actor& actor, std::int64_t number) {
    return desk_.store->Read([&](store::ReadTx& tx) { return Find(tx, actor, ticket::FormatNumber(number)); })
        .has_value();
  }
  TestDesk desk_;
};

TEST_F(PortalTest, WhoSeesWhat) {
  const auto ana = desk_.AddCustomer("Ana", desk_.organisation);
  const auto ben = desk_.AddCustomer("Ben", desk_.organisation);
  const auto boss = desk_.AddCustomer("Boss", desk_.organisation, auth::Role::kCustomerApprover);
  const auto stranger = desk_.AddCustomer("Zoe", desk_.AddOrganisation("Other"), auth::Role::kCustomerApprover);
  const auto number = desk_.AddTicket();
  EXPECT_EQ(Sees(ana), 1U);
  EXPECT_TRUE(Finds(ana, number));
  EXPECT_EQ(Sees(ben), 0U);
  EXPECT_FALSE(Finds(ben, number));
  EXPECT_EQ(Sees(boss), 1U);
  EXPECT_EQ(Sees(boss, {.state = {}, .mine = true, .limit = {}, .cursor = {}}), 0U);
  EXPECT_TRUE(Finds(boss, number));
  EXPECT_EQ(Sees(stranger), 0U);
  EXPECT_FALSE(Finds(stranger, number));
  EXPECT_EQ(Sees(ana, {.state = Which::kClosed, .mine = {}, .limit = {}, .cursor = {}}), 0U);
}

TEST_F(PortalTest, SomebodyInCopySeesItAndAPatternIsNoWayIn) {
  const auto ana = desk_.AddCustomer("Ana", desk_.organisation);
  const auto ben = desk_.AddCustomer("Ben", desk_.organisation);
  auto wild = desk_.AddCustomer("Wild", desk_.organisation);
  wild.email = "%@customer.example";
  const auto number = desk_.AddTicket();
  ASSERT_TRUE(desk_.store
                  ->Write([&](store::WriteTx& tx) -> Result<bool> {
                    tx.Exec("UPDATE ticket_detail SET cc = $2 WHERE ticket = $1", number, "[\"" + ben.email + "\"]");
                    return true;
                  })
                  .has_value());
  EXPECT_EQ(Sees(ben), 1U);
  EXPECT_TRUE(Finds(ben, number));
  EXPECT_EQ(Sees(wild), 0U);
  EXPECT_FALSE(Finds(wild, number));
}

TEST_F(PortalTest, PagesHoldTogether) {
  const auto ana = desk_.AddCustomer("Ana", desk_.organisation);
  for (int i = 0; i < 5; ++i) {
    desk_.AddTicket();
  }
  std::vector<std::string> seen;
  std::optional<std::string> cursor;
  do {
    const auto page = desk_.store->Read([&](store::ReadTx& tx) -> Result<RowPage> {
      return List(tx, ana, {.state = {}, .mine = {}, .limit = 2, .cursor = cursor});
    });
    ASSERT_TRUE(page.has_value());
    for (const auto& row : page->items) {
      seen.push_back(row.number);
    }
    cursor = page->next_cursor;
  } while (cursor);
  EXPECT_EQ(seen.size(), 5U);
  std::ranges::sort(seen);
  EXPECT_TRUE(std::ranges::adjacent_find(seen) == seen.end());
}

}  // namespace
}  // namespace propolis::portal
