// /keys: API keys of the signed-in person.
#include "api/resource.h"
#include "api/resources.h"
#include "auth/key.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

void AddKeys(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/keys",
           .id = "listKeys",
           .tag = "session",
           .summary = "My API keys",
           .access = Permission::kKeyManage},
          [](Call& call) -> Result<std::vector<auth::Key>> {
            return call.Read([&](store::ReadTx& tx) { return auth::ListKeys(tx, call.actor); });
          });
  // Not through Call::Write: an answer kept for an Idempotency-Key would keep the secret in the clear.
  api.Add({.method = Method::kPost,
           .path = "/keys",
           .id = "createKey",
           .tag = "session",
           .summary = "Make an API key; its secret is in this answer and nowhere else",
           .access = Permission::kKeyManage,
           .status = 201,
           .step_up = true,
           .replayable = false},
          [](Call& call, const auth::NewKey& body) -> Result<auth::Key> {
            return call.desk.store.Write(
                [&](store::WriteTx& tx) { return auth::CreateKey(tx, call.actor, call.actor.staff(), body); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/keys/{id}",
           .id = "endKey",
           .tag = "session",
           .summary = "End an API key at once",
           .access = Permission::kKeyManage},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<ApiKeyId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(auth::EndKey(tx, call.actor, id));
              return NoContent{};
            });
          });
}

}  // namespace propolis::api
