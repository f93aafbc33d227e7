#include <gtest/gtest.h>

#include "domain/aftermath/aftermath.h"
#include "domain/desk_test_support.h"
#include "domain/promise/promise.h"
#include "domain/report/dashboard.h"
#include "domain/report/fact.h"
#include "domain/report/tally.h"
#include "domain/survey/survey.h"
#include "store/events.h"

namespace propolis::report {
namespace {

TEST(Tally, MedianIsTheLowerMiddle) {
  std::vector<std::int64_t> none;
  EXPECT_EQ(Median(none), std::nullopt);
  std::vector<std::int64_t> odd = {9, 1, 5};
  EXPECT_EQ(Median(odd), 5);
  std::vector<std::int64_t> even = {9, 1, 5, 7};
  EXPECT_EQ(Median(even), 5);
}

TEST(Tally, APercentileIsOneOfTheValues) {
  std::vector<std::int64_t> ten = {10, 1, 9, 2, 8, 3, 7, 4, 6, 5};
  EXPECT_EQ(Percentile(ten, 90), 9);
  EXPECT_EQ(Percentile(ten, 100), 10);
  EXPECT_EQ(Percentile(ten, 1), 1);
  std::vector<std::int64_t> three = {-5, 30, 2};
  EXPECT_EQ(Percentile(three, 90), 30);
  EXPECT_EQ(Percentile(three, 0), -5);
}

TEST(Tally, PercentOfNothingIsNothing) {
  EXPECT_EQ(Percent(0, 0), std::nullopt);
  EXPECT_EQ(Percent(1, 3), 33.3);
  EXPECT_EQ(Percent(3, 3), 100.0);
}

TEST(Csv, DefusesFormulasAndQuotes) {
  EXPECT_EQ(CsvField("plain"), "plain");
  EXPECT_EQ(CsvField("=1+1"), "'=1+1");
  EXPECT_EQ(CsvField("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(CsvField("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0");
  EXPECT_EQ(CsvField("\uff1d1+1"), "'\uff1d1+1");
  EXPECT_EQ(CsvField("  =1+1"), "'  =1+1");
  EXPECT_EQ(CsvField("\u00a0 \t=1"), "'\u00a0 \t=1");
  EXPECT_EQ(CsvField(" plain "), " plain ");
  EXPECT_EQ(CsvField("-2.5"), "-2.5");
  EXPECT_EQ(CsvField("-2+3+cmd"), "'-2+3+cmd");
  EXPECT_EQ(CsvField("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"");
}

class DashboardTest : public testing::Test {
 protected:
  void CatchUp() {
    const auto done = desk_.store->Write([&](store::WriteTx& tx) -> Result<bool> {
      TRY(aftermath::Follow(tx, store::EventsAfter(tx, 0, 10'000)));
      return true;
    });
    ASSERT_TRUE(done) << Describe(done.error());
  }
  Result<Dashboard> Board(Filter filter = {}) {
    CatchUp();
    return desk_.store->Read([&](store::ReadTx& tx) {
      return Compute(tx, manager_, filter, desk_.store.clock->Now() + std::chrono::seconds(1));
    });
  }
  void Resolve(std::int64_t number) {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
      auto edit = TRY(ticket::Edit::Begin(tx, manager_, number, auth::Permission::kTicketTransition));
      TRY(edit.MoveTo(TicketState::kResolved));
      return edit.Finish("ticket.transition");
    }));
  }
  void Prioritise(std::int64_t number, Priority priority) {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
      auto edit = TRY(ticket::Edit::Begin(tx, manager_, number, auth::Permission::kTicketUpdate));
      edit.ticket().priority = priority;
      return edit.Finish("ticket.update");
    }));
  }

  TestDesk desk_;
  auth::Actor manager_ = desk_.AddStaff("Mia", auth::Role::kManager);
};

TEST_F(DashboardTest, CountsWhatHappenedInThePeriodAndTheOneBefore) {
  desk_.AddTicket();
  desk_.store.clock->Advance(std::chrono::hours(24 * 100));  // the period before
  const auto first = desk_.AddTicket();
  const auto second = desk_.AddTicket();
  Prioritise(first, Priority::kP1);
  desk_.store.clock->Advance(std::chrono::hours(5));
  Resolve(second);
  const auto board = Board();
  ASSERT_TRUE(board) << Describe(board.error());
  EXPECT_EQ(board->opened, 2);
  EXPECT_EQ(board->resolved, 1);
  EXPECT_EQ(board->open_now, 2);
  EXPECT_EQ(board->previous.opened, 1);
  EXPECT_EQ(board->weeks.size(), 13U);
  EXPECT_EQ(board->weeks.back().opened, 2);
  EXPECT_EQ(board->weeks.back().high_share, 50.0);
  ASSERT_EQ(board->by_organisation.size(), 1U);
  EXPECT_EQ(board->by_organisation[0].name, "Acme");
  EXPECT_EQ(board->by_organisation[0].open, 2);
  EXPECT_EQ(board->backlog_by_age[1].bucket, "4h_24h");
  EXPECT_EQ(board->backlog_by_age[1].P1, 1);
  EXPECT_EQ(board->backlog_by_age[4].P4, 1);
}

TEST_F(DashboardTest, HowFarOffTheEtasWere) {
  using std::chrono::hours;
  const auto promise = [&](std::int64_t number, promise::Kind kind, hours in) {
    ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) {
      return promise::MakeOne(tx, manager_, number, {.kind = kind, .at = tx.Now() + in, .until = {}, .reason = {}});
    }));
  };
  EXPECT_EQ(Board().value().etas, 0);
  EXPECT_EQ(Board().value().eta_error_median_seconds, std::nullopt);

  const auto early = desk_.AddTicket();
  const auto late = desk_.AddTicket();
  const auto open = desk_.AddTicket();
  promise(early, promise::Kind::kEta, hours(5));
  promise(late, promise::Kind::kEta, hours(2));
  promise(open, promise::Kind::kEta, hours(1));
  promise(early, promise::Kind::kNextUpdate, hours(1));  // no ETA
  desk_.store.clock->Advance(hours(4));
  ASSERT_TRUE(desk_.store->Write([](store::WriteTx& tx) { return promise::SettleOverdue(tx, 10); }));
  Resolve(early);
  Resolve(late);

  const auto board = Board().value();
  EXPECT_EQ(board.etas, 2) << "one of a ticket that is not resolved was not off by anything yet";
  EXPECT_EQ(board.eta_error_median_seconds, -3600);
  EXPECT_EQ(board.eta_error_p90_seconds, 7200);
  EXPECT_EQ(board.previous.etas, 0);
  EXPECT_EQ(board.promises.kept, 1);
  EXPECT_EQ(board.promises.broken, 3);

  Filter elsewhere;
  elsewhere.organisation = desk_.AddOrganisation("Other");
  EXPECT_EQ(Board(elsewhere).value().etas, 0);
}

TEST_F(DashboardTest, CountsSurveysAndShowsComments) {
  const auto number = desk_.AddTicket();
  Resolve(number);
  CatchUp();
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM survey"), 1) << "the resolution asks";
  ASSERT_TRUE(desk_.store->Write(
      [&](store::WriteTx& tx) { return survey::Take(tx, **survey::TokenOf(tx, number), {4, "=Good"}); }));
  const auto board = Board();
  EXPECT_EQ(board->csat, 4.0);
  EXPECT_EQ(board->csat_answers, 1);
  EXPECT_EQ(board->csat_scores[3].count, 1);
  ASSERT_EQ(board->comments.size(), 1U);
  EXPECT_EQ(board->comments[0].organisation, "Acme");
  const auto csv = ToCsv(*board, "comments");
  EXPECT_NE(csv->find("'=Good"), std::string::npos) << *csv;
  EXPECT_EQ(ToCsv(*board, "secrets").error().fields[0].field, "table");
}

TEST_F(DashboardTest, AReopenedTicketIsNotResolvedAndAMergedOneNoWork) {
  const auto number = desk_.AddTicket();
  Resolve(number);
  CatchUp();
  const auto move = [&](TicketState to) {
    return desk_.store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
      auto edit = TRY(ticket::Edit::Begin(tx, manager_, number, auth::Permission::kTicketTransition));
      TRY(edit.MoveTo(to));
      return edit.Finish("ticket.transition");
    });
  };
  ASSERT_TRUE(move(TicketState::kOpen));
  EXPECT_EQ(Board()->resolved, 0);
  EXPECT_EQ(Board()->opened, 1);
  ASSERT_TRUE(move(TicketState::kSpam));
  EXPECT_EQ(Board()->opened, 0);
}

TEST_F(DashboardTest, FiltersAndPermission) {
  const auto other = desk_.AddOrganisation("Other");
  desk_.AddTicket(TicketKind::kFault, other);
  desk_.AddTicket();
  Filter filter;
  filter.organisation = other;
  EXPECT_EQ(Board(filter)->opened, 1);
  EXPECT_EQ(Board(filter)->open_now, 1);
  filter = {};
  filter.from = filter.to = desk_.store.clock->Now();
  EXPECT_EQ(Board(filter).error().fields[0].message, "report.period_empty");
  const auto agent = desk_.AddStaff("Ana");
  const auto refused =
      desk_.store->Read([&](store::ReadTx& tx) { return Compute(tx, agent, {}, desk_.store.clock->Now()); });
  EXPECT_EQ(refused.error().code, Code::kForbidden);
}

TEST_F(DashboardTest, RebuildingGivesTheSame) {
  Resolve(desk_.AddTicket());
  desk_.AddTicket();
  CatchUp();
  const auto before = desk_.Count("SELECT sum(ticket * 7 + coalesce(resolved_at, 0)) FROM report_fact");
  ASSERT_TRUE(desk_.store->Write([](store::WriteTx& tx) -> Result<bool> {
    tx.Exec("DELETE FROM report_fact");
    return true;
  }));
  EXPECT_EQ(RebuildFacts(*desk_.store, [](std::int64_t, std::int64_t) { return true; }), 2);
  EXPECT_EQ(desk_.Count("SELECT sum(ticket * 7 + coalesce(resolved_at, 0)) FROM report_fact"), before);
}

}  // namespace
}  // namespace propolis::report
