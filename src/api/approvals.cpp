// Approvals: asking for one on a ticket, deciding it.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/approval/approval_commands.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

void AddApprovals(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/approvals",
           .id = "askApproval",
           .tag = "approvals",
           .summary = "Ask a second person to validate a resolution",
           .access = Permission::kApprovalAsk,
           .status = 201},
          [](Call& call, const approval::Ask& ask) -> Result<approval::View> {
            return call.Write([&](store::WriteTx& tx) -> Result<approval::View> {
              const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
              return approval::AskFor(tx, call.actor, number, ask);
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/approvals/{id}",
           .id = "getApproval",
           .tag = "approvals",
           .summary = "Read an approval",
           .access = Permission::kTicketRead},
          [](Call& call) -> Result<approval::View> {
            const auto id = TRY(call.PathId<ApprovalId>("id"));
            return call.Read([&](store::ReadTx& tx) { return approval::Get(tx, call.actor, id); });
          });
  api.Add({.method = Method::kPost,
           .path = "/approvals/{id}/decision",
           .id = "decideApproval",
           .tag = "approvals",
           .summary = "Approve, reject or withdraw",
           .access = Open::kSignedIn},
          [](Call& call, const approval::Decide& decide) -> Result<approval::View> {
            const auto id = TRY(call.PathId<ApprovalId>("id"));
            return call.Write([&](store::WriteTx& tx) { return approval::Settle(tx, call.actor, id, decide); });
          });
}

}  // namespace propolis::api
