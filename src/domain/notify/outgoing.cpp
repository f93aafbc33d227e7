#include "domain/notify/outgoing.h"

#include "auth/record.h"
#include "domain/stored.h"

namespace propolis::notify {
namespace {

using auth::Permission;

constexpr std::string_view kName = "http.allowed";
constexpr std::string_view kGet = "SELECT value FROM setting WHERE name = $1";
constexpr std::string_view kPut =
    "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

}  // namespace

Outgoing LoadOutgoing(store::ReadTx& tx) {
  const auto stored = tx.One(kGet, [](const store::Row& row) { return row.String(0); }, kName);
  return {stored ? stored::FromJson<std::vector<std::string>>(*stored) : std::vector<std::string>{}};
}

Result<Outgoing> GetOutgoing(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kChannelWrite));
  return LoadOutgoing(tx);
}

Result<Outgoing> PutOutgoing(store::WriteTx& tx, const auth::Actor& actor, const Outgoing& outgoing) {
  TRY(auth::Require(actor, Permission::kChannelWrite));
  tx.Exec(kPut, kName, stored::ToJson(outgoing.networks));
  auth::Record(tx, actor, "outgoing.update");
  return LoadOutgoing(tx);
}

const dto::Type& Outgoing::Dto() {
  constexpr std::size_t kMostNetworks = 50;
  static const dto::Type type =
      dto::Object<Outgoing>("OutgoingHttp", "Where the desk may call besides the public internet.")
          .Required("networks", &Outgoing::networks, "Such as 10.1.2.0/24 or fd00::/8; there plain HTTP is taken too.",
                    dto::Items(0, kMostNetworks))
          .Done();
  return type;
}

}  // namespace propolis::notify
