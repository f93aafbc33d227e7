// /triage: policy, classification rules, trying a text out.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/triage/triage_commands.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

void AddTriage(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/triage/policy",
           .id = "getTriagePolicy",
           .tag = "triage",
           .summary = "The matrix and its criteria",
           .access = Permission::kTriageRead},
          [](Call& call) -> Result<triage::Policy> {
            return call.Read([&](store::ReadTx& tx) { return triage::GetPolicy(tx, call.actor); });
          });
  api.Add({.method = Method::kPut,
           .path = "/triage/policy",
           .id = "putTriagePolicy",
           .tag = "triage",
           .summary = "Make the next version of the policy",
           .access = Permission::kTriageWrite,
           .versioned = true},
          [](Call& call, const triage::Policy& policy) -> Result<triage::Policy> {
            const auto version = TRY(call.IfMatch());
            return call.Write([&](store::WriteTx& tx) { return triage::PutPolicy(tx, call.actor, policy, version); });
          });
  api.Add({.method = Method::kGet,
           .path = "/triage/rules",
           .id = "listTriageRules",
           .tag = "triage",
           .summary = "Rules of first classification",
           .access = Permission::kTriageRead},
          [](Call& call) -> Result<std::vector<triage::RuleView>> {
            const bool seeded = TRY(call.Read([](store::ReadTx& tx) -> Result<bool> { return triage::IsSeeded(tx); }));
            if (!seeded) {
              TRY(call.desk.store.Write([](store::WriteTx& tx) -> Result<bool> {
                triage::Seed(tx);
                return true;
              }));
            }
            return call.Read([&](store::ReadTx& tx) { return triage::Rules(tx, call.actor); });
          });
  api.Add({.method = Method::kPost,
           .path = "/triage/rules",
           .id = "addTriageRule",
           .tag = "triage",
           .summary = "Add a rule",
           .access = Permission::kTriageWrite,
           .status = 201},
          [](Call& call, const triage::NewRule& rule) -> Result<triage::RuleView> {
            return call.Write([&](store::WriteTx& tx) { return triage::AddRule(tx, call.actor, rule); });
          });
  api.Add(
      {.method = Method::kPatch,
       .path = "/triage/rules/{id}",
       .id = "changeTriageRule",
       .tag = "triage",
       .summary = "Change a rule",
       .access = Permission::kTriageWrite,
       .versioned = true},
      [](Call& call, const triage::RuleChange& change) -> Result<triage::RuleView> {
        const auto id = TRY(call.PathId<RuleId>("id"));
        const auto version = TRY(call.IfMatch());
        return call.Write([&](store::WriteTx& tx) { return triage::ChangeRule(tx, call.actor, id, change, version); });
      });
  api.Add({.method = Method::kDelete,
           .path = "/triage/rules/{id}",
           .id = "deleteTriageRule",
           .tag = "triage",
           .summary = "Delete a rule",
           .access = Permission::kTriageWrite},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<RuleId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(triage::DeleteRule(tx, call.actor, id));
              return NoContent{};
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/triage/try",
           .id = "tryTriage",
           .tag = "triage",
           .summary = "Classify a text without opening a ticket",
           .access = Permission::kTriageRead,
           .pool = net::Pool::kRead},
          [](Call& call, const triage::TryText& text) -> Result<triage::Classification> {
            return call.Read([&](store::ReadTx& tx) { return triage::TryOut(tx, call.actor, text); });
          });
}

}  // namespace propolis::api
