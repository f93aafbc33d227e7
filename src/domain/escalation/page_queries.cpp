#include "domain/escalation/page_queries.h"

#include "domain/escalation/calls.h"
#include "domain/escalation/page_row.h"
#include "domain/escalation/page_sql.h"
#include "domain/stored.h"
#include "domain/ticket/number.h"
#include "domain/ticket/ticket.h"

namespace propolis::escalation {
namespace {

using auth::Permission;

PageLine ToLine(const store::Row& row) {
  return {.at = row.Time(0),
          .act = row.Enum<PageAct>(1),
          .step = row.OptInt(2),
          .late = row.Bool(3),
          .by = row.String(4),
          .note = row.String(5),
          .called = stored::FromJson<std::vector<Ref>>(row.Text(6))};
}

Page Complete(store::ReadTx& tx, PageRow&& row, Time now) {
  const auto steps = static_cast<std::int64_t>(row.plan.size());
  Page page{.id = row.id,
            .ticket = {ticket::FormatNumber(row.ticket), std::move(row.subject), row.priority},
            .state = row.state,
            .cause = row.cause,
            .policy = std::move(row.policy),
            .note = std::move(row.note),
            .started_at = row.started_at,
            .steps = steps,
            .steps_left = steps - row.step,
            .step_at = row.HasSteps() ? row.step_at : std::nullopt,
            .next = {},
            .acknowledged_by = std::move(row.acknowledged_by),
            .acknowledged_at = row.acknowledged_at,
            .ended_at = row.ended_at,
            .lines = tx.All(sql::kLines, ToLine, row.id)};
  if (page.step_at) {
    page.next = PeopleOf(tx, row.plan[static_cast<std::size_t>(row.step)].targets, now);
  }
  return page;
}

std::vector<Page> CompleteAll(store::ReadTx& tx, std::vector<PageRow>&& rows, Time now) {
  std::vector<Page> pages;
  for (auto& row : rows) {
    pages.push_back(Complete(tx, std::move(row), now));
  }
  return pages;
}

}  // namespace

PageRow ToPageRow(const store::Row& row) {
  return {.id = row.Id<PageId>(0),
          .ticket = row.Int(1),
          .subject = row.String(2),
          .priority = static_cast<Priority>(row.Int(3)),
          .policy = row.String(4),
          .plan = stored::FromJson<std::vector<PlannedStep>>(row.Text(5)),
          .cause = row.Enum<PageCause>(6),
          .note = row.String(7),
          .state = row.Enum<PageState>(8),
          .step = row.Int(9),
          .step_at = row.OptTime(10),
          .started_at = row.Time(11),
          .acknowledged_by = OptRef(row, 12),
          .acknowledged_at = row.OptTime(14),
          .ended_at = row.OptTime(15)};
}

Result<Page> GetPage(store::ReadTx& tx, const auth::Actor& actor, PageId id, Time now) {
  TRY(auth::Require(actor, Permission::kTicketRead, {.organisation = actor.organisation}));
  auto row = tx.One(sql::kPage, ToPageRow, id);
  if (!row) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return Complete(tx, *std::move(row), now);
}

Result<std::vector<Page>> ListPages(store::ReadTx& tx, const auth::Actor& actor, bool live, Time now) {
  TRY(auth::Require(actor, Permission::kTicketRead, {.organisation = actor.organisation}));
  return CompleteAll(tx, tx.All(live ? sql::kLivePages : sql::kLatestPages, ToPageRow, kMostPages), now);
}

Result<std::vector<Page>> PagesOf(store::ReadTx& tx, const auth::Actor& actor, std::int64_t ticket, Time now) {
  const auto found = ticket::Load(tx, ticket);
  TRY(auth::Require(actor, Permission::kTicketRead,
                    {.organisation = found ? found->organisation : actor.organisation}));
  return CompleteAll(tx, tx.All(sql::kPagesOfTicket, ToPageRow, ticket, kMostPages), now);
}

}  // namespace propolis::escalation
