#include "app/invariants.h"

#include <fmt/format.h>

#include "auth/secrets.h"
#include "domain/ticket/number.h"

namespace propolis::app {
namespace {

using store::ReadTx;
using Findings = std::vector<std::string>;

constexpr int kMostNamed = 20;

// Each row of `sql` is a ticket number that breaks the rule.
store::Invariant NoTicket(std::string sql, std::string what) {
  return [sql = std::move(sql), what = std::move(what)](ReadTx& tx, Findings& findings) {
    int named = 0;
    tx.ForEach(sql, [&](const store::Row& row) {
      findings.push_back(fmt::format("{}: {}", ticket::FormatNumber(row.Int(0)), what));
      return ++named < kMostNamed;
    });
  };
}

store::Invariant NoRow(std::string sql, std::string what) {
  return [sql = std::move(sql), what = std::move(what)](ReadTx& tx, Findings& findings) {
    tx.ForEach(sql, [&](const store::Row& row) {
      findings.push_back(fmt::format("{} ({})", what, row.Int(0)));
      return false;
    });
  };
}

}  // namespace

std::vector<store::Invariant> Invariants() {
  return {
      NoTicket(
          "SELECT t.number FROM ticket t WHERE t.entries <> (SELECT count(*) FROM entry e WHERE e.ticket = t.number)",
          "the number of entries is wrong"),
      NoTicket("SELECT e.ticket FROM entry e GROUP BY e.ticket HAVING max(e.seq) <> count(*) OR min(e.seq) <> 1",
               "entries are missing from the sequence"),
      NoTicket("SELECT t.number FROM ticket t LEFT JOIN ticket_detail d ON d.ticket = t.number WHERE d.ticket IS NULL",
               "the detail row is missing"),
      NoRow("SELECT 1 FROM (SELECT coalesce(team, x'') AS g, coalesce(assignee, x'') AS a, state, kind, count(*) AS n "
            "FROM ticket GROUP BY 1, 2, 3, 4) AS real LEFT JOIN ticket_count c ON c.team = real.g AND "
            "c.assignee = real.a AND c.state = real.state AND c.kind = real.kind WHERE coalesce(c.n, 0) <> real.n",
            "a queue's counter differs from its tickets"),
      NoRow("SELECT sum(n) - (SELECT count(*) FROM ticket) FROM ticket_count HAVING sum(n) <> "
            "(SELECT count(*) FROM ticket)",
            "the queues' counters do not add up to the tickets"),
      [](ReadTx& tx, Findings& findings) {
        for (auto& finding : auth::secrets::Findings(tx)) {
          findings.push_back(std::move(finding));
        }
      },
  };
}

}  // namespace propolis::app
