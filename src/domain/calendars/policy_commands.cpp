#include "domain/calendars/policy_commands.h"

#include "auth/record.h"
#include "domain/calendars/calendar_sql.h"
#include "domain/stored.h"

namespace propolis::calendars {
namespace {

using auth::Permission;

Policy ToPolicy(const store::Row& row) {
  NewPolicy edited = FromRules(row.String(2), stored::FromJson<sla::Policy>(row.Text(3)));
  return {.id = row.Id<PolicyId>(0),
          .name = std::move(edited.name),
          .version = row.Int(1),
          .targets = std::move(edited.targets),
          .pauses = *std::move(edited.pauses),
          .steps = *std::move(edited.steps)};
}

CalendarVersionOf VersionsIn(store::ReadTx& tx) {
  return [&tx](CalendarId id) {
    return tx.One(sql::kCalendarVersionNow, [](const store::Row& row) { return row.Int(0); }, id);
  };
}

// Steps that nobody spoke of go with the targets they belong to.
std::vector<sla::Step> StepsLeft(std::vector<sla::Step> steps, const std::vector<PolicyTarget>& targets) {
  std::erase_if(steps, [&](const sla::Step& step) {
    return std::ranges::find(targets, step.clock, &PolicyTarget::clock) == targets.end();
  });
  return steps;
}

Status CheckName(store::ReadTx& tx, const std::string& name, std::optional<PolicyId> self) {
  const auto taken = tx.One(sql::kPolicyByName, [](const store::Row& row) { return row.Id<PolicyId>(0); }, name);
  if (taken && taken != self) {
    return FailField("name", "field.taken");
  }
  return {};
}

}  // namespace

Result<Policy> AddPolicy(store::WriteTx& tx, const auth::Actor& actor, const NewPolicy& request) {
  TRY(auth::Require(actor, Permission::kPolicyWrite));
  TRY(CheckName(tx, request.name, std::nullopt));
  const std::string body = stored::ToJson(TRY(ToRules(request, VersionsIn(tx))));
  const auto id = PolicyId::New(tx.Now());
  tx.Exec(sql::kInsertPolicy, id, 1, request.name, body);
  tx.Exec(sql::kInsertPolicyVersion, id, 1, tx.Now(), body);
  auth::Record(tx, actor, "policy.create", request.name);
  tx.Emit({.kind = "policy.changed", .organisation = std::nullopt});
  return *tx.One(sql::kPolicy, ToPolicy, id);
}

Result<Policy> ChangePolicy(store::WriteTx& tx, const auth::Actor& actor, PolicyId id, const PolicyChange& change,
                            std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kPolicyWrite));
  const auto before = tx.One(sql::kPolicy, ToPolicy, id);
  if (!before) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  const auto version = TRY(stored::NextVersion(before->version, if_version));
  const NewPolicy next{.name = change.name.value_or(before->name),
                       .targets = change.targets.value_or(before->targets),
                       .pauses = change.pauses.value_or(before->pauses),
                       .steps = change.steps     ? *change.steps
                                : change.targets ? StepsLeft(before->steps, *change.targets)
                                                 : before->steps};
  TRY(CheckName(tx, next.name, id));
  const std::string body = stored::ToJson(TRY(ToRules(next, VersionsIn(tx))));
  tx.Exec(sql::kUpdatePolicy, id, version, next.name, body);
  tx.Exec(sql::kInsertPolicyVersion, id, version, tx.Now(), body);
  auth::Record(tx, actor, "policy.update", next.name);
  tx.Emit({.kind = "policy.changed", .organisation = std::nullopt});
  return *tx.One(sql::kPolicy, ToPolicy, id);
}

Result<std::vector<Policy>> Policies(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kPolicyRead));
  return tx.All(sql::kPolicies, ToPolicy);
}

Result<Policy> GetPolicy(store::ReadTx& tx, const auth::Actor& actor, PolicyId id) {
  TRY(auth::Require(actor, Permission::kPolicyRead));
  auto policy = tx.One(sql::kPolicy, ToPolicy, id);
  if (!policy) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return *std::move(policy);
}

}  // namespace propolis::calendars
