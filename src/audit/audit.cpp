#include "audit/audit.h"

namespace propolis::audit {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO audit (at, actor_kind, actor, actor_name, act, outcome, ticket, subject, details) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

}  // namespace

void Record(store::WriteTx& tx, const Leaf& leaf) {
  const std::optional<Uuid> actor = leaf.actor.IsNil() ? std::nullopt : std::optional(leaf.actor);
  tx.Exec(kInsert, tx.Now(), leaf.actor_kind, actor, leaf.actor_name, leaf.act, leaf.outcome, leaf.ticket, leaf.subject,
          leaf.details);
}

}  // namespace propolis::audit
