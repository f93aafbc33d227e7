#include "domain/portal/portal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"
#include "base/text.h"
#include "domain/ticket/access.h"
#include "domain/ticket/number.h"

namespace propolis::portal {
namespace {

// $3 is her address, or empty for who sees all; $7 is the same as a pattern for the list of those in copy.
constexpr std::string_view kRows =
    "SELECT t.number, t.id, t.subject, t.state, t.assignee IS NOT NULL, t.priority, t.created_at, t.updated_at, "
    "(SELECT min(p.at) FROM promise p WHERE p.ticket = t.number AND p.kind = 'eta' AND p.outcome = 'open'), "
    "(SELECT min(p.at) FROM promise p WHERE p.ticket = t.number AND p.kind = 'next_update' AND p.outcome = 'open'), "
    "t.requester_name, t.last_actor = 'staff' AND t.entries > coalesce(e.seq, 0) "
    "FROM ticket t LEFT JOIN ticket_detail d ON d.ticket = t.number "
    "LEFT JOIN ticket_seen e ON e.person = $1 AND e.ticket = t.number WHERE t.organisation = $2 AND {} "
    "AND ($3 = '' OR t.contact = $1 OR t.requester_email = $3 OR d.cc LIKE $7 ESCAPE '!') "
    "AND (t.updated_at < $4 OR (t.updated_at = $4 AND t.number < $5)) "
    "ORDER BY t.updated_at DESC, t.number DESC LIMIT $6";
constexpr std::string_view kOpen = "(t.is_open = 1 OR t.state = 'resolved')";
constexpr std::string_view kEnded = "t.state IN ('closed', 'merged')";

bool SeesAll(const auth::Actor& actor) { return actor.roles.contains(auth::Role::kCustomerApprover); }

struct Found {
  std::int64_t number = 0;
  Row row;
};

Found FoundFrom(const store::Row& row) {
  Found found;
  found.number = row.Int(0);
  found.row.number = ticket::FormatNumber(found.number);
  found.row.id = row.Id<TicketId>(1);
  found.row.subject = row.String(2);
  found.row.status = StatusOf(row.Enum<TicketState>(3), row.Bool(4));
  found.row.priority = static_cast<Priority>(row.Int(5));
  found.row.opened_at = row.Time(6);
  found.row.updated_at = row.Time(7);
  found.row.eta = row.OptTime(8);
  found.row.next_update = row.OptTime(9);
  found.row.requester = row.String(10);
  found.row.unread = row.Bool(11);
  return found;
}

// Where the page before ended: microseconds and number.
using Position = std::pair<std::int64_t, std::int64_t>;
Result<Position> Before(const std::optional<std::string>& cursor) {
  const auto key = TRY(TakeCursor(cursor.value_or(""), 2));
  if (!key) {
    return Position(INT64_MAX, INT64_MAX);
  }
  const auto at = text::ParseNumber<std::int64_t>(key->at(0));
  const auto number = text::ParseNumber<std::int64_t>(key->at(1));
  return at && number ? Result<Position>(Position(*at, *number)) : FailField("cursor", "field.not_found");
}

}  // namespace

const dto::Type& Row::Dto() {
  static const dto::Type type =
      dto::Object<Row>("PortalRow", "One of the customer's requests.")
          .Required("id", &Row::id, "Id for machines.")
          .Required("number", &Row::number, "Number for people.")
          .Required("subject", &Row::subject, "What it is about.")
          .Required("status", &Row::status, "Where it stands, in the customer's terms.")
          .Required("priority", &Row::priority, "P1 to P4.")
          .Required("opened_at", &Row::opened_at, "When it came.")
          .Required("updated_at", &Row::updated_at, "When it last changed.")
          .Optional("eta", &Row::eta, "When it is expected to be solved.")
          .Optional("next_update", &Row::next_update, "When she hears from the desk again.")
          .Required("requester", &Row::requester, "Who asked.")
          .Required("unread", &Row::unread, "Whether the desk wrote something she has not seen.")
          .Done();
  return type;
}

const dto::Type& RowPage::Dto() {
  static const dto::Type type = dto::Object<RowPage>("PortalPage", "A page of requests.")
                                    .Required("items", &RowPage::items, "The requests.")
                                    .Optional("next_cursor", &RowPage::next_cursor, "Absent on the last page.")
                                    .Done();
  return type;
}

const dto::Type& Filter::Dto() {
  static const dto::Type type =
      dto::Object<Filter>("PortalFilter", "")
          .Optional("state", &Filter::state, "open when left out.")
          .Optional("mine", &Filter::mine, "Only those in which she takes part.")
          .Optional("limit", &Filter::limit, "Items in a page, 50 when left out.", dto::Range(1, kPageMost))
          .Optional("cursor", &Filter::cursor, "`next_cursor` of the page before.", dto::Text(0, 2000))
          .Done();
  return type;
}

const dto::Type& Step::Dto() {
  static const dto::Type type =
      dto::Object<Step>("PortalStep", "One of the five steps of a request.")
          .Required("key", &Step::key, "received, classified, investigated, confirm or closed.")
          .Optional("at", &Step::at, "When it was done.")
          .Required("state", &Step::state, "done, now or ahead.")
          .Done();
  return type;
}

Status StatusOf(TicketState state, bool has_assignee) {
  switch (state) {
    case TicketState::kNew:
      return has_assignee ? Status::kClassified : Status::kReceived;
    case TicketState::kOpen:
    case TicketState::kWaitingThirdParty:
    case TicketState::kScheduled:
    case TicketState::kInApproval:
      return Status::kInvestigating;
    case TicketState::kWaitingCustomer:
      return Status::kWaitingYou;
    case TicketState::kResolved:
      return Status::kToConfirm;
    case TicketState::kClosed:
    case TicketState::kMerged:
    case TicketState::kSpam:
      return Status::kClosed;
  }
  return Status::kClosed;
}

Result<RowPage> List(store::ReadTx& tx, const auth::Actor& actor, const Filter& filter) {
  RowPage page;
  if (!actor.organisation) {
    return page;
  }
  const bool hers = filter.mine.value_or(false) || !SeesAll(actor);
  const std::string sql = fmt::format(fmt::runtime(kRows), filter.state == Which::kClosed ? kEnded : kOpen);
  const std::string email = hers ? text::AsciiLower(actor.email) : "";
  const std::int64_t limit = filter.limit.value_or(kPageDefault);
  const auto [at, number] = TRY(Before(filter.cursor));
  auto found = tx.All(sql, FoundFrom, actor.contact(), *actor.organisation, email, at, number, limit + 1,
                      ticket::InCopyPattern(email));
  if (static_cast<std::int64_t>(found.size()) > limit) {
    found.pop_back();
    const auto micros = found.back().row.updated_at.time_since_epoch().count();
    page.next_cursor = MakeCursor({std::to_string(micros), std::to_string(found.back().number)});
  }
  for (auto& one : found) {
    page.items.push_back(std::move(one.row));
  }
  return page;
}

Result<std::int64_t> Find(store::ReadTx& tx, const auth::Actor& actor, std::string_view id_or_number) {
  const std::int64_t number = TRY(ticket::Resolve(tx, id_or_number));
  const auto found = ticket::Load(tx, number);
  if (!found || !ticket::MaySee(tx, actor, *found)) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return number;
}

std::vector<Step> StepsOf(Status status, const StepTimes& times) {
  // Which step is under way; every one before it is done.
  const std::size_t now = [&]() -> std::size_t {
    switch (status) {
      case Status::kReceived:
        return 0;
      case Status::kClassified:
        return 1;
      case Status::kInvestigating:
      case Status::kWaitingYou:
        return 2;
      case Status::kToConfirm:
        return 3;
      case Status::kClosed:
        return 5;
    }
    return 0;
  }();
  std::vector<Step> steps = {{"received", times.created, ""},
                             {"classified", times.created, ""},
                             {"investigated", times.resolved, ""},
                             {"confirm", times.closed, ""},
                             {"closed", times.closed, ""}};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i].state = i < now ? "done" : i == now ? "now" : "ahead";
    if (i >= now) {
      steps[i].at = std::nullopt;
    }
  }
  return steps;
}

}  // namespace propolis::portal
