// /me/reach: how one is told of things; /deliveries: what was sent; /gateways, /outgoing-http: what an administrator
// sets for all.
#include "api/resource.h"
#include "api/resources.h"
#include "channels/http/guard.h"
#include "domain/notify/gateway.h"
#include "domain/notify/log.h"
#include "domain/notify/outgoing.h"
#include "domain/notify/push_key.h"
#include "domain/notify/reach.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

// A delivery that was asked for as a test.
struct TestDelivery {
  std::int64_t id = 0;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<TestDelivery>("TestDelivery", "A test that is on its way.")
                                      .Required("id", &TestDelivery::id, "Of the delivery, in the log.")
                                      .Done();
    return type;
  }
};

void AddOwn(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/me/reach",
           .id = "getOwnReach",
           .tag = "notifications",
           .summary = "How I am told of things",
           .access = Permission::kRotaRead},
          [](Call& call) -> Result<notify::Reach> {
            return call.Read([&](store::ReadTx& tx) { return notify::OwnReach(tx, call.actor); });
          });
  api.Add({.method = Method::kPatch,
           .path = "/me/reach",
           .id = "changeOwnReach",
           .tag = "notifications",
           .summary = "Change my rules and quiet hours",
           .access = Permission::kRotaRead,
           .versioned = true},
          [](Call& call, const notify::ReachChange& body) -> Result<notify::Reach> {
            const auto version = TRY(call.IfMatch());
            return call.Write([&](store::WriteTx& tx) { return notify::ChangeReach(tx, call.actor, body, version); });
          });
  // Made outside of Call::Write: an answer kept for an Idempotency-Key would keep the secret in the clear.
  api.Add({.method = Method::kPost,
           .path = "/me/contact-methods",
           .id = "addOwnContactMethod",
           .tag = "notifications",
           .summary = "Add a way to reach me",
           .access = Permission::kRotaRead,
           .status = 201,
           .step_up = true,
           .replayable = false},
          [](Call& call, const notify::NewMethod& body) -> Result<notify::MadeMethod> {
            return call.desk.store.Write([&](store::WriteTx& tx) { return notify::AddMethod(tx, call.actor, body); });
          });
  api.Add({.method = Method::kGet,
           .path = "/me/push-key",
           .id = "getPushKey",
           .tag = "notifications",
           .summary = "The key with which a browser subscribes to messages of this desk",
           .access = Permission::kRotaRead},
          [](Call& call) -> Result<notify::PushKey> {
            if (auto made = TRY(call.Read([&](store::ReadTx& tx) { return notify::FindPushKey(tx, call.actor); }))) {
              return *std::move(made);
            }
            return call.desk.store.Write([&](store::WriteTx& tx) { return notify::MakePushKey(tx, call.actor); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/me/contact-methods/{id}",
           .id = "removeOwnContactMethod",
           .tag = "notifications",
           .summary = "Take back a way to reach me, with the rules that name it",
           .access = Permission::kRotaRead},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<notify::MethodId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(notify::RemoveMethod(tx, call.actor, id));
              return NoContent{};
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/me/reach/test",
           .id = "testOwnReach",
           .tag = "notifications",
           .summary = "Send me a test",
           .access = Permission::kRotaRead,
           .status = 202},
          [](Call& call, const notify::TryMethod& body) -> Result<TestDelivery> {
            return call.Write([&](store::WriteTx& tx) -> Result<TestDelivery> {
              return TestDelivery{TRY(notify::SendTest(tx, call.actor, body))};
            });
          });
}

void AddLog(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/me/deliveries",
           .id = "listOwnDeliveries",
           .tag = "notifications",
           .summary = "The newest hundred things that I was told, and what came of each",
           .access = Permission::kRotaRead},
          [](Call& call) -> Result<std::vector<notify::LoggedDelivery>> {
            return call.Read([&](store::ReadTx& tx) { return notify::OwnLog(tx, call.actor); });
          });
  api.Add({.method = Method::kGet,
           .path = "/deliveries",
           .id = "listDeliveries",
           .tag = "notifications",
           .summary = "The newest hundred things that anybody was told",
           .access = Permission::kStaffWrite},
          [](Call& call) -> Result<std::vector<notify::LoggedDelivery>> {
            return call.Read([&](store::ReadTx& tx) { return notify::WholeLog(tx, call.actor); });
          });
}

void AddGateways(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/gateways",
           .id = "listGateways",
           .tag = "notifications",
           .summary = "Gateways, by name",
           .access = Permission::kChannelWrite},
          [](Call& call) -> Result<std::vector<notify::Gateway>> {
            return call.Read([&](store::ReadTx& tx) { return notify::ListGateways(tx, call.actor); });
          });
  api.Add({.method = Method::kPost,
           .path = "/gateways",
           .id = "addGateway",
           .tag = "notifications",
           .summary = "Add a gateway",
           .access = Permission::kChannelWrite,
           .status = 201,
           .step_up = true},
          [](Call& call, const notify::NewGateway& body) -> Result<notify::Gateway> {
            return call.Write([&](store::WriteTx& tx) { return notify::AddGateway(tx, call.actor, body); });
          });
  api.Add(
      {.method = Method::kPatch,
       .path = "/gateways/{id}",
       .id = "changeGateway",
       .tag = "notifications",
       .summary = "Change a gateway",
       .access = Permission::kChannelWrite,
       .versioned = true,
       .step_up = true},
      [](Call& call, const notify::GatewayChange& body) -> Result<notify::Gateway> {
        const auto id = TRY(call.PathId<notify::GatewayId>("id"));
        const auto version = TRY(call.IfMatch());
        return call.Write([&](store::WriteTx& tx) { return notify::ChangeGateway(tx, call.actor, id, body, version); });
      });
  api.Add({.method = Method::kDelete,
           .path = "/gateways/{id}",
           .id = "deleteGateway",
           .tag = "notifications",
           .summary = "Delete a gateway that nobody names",
           .access = Permission::kChannelWrite},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<notify::GatewayId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(notify::DeleteGateway(tx, call.actor, id));
              return NoContent{};
            });
          });
}

void AddOutgoing(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/outgoing-http",
           .id = "getOutgoingHttp",
           .tag = "notifications",
           .summary = "Where the desk may call besides the public internet",
           .access = Permission::kChannelWrite},
          [](Call& call) -> Result<notify::Outgoing> {
            return call.Read([&](store::ReadTx& tx) { return notify::GetOutgoing(tx, call.actor); });
          });
  api.Add({.method = Method::kPut,
           .path = "/outgoing-http",
           .id = "putOutgoingHttp",
           .tag = "notifications",
           .summary = "Say where the desk may call besides the public internet",
           .access = Permission::kChannelWrite,
           .step_up = true},
          [](Call& call, const notify::Outgoing& body) -> Result<notify::Outgoing> {
            TRY(auth::Require(call.actor, Permission::kChannelWrite));
            TRY(http::ParseAllowed(body.networks));
            return call.Write([&](store::WriteTx& tx) { return notify::PutOutgoing(tx, call.actor, body); });
          });
}

}  // namespace

void AddNotifications(Api& api) {
  AddOwn(api);
  AddLog(api);
  AddGateways(api);
  AddOutgoing(api);
}

}  // namespace propolis::api
