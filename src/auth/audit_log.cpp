#include "auth/audit_log.h"

namespace propolis::auth {
namespace {

#define PROPOLIS_AUDIT_COLUMNS \
  "SELECT seq, at, actor_kind, actor, actor_name, act, outcome, ticket, subject, details FROM audit "
constexpr std::string_view kAll = PROPOLIS_AUDIT_COLUMNS "WHERE seq < $1 ORDER BY seq DESC";
constexpr std::string_view kOfTicket = PROPOLIS_AUDIT_COLUMNS "WHERE ticket = $2 AND seq < $1 ORDER BY seq DESC";
#undef PROPOLIS_AUDIT_COLUMNS

// How many rows one page looks at before it answers with what it has.
constexpr int kMostLooked = 100'000;

AuditRow ToRow(const store::Row& row) {
  return {.seq = row.Int(0),
          .at = row.Time(1),
          .leaf = {.actor_kind = row.String(2),
                   .actor = row.OptId<StaffId>(3).value_or(StaffId{}).uuid,
                   .actor_name = row.String(4),
                   .act = row.String(5),
                   .outcome = row.Enum<audit::Outcome>(6),
                   .ticket = row.Int(7),
                   .subject = row.String(8),
                   .details = row.String(9)}};
}

bool Matches(const AuditRow& row, const AuditFilter& filter) {
  const bool act = filter.act.empty() || row.leaf.act == filter.act ||
                   (filter.act.ends_with('.') && row.leaf.act.starts_with(filter.act));
  return act && (!filter.actor || *filter.actor == row.leaf.actor) && (!filter.from || row.at >= *filter.from) &&
         (!filter.to || row.at < *filter.to);
}

}  // namespace

Result<AuditPage> AuditLog(store::ReadTx& tx, const Actor& actor, const AuditFilter& filter) {
  TRY(Require(actor, Permission::kAuditRead));
  AuditPage page;
  int looked = 0;
  const auto visit = [&](const store::Row& row) {
    AuditRow found = ToRow(row);
    // Times follow the sequence: whatever is older than `from` ends the search.
    if (filter.from && found.at < *filter.from) {
      return false;
    }
    const std::int64_t seq = found.seq;
    if (Matches(found, filter)) {
      page.rows.push_back(std::move(found));
    }
    if (page.rows.size() == static_cast<std::size_t>(filter.limit) || ++looked == kMostLooked) {
      page.next = seq;
      return false;
    }
    return true;
  };
  const std::int64_t before = filter.before.value_or(INT64_MAX);
  if (filter.ticket != 0) {
    tx.ForEach(kOfTicket, visit, before, filter.ticket);
  } else {
    tx.ForEach(kAll, visit, before);
  }
  return page;
}

}  // namespace propolis::auth
