#include "domain/escalation/policy_queries.h"

#include "domain/escalation/calls.h"
#include "domain/escalation/policy_sql.h"
#include "domain/stored.h"

namespace propolis::escalation {
namespace {

using auth::Permission;

struct PolicyRow {
  EscalationId id;
  NewPolicy policy;
  std::optional<Ref> next;
  std::int64_t version = 0;
};

PolicyRow ToRow(const store::Row& row) {
  return {.id = row.Id<EscalationId>(0),
          .policy = {.name = row.String(1),
                     .steps = stored::FromJson<std::vector<Step>>(row.Text(2)),
                     .repeats = row.Int(3),
                     .pause = row.Int(4),
                     .next_id = row.OptId<EscalationId>(5),
                     .is_default = row.Bool(7)},
          .next = OptRef(row, 5),
          .version = row.Int(8)};
}

DeskPolicy Complete(store::ReadTx& tx, PolicyRow&& row, Time now) {
  DeskPolicy policy{.id = row.id,
                    .name = std::move(row.policy.name),
                    .steps = {},
                    .repeats = row.policy.repeats,
                    .pause = row.policy.pause,
                    .next = std::move(row.next),
                    .is_default = row.policy.is_default,
                    .teams = tx.All(
                        sql::kTeamsOf, [](const store::Row& r) { return *OptRef(r, 0); }, row.id),
                    .version = row.version};
  for (const Step& step : row.policy.steps) {
    DeskStep shown{step.after, {}};
    for (const Target& target : step.targets) {
      shown.targets.push_back(
          {target.kind, target.id, NameOfTarget(tx, target).value_or(""), PeopleOf(tx, target, now)});
    }
    policy.steps.push_back(std::move(shown));
  }
  return policy;
}

}  // namespace

Result<std::vector<DeskPolicy>> ListPolicies(store::ReadTx& tx, const auth::Actor& actor, Time now) {
  TRY(auth::Require(actor, Permission::kPolicyRead));
  std::vector<DeskPolicy> policies;
  for (auto& row : tx.All(sql::kPolicies, ToRow)) {
    policies.push_back(Complete(tx, std::move(row), now));
  }
  return policies;
}

Result<DeskPolicy> GetPolicy(store::ReadTx& tx, const auth::Actor& actor, EscalationId id, Time now) {
  TRY(auth::Require(actor, Permission::kPolicyRead));
  auto row = tx.One(sql::kPolicy, ToRow, id);
  if (!row) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return Complete(tx, *std::move(row), now);
}

Policies StoredPolicies(store::ReadTx& tx) {
  Policies policies;
  for (auto& row : tx.All(sql::kPolicies, ToRow)) {
    policies[row.id] = std::move(row.policy);
  }
  return policies;
}

std::optional<EscalationId> PolicyFor(store::ReadTx& tx, const std::optional<TeamId>& team) {
  if (team) {
    const auto own =
        tx.One(sql::kPolicyOfTeam, [](const store::Row& row) { return row.OptId<EscalationId>(0); }, *team);
    if (own && *own) {
      return *own;
    }
  }
  return tx.One(sql::kDefaultPolicy, [](const store::Row& row) { return row.Id<EscalationId>(0); });
}

}  // namespace propolis::escalation
