// The share of P1 and P2 against the bound, on a real store.
#include "domain/triage/drift.h"

#include <gtest/gtest.h>

#include "domain/calendars/calendar_commands.h"
#include "domain/desk_test_support.h"
#include "domain/report/fact.h"
#include "domain/ticket/commands.h"

namespace propolis::triage {
namespace {

using std::chrono::days;

TEST(Share, IsOverOnlyWithEnoughTickets) {
  EXPECT_EQ(Share{}.Percent(), 0);
  EXPECT_DOUBLE_EQ((Share{20, 4}.Percent()), 20);
  EXPECT_TRUE(IsOver({20, 4}, 18));
  EXPECT_FALSE(IsOver({20, 4}, 20)) << "at the bound is not above it";
  EXPECT_FALSE(IsOver({19, 19}, 18)) << "too few to say";
}

class DriftTest : public testing::Test {
 protected:
  std::int64_t Add(std::optional<OrganisationId> of = std::nullopt) {
    const auto number = desk_.AddTicket(TicketKind::kFault, of);
    Keep(number);
    return number;
  }
  void Keep(std::int64_t number) {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Status {
      report::KeepFact(tx, number);
      return {};
    }));
  }
  Result<ticket::Ticket> Change(std::int64_t number, const ticket::UpdateTicket& change) {
    auto changed = desk_.store->Write(
        [&](store::WriteTx& tx) { return ticket::Update(tx, agent_, number, change, std::nullopt); });
    Keep(number);
    return changed;
  }
  Result<ticket::Ticket> Raise(std::int64_t number, std::optional<std::string> reason = std::nullopt) {
    ticket::UpdateTicket change;
    change.impact = change.urgency = 1;
    change.reason = std::move(reason);
    return Change(number, change);
  }
  Drift Look(int weeks = 4) {
    return desk_.store
        ->Read([&](store::ReadTx& tx) { return ComputeDrift(tx, manager_, {weeks}, desk_.store.clock->Now()); })
        .value();
  }
  static std::string Why(const Result<ticket::Ticket>& result) {
    return result ? "" : result.error().fields.empty() ? result.error().message : result.error().fields[0].message;
  }

  TestDesk desk_;
  auth::Actor agent_ = desk_.AddStaff("Ana");
  auth::Actor manager_ = desk_.AddStaff("Mia", auth::Role::kManager);
};

TEST_F(DriftTest, OneMoreAboveTheBoundNeedsAReason) {
  std::vector<std::int64_t> tickets;
  for (int i = 0; i < 24; ++i) {
    tickets.push_back(Add());
  }
  for (std::size_t i = 0; i < 6; ++i) {  // five make 20.8 %, above eighteen
    EXPECT_EQ(Why(Raise(tickets[i])), i < 5 ? "" : "triage.reason_for_organisation") << i;
  }
  EXPECT_EQ(desk_.Load(tickets[5]).priority, Priority::kP4) << "nothing is stored without it";
  EXPECT_EQ(Why(Raise(tickets[5], "Three branches are cut off")), "");
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM entry WHERE data LIKE '%Three branches%'"), 1);
  ticket::UpdateTicket change;
  change.impact = 2;
  EXPECT_EQ(Why(Change(tickets[0], change)), "") << "who does not raise it needs none";
  change = {};
  change.priority_override = {.given = true, .value = ticket::PriorityOverride{Priority::kP1, "The board asked"}};
  EXPECT_EQ(Why(Change(tickets[6], change)), "") << "a priority by hand has its reason";
  EXPECT_EQ(Why(Raise(Add(desk_.AddOrganisation("Bolt")))), "") << "another organisation is another share";
  desk_.store.clock->Advance(days{31});
  EXPECT_EQ(Why(Raise(Add())), "") << "what is older than thirty days counts no more";
}

TEST_F(DriftTest, AnOverrideEndsWhenTheLevelsChange) {
  const auto number = Add();
  ticket::UpdateTicket change;
  change.priority_override = {.given = true, .value = ticket::PriorityOverride{Priority::kP1, "The board asked"}};
  EXPECT_EQ(Change(number, change)->priority, Priority::kP1);
  const Drift drift = Look();
  ASSERT_EQ(drift.overrides.size(), 1U);
  EXPECT_EQ(drift.overrides[0].reason, "The board asked");
  EXPECT_EQ(drift.overrides[0].by, "Ana");
  EXPECT_EQ(drift.overrides[0].by_matrix, Priority::kP4);
  EXPECT_TRUE(drift.levels.empty()) << "a priority by hand is not the matrix's";
  change = {};
  change.urgency = 3;
  EXPECT_NE(Change(number, change)->priority, Priority::kP1);
  EXPECT_TRUE(Look().overrides.empty());
}

TEST_F(DriftTest, ThePageTellsWeeksAndWhoIsAbove) {
  const auto bolt = desk_.AddOrganisation("Bolt");
  for (int i = 0; i < 20; ++i) {
    const auto number = Add(bolt);
    if (i < 5) {
      EXPECT_TRUE(Raise(number, "so"));
    }
  }
  desk_.store.clock->Advance(days{7});
  Add();
  desk_.store.clock->Advance(days{1});
  const Drift drift = Look(2);
  EXPECT_EQ(drift.bound, 18);
  EXPECT_EQ(drift.tickets, 21);
  EXPECT_EQ(drift.high, 5);
  ASSERT_EQ(drift.organisations.size(), 2U);
  EXPECT_EQ(drift.organisations[0].of.name, "Bolt");
  EXPECT_TRUE(drift.organisations[0].over);
  EXPECT_DOUBLE_EQ(drift.organisations[0].percent, 25);
  ASSERT_EQ(drift.organisations[0].weeks.size(), 2U);
  EXPECT_EQ(drift.organisations[0].weeks[0].high, 5);
  EXPECT_EQ(drift.organisations[0].weeks[1].tickets, 0);
  EXPECT_EQ(drift.organisations[1].weeks[1].tickets, 1);
  EXPECT_FALSE(drift.organisations[1].over);
  EXPECT_EQ(Look(1).tickets, 1) << "only what came in the period";
  EXPECT_FALSE(
      desk_.store->Read([&](store::ReadTx& tx) { return ComputeDrift(tx, agent_, {}, desk_.store.clock->Now()); }));
}

}  // namespace
}  // namespace propolis::triage
