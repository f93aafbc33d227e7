#include "domain/report/fact.h"

namespace propolis::report {
namespace {

constexpr int kBatch = 500;  // tickets in one transaction

// Times that count only while the ticket is resolved: a ticket that opens again is not resolved. A clock still running
// past its time is breached already.
constexpr std::string_view kKeep =
    "INSERT INTO report_fact (ticket, opened_at, resolved_at, priority, team, organisation, technology, "
    "first_response, "
    "resolution, kept, score, answered_at) "
    "SELECT t.number, t.created_at, CASE WHEN t.state IN ('resolved', 'closed') THEN d.resolved_at END, t.priority, "
    "t.team, t.organisation, t.technology, "
    "(SELECT c.elapsed FROM clock c WHERE c.ticket = t.number AND c.kind = 'first_response' AND c.met_at IS NOT NULL "
    "ORDER BY c.instance LIMIT 1), "
    "(SELECT c.elapsed FROM clock c WHERE c.ticket = t.number AND c.kind = 'resolution' AND c.met_at IS NOT NULL "
    "ORDER BY c.instance DESC LIMIT 1), "
    "(SELECT CASE WHEN count(*) = 0 THEN NULL WHEN sum(c.state = 'breached') > 0 THEN 0 ELSE 1 END FROM clock c "
    "WHERE c.ticket = t.number AND c.kind IN ('first_response', 'next_response', 'resolution') "
    "AND c.state <> 'cancelled'), s.score, s.answered_at "
    "FROM ticket t LEFT JOIN ticket_detail d ON d.ticket = t.number LEFT JOIN survey s ON s.ticket = t.number "
    "WHERE t.number = $1 AND t.state NOT IN ('merged', 'spam') "
    "ON CONFLICT (ticket) DO UPDATE SET resolved_at = excluded.resolved_at, priority = excluded.priority, "
    "team = excluded.team, organisation = excluded.organisation, technology = excluded.technology, "
    "first_response = excluded.first_response, resolution = excluded.resolution, kept = excluded.kept, "
    "score = excluded.score, answered_at = excluded.answered_at";
// What was merged or is spam is no work of the desk.
constexpr std::string_view kForget =
    "DELETE FROM report_fact WHERE ticket = $1 AND ticket IN (SELECT number FROM ticket WHERE number = $1 AND state IN "
    "('merged', 'spam'))";
constexpr std::string_view kNext = "SELECT number FROM ticket WHERE number > $1 ORDER BY number LIMIT $2";
constexpr std::string_view kLast = "SELECT coalesce(max(number), 0) FROM ticket";
constexpr std::string_view kCount = "SELECT count(*) FROM report_fact";

std::int64_t Number(const store::Row& row) { return row.Int(0); }

}  // namespace

void KeepFact(store::WriteTx& tx, std::int64_t number) {
  tx.Exec(kForget, number);
  tx.Exec(kKeep, number);
}

Result<std::int64_t> RebuildFacts(store::Store& store, const store::Progress& progress) {
  const auto last =
      TRY(store.Read([](store::ReadTx& tx) -> Result<std::int64_t> { return tx.One(kLast, Number).value_or(0); }));
  std::int64_t after = 0;
  while (after < last) {
    after = TRY(store.Write([&](store::WriteTx& tx) -> Result<std::int64_t> {
      const auto numbers = tx.All(kNext, Number, after, kBatch);
      for (const std::int64_t number : numbers) {
        KeepFact(tx, number);
      }
      return numbers.empty() ? last : numbers.back();
    }));
    if (!progress(after, last)) {
      break;
    }
  }
  return store.Read([](store::ReadTx& tx) -> Result<std::int64_t> { return tx.One(kCount, Number).value_or(0); });
}

}  // namespace propolis::report
