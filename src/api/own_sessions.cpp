// /sessions: where I am signed in.
#include "auth/own_sessions.h"

#include "api/resource.h"
#include "api/resources.h"

namespace propolis::api {
namespace {

using net::Method;

// Keys have no sessions, and end nobody's.
Status InSession(const Call& call) {
  return call.session_token.empty() ? Status(Fail(Code::kForbidden, "factor.session_only")) : Status();
}

}  // namespace

void AddOwnSessions(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/sessions",
           .id = "listSessions",
           .tag = "session",
           .summary = "Where I am signed in"},
          [](Call& call) -> Result<std::vector<auth::OwnSession>> {
            TRY(InSession(call));
            return call.Read([&](store::ReadTx& tx) -> Result<std::vector<auth::OwnSession>> {
              return auth::SessionsOf(tx, call.actor, call.session_token, call.Now());
            });
          });
  api.Add({.method = Method::kDelete,
           .path = "/sessions",
           .id = "endOtherSessions",
           .tag = "session",
           .summary = "Sign me out everywhere else"},
          [](Call& call) -> Result<NoContent> {
            TRY(InSession(call));
            TRY(call.desk.store.Write([&](store::WriteTx& tx) -> Status {
              auth::EndOtherSessions(tx, call.actor, call.session_token);
              return {};
            }));
            return NoContent{};
          });
  api.Add({.method = Method::kDelete,
           .path = "/sessions/{id}",
           .id = "endSession",
           .tag = "session",
           .summary = "End one of my sessions"},
          [](Call& call) -> Result<NoContent> {
            TRY(InSession(call));
            const std::string id(call.request.params.Find("id").value_or(""));
            TRY(call.desk.store.Write([&](store::WriteTx& tx) { return auth::EndOwnSession(tx, call.actor, id); }));
            return NoContent{};
          });
}

}  // namespace propolis::api
