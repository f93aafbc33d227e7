// /escalation-policies: whom to call for a ticket, in which order.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/escalation/policy_commands.h"
#include "domain/escalation/policy_queries.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

void AddEscalation(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/escalation-policies",
           .id = "listEscalationPolicies",
           .tag = "escalation",
           .summary = "Escalation policies, by name, with who would be called now",
           .access = Permission::kPolicyRead},
          [](Call& call) -> Result<std::vector<escalation::DeskPolicy>> {
            return call.Read([&](store::ReadTx& tx) { return escalation::ListPolicies(tx, call.actor, call.Now()); });
          });
  api.Add({.method = Method::kPost,
           .path = "/escalation-policies",
           .id = "addEscalationPolicy",
           .tag = "escalation",
           .summary = "Add an escalation policy",
           .access = Permission::kPolicyWrite,
           .status = 201},
          [](Call& call, const escalation::NewPolicy& body) -> Result<escalation::DeskPolicy> {
            return call.Write([&](store::WriteTx& tx) { return escalation::AddPolicy(tx, call.actor, body); });
          });
  api.Add({.method = Method::kGet,
           .path = "/escalation-policies/{id}",
           .id = "getEscalationPolicy",
           .tag = "escalation",
           .summary = "One escalation policy, with who would be called now",
           .access = Permission::kPolicyRead},
          [](Call& call) -> Result<escalation::DeskPolicy> {
            const auto id = TRY(call.PathId<EscalationId>("id"));
            return call.Read([&](store::ReadTx& tx) { return escalation::GetPolicy(tx, call.actor, id, call.Now()); });
          });
  api.Add({.method = Method::kPatch,
           .path = "/escalation-policies/{id}",
           .id = "changeEscalationPolicy",
           .tag = "escalation",
           .summary = "Change an escalation policy",
           .access = Permission::kPolicyWrite,
           .doc = "Pages that are under way go on as they were planned.",
           .versioned = true},
          [](Call& call, const escalation::PolicyChange& body) -> Result<escalation::DeskPolicy> {
            const auto id = TRY(call.PathId<EscalationId>("id"));
            const auto version = TRY(call.IfMatch());
            return call.Write(
                [&](store::WriteTx& tx) { return escalation::ChangePolicy(tx, call.actor, id, body, version); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/escalation-policies/{id}",
           .id = "deleteEscalationPolicy",
           .tag = "escalation",
           .summary = "Delete an escalation policy that no team and no other policy names",
           .access = Permission::kPolicyWrite},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<EscalationId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(escalation::DeletePolicy(tx, call.actor, id));
              return NoContent{};
            });
          });
}

}  // namespace propolis::api
