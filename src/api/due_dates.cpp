// Due times set by hand: asked by one person, decided by another.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/ticket/due_date.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

void AddDueDates(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/due-dates",
           .id = "askDueDate",
           .tag = "tickets",
           .summary = "Ask a second person for another due time of one clock",
           .access = Permission::kTicketUpdate,
           .status = 201},
          [](Call& call, const ticket::AskDueDate& ask) -> Result<ticket::DueDate> {
            return call.Write([&](store::WriteTx& tx) -> Result<ticket::DueDate> {
              const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
              return ticket::AskForDueDate(tx, call.actor, number, ask);
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/due-dates/{id}/decision",
           .id = "decideDueDate",
           .tag = "tickets",
           .summary = "Approve, reject or withdraw a due time",
           .access = Open::kSignedIn},
          [](Call& call, const ticket::DecideDueDate& decide) -> Result<ticket::DueDate> {
            const auto id = TRY(call.PathId<ticket::DueDateId>("id"));
            return call.Write([&](store::WriteTx& tx) { return ticket::SettleDueDate(tx, call.actor, id, decide); });
          });
}

}  // namespace propolis::api
