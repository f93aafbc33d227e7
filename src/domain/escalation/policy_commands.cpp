#include "domain/escalation/policy_commands.h"

#include "auth/record.h"
#include "domain/escalation/calls.h"
#include "domain/escalation/policy_queries.h"
#include "domain/escalation/policy_sql.h"
#include "domain/stored.h"

namespace propolis::escalation {
namespace {

using auth::Permission;

void CheckTargets(store::ReadTx& tx, const NewPolicy& policy, std::vector<FieldError>& errors) {
  for (std::size_t s = 0; s < policy.steps.size(); ++s) {
    const auto& targets = policy.steps[s].targets;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      if (!NameOfTarget(tx, targets[t])) {
        errors.push_back({fmt::format("steps/{}/targets/{}", s, t), "field.not_found", {}});
      }
    }
  }
}

// Every wrong field of one policy; then that it and all others still unfold, since one that follows another may have
// grown.
Status Check(store::ReadTx& tx, const NewPolicy& policy, EscalationId self) {
  const auto taken =
      tx.One(sql::kPolicyByName, [](const store::Row& row) { return row.Id<EscalationId>(0); }, policy.name);
  std::vector<FieldError> errors = Validate(policy);
  if (taken && taken != self) {
    errors.push_back({"name", "field.taken", {}});
  }
  CheckTargets(tx, policy, errors);
  Policies policies = StoredPolicies(tx);
  policies[self] = policy;
  if (policy.next_id && !policies.contains(*policy.next_id)) {
    errors.push_back({"next_id", "field.not_found", {}});
  }
  if (!errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  TRY(Unfold(policies, self));
  for (const auto& [id, _] : policies) {
    TRY(Unfold(policies, id));
  }
  return {};
}

// Ids as the desk writes them, so that they can be compared as text.
std::vector<Step> WithPlainIds(std::vector<Step> steps) {
  for (Step& step : steps) {
    for (Target& target : step.targets) {
      if (const auto id = Uuid::Parse(target.id)) {
        target.id = id->ToString();
      }
    }
  }
  return steps;
}

std::vector<Step> StepsOf(const DeskPolicy& policy) {
  std::vector<Step> steps;
  for (const DeskStep& step : policy.steps) {
    Step plain{step.after, {}};
    for (const DeskTarget& target : step.targets) {
      plain.targets.push_back({target.kind, target.id});
    }
    steps.push_back(std::move(plain));
  }
  return steps;
}

void Tell(store::WriteTx& tx, const auth::Actor& actor, const char* act, const std::string& name) {
  auth::Record(tx, actor, act, name);
  tx.Emit({.kind = "escalation.changed", .organisation = std::nullopt});
}

}  // namespace

Result<DeskPolicy> AddPolicy(store::WriteTx& tx, const auth::Actor& actor, const NewPolicy& request) {
  TRY(auth::Require(actor, Permission::kPolicyWrite));
  NewPolicy policy = request;
  policy.steps = WithPlainIds(std::move(policy.steps));
  const auto id = EscalationId::New(tx.Now());
  TRY(Check(tx, policy, id));
  if (policy.is_default) {
    tx.Exec(sql::kDropDefault);
  }
  tx.Exec(sql::kInsertPolicy, id, policy.name, stored::ToJson(policy.steps), policy.repeats, policy.pause,
          policy.next_id, policy.is_default);
  Tell(tx, actor, "escalation.create", policy.name);
  return GetPolicy(tx, auth::SystemActor(), id, tx.Now());
}

Result<DeskPolicy> ChangePolicy(store::WriteTx& tx, const auth::Actor& actor, EscalationId id,
                                const PolicyChange& change, std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kPolicyWrite));
  const DeskPolicy before = TRY(GetPolicy(tx, auth::SystemActor(), id, tx.Now()));
  const auto version = TRY(stored::NextVersion(before.version, if_version));
  NewPolicy policy{.name = change.name.value_or(before.name),
                   .steps = WithPlainIds(change.steps ? *change.steps : StepsOf(before)),
                   .repeats = change.repeats.value_or(before.repeats),
                   .pause = change.pause.value_or(before.pause),
                   .next_id = before.next ? EscalationId::Parse(before.next->id) : std::nullopt,
                   .is_default = change.is_default.value_or(before.is_default)};
  if (change.next_id.given) {
    policy.next_id = change.next_id.value;
  }
  TRY(Check(tx, policy, id));
  if (policy.is_default) {
    tx.Exec(sql::kDropDefault);
  }
  tx.Exec(sql::kUpdatePolicy, id, version, policy.name, stored::ToJson(policy.steps), policy.repeats, policy.pause,
          policy.next_id, policy.is_default);
  Tell(tx, actor, "escalation.update", policy.name);
  return GetPolicy(tx, auth::SystemActor(), id, tx.Now());
}

Status DeletePolicy(store::WriteTx& tx, const auth::Actor& actor, EscalationId id) {
  TRY(auth::Require(actor, Permission::kPolicyWrite));
  const DeskPolicy policy = TRY(GetPolicy(tx, auth::SystemActor(), id, tx.Now()));
  std::string users;
  for (const Ref& team : policy.teams) {
    users += (users.empty() ? "" : ", ") + team.name;
  }
  for (const auto& name : tx.All(sql::kFollowers, [](const store::Row& row) { return row.String(0); }, id)) {
    users += (users.empty() ? "" : ", ") + name;
  }
  if (!users.empty()) {
    return Fail(Code::kConflict, "escalation.in_use", {{"names", users}});
  }
  tx.Exec(sql::kDeletePolicy, id);
  Tell(tx, actor, "escalation.delete", policy.name);
  return {};
}

}  // namespace propolis::escalation
