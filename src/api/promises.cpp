// Promises: times given to the customer.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/promise/promise.h"

namespace propolis::api {

using auth::Permission;
using net::Method;

void AddPromises(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/promises",
           .id = "makePromise",
           .tag = "promises",
           .summary = "Promise a time to the customer",
           .access = Permission::kPromiseMake,
           .status = 201},
          [](Call& call, const promise::Make& make) -> Result<promise::Promise> {
            return call.Write([&](store::WriteTx& tx) -> Result<promise::Promise> {
              const auto number = TRY(ticket::Resolve(tx, call.Path("id")));
              return promise::MakeOne(tx, call.actor, number, make);
            });
          });
  api.Add({.method = Method::kPatch,
           .path = "/promises/{id}",
           .id = "changePromise",
           .tag = "promises",
           .summary = "Move a promise or settle it by hand",
           .access = Permission::kPromiseMake},
          [](Call& call, const promise::Change& change) -> Result<promise::Promise> {
            const auto id = TRY(call.PathId<PromiseId>("id"));
            return call.Write([&](store::WriteTx& tx) { return promise::ChangeOne(tx, call.actor, id, change); });
          });
}

}  // namespace propolis::api
