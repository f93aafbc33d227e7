#include "auth/key.h"

#include <algorithm>

#include "auth/digest.h"
#include "auth/factor.h"
#include "auth/record.h"
#include "auth/session.h"
#include "base/crypto.h"
#include "base/json_texts.h"

namespace propolis::auth {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO api_key (id, staff, name, hash, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
constexpr std::string_view kOfStaff =
    "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_key WHERE staff = $1 "
    "ORDER BY created_at DESC, id DESC";
constexpr std::string_view kOwner = "SELECT staff, name FROM api_key WHERE id = $1";
constexpr std::string_view kDelete = "DELETE FROM api_key WHERE id = $1";
constexpr std::string_view kDeleteOf = "DELETE FROM api_key WHERE staff = $1";
constexpr std::string_view kByHash = "SELECT id, staff, scopes, expires_at, last_used_at FROM api_key WHERE hash = $1";
constexpr std::string_view kTouch = "UPDATE api_key SET last_used_at = $2 WHERE id = $1";
constexpr std::size_t kMostKeys = 100;  // one person's

Key ToKey(const store::Row& row) {
  return {.id = row.Id<ApiKeyId>(0),
          .name = row.String(1),
          .scopes = json::ToTexts(row.Text(2)),
          .created_at = row.Time(3),
          .expires_at = row.OptTime(4),
          .last_used_at = row.OptTime(5),
          .secret = std::nullopt};
}

Status CheckScopes(const Actor& owner, const std::vector<std::string>& scopes) {
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    if (scopes[i] == kAllScopes) {
      continue;
    }
    const std::string field = "scopes/" + std::to_string(i);
    const auto permission = FromName<Permission>(scopes[i]);
    if (!permission) {
      return FailField(field, "key.no_such_permission");
    }
    if (!owner.permissions.contains(*permission)) {
      return FailField(field, "key.permission_not_held");
    }
  }
  return {};
}

void Narrow(Actor& actor, const std::vector<std::string>& scopes) {
  if (std::ranges::find(scopes, kAllScopes) != scopes.end()) {
    return;
  }
  std::erase_if(actor.permissions,
                [&](Permission permission) { return std::ranges::find(scopes, NameOf(permission)) == scopes.end(); });
}

}  // namespace

const dto::Type& Key::Dto() {
  static const dto::Type type =
      dto::Object<Key>("Key", "An API key of the signed-in person.")
          .Required("id", &Key::id, "")
          .Required("name", &Key::name, "What it is for.")
          .Required("scopes", &Key::scopes, "Permissions that it carries; `*` for all of the person's.")
          .Required("created_at", &Key::created_at, "")
          .Optional("expires_at", &Key::expires_at, "")
          .Optional("last_used_at", &Key::last_used_at, "To the minute.")
          .Optional("secret", &Key::secret, "The key itself, in the answer to its creation and never again.")
          .Done();
  return type;
}

const dto::Type& NewKey::Dto() {
  static const dto::Type type =
      dto::Object<NewKey>("NewKey", "A new API key.")
          .Required("name", &NewKey::name, "What it is for.", dto::Text(1, 100))
          .Required("scopes", &NewKey::scopes, "Permissions that it carries; `*` for all of the person's.",
                    dto::Items(1, 100))
          .Optional("expires_at", &NewKey::expires_at, "When it stops working; never when left out.")
          .Done();
  return type;
}

Result<Key> CreateKey(store::WriteTx& tx, const Actor& actor, StaffId staff, const NewKey& request) {
  TRY(Require(actor, Permission::kKeyManage));
  if (!actor.Is(ActorKind::kSystem) && actor.staff() != staff) {
    return Fail(Code::kForbidden, "key.only_own");
  }
  const auto owner = actor.Is(ActorKind::kSystem) ? StaffActor(tx, staff) : std::optional(actor);
  if (!owner) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(CheckScopes(*owner, request.scopes));
  // A key that was narrowed must not make a wider one.
  const bool all = std::ranges::find(request.scopes, kAllScopes) != request.scopes.end();
  if (all && owner->permissions != PermissionsOf(owner->roles)) {
    return FailField("scopes", "key.permission_not_held");
  }
  if (request.expires_at && *request.expires_at <= tx.Now()) {
    return FailField("expires_at", "field.not_future");
  }
  if (tx.All(kOfStaff, ToKey, staff).size() >= kMostKeys) {
    return Fail(Code::kConflict, "key.too_many", {{"max", std::to_string(kMostKeys)}});
  }
  Key key{.id = ApiKeyId::New(tx.Now()),
          .name = request.name,
          .scopes = request.scopes,
          .created_at = tx.Now(),
          .expires_at = request.expires_at,
          .last_used_at = std::nullopt,
          .secret = std::string(kKeyPrefix) + crypto::RandomToken()};
  tx.Exec(kInsert, key.id, staff, key.name, Bytes(crypto::Sha256(*key.secret)), json::FromTexts(key.scopes),
          key.created_at, key.expires_at);
  Record(tx, actor, "key.create", key.name);
  return key;
}

Result<std::vector<Key>> ListKeys(store::ReadTx& tx, const Actor& actor) {
  TRY(Require(actor, Permission::kKeyManage));
  return tx.All(kOfStaff, ToKey, actor.staff());
}

Status EndKey(store::WriteTx& tx, const Actor& actor, ApiKeyId id) {
  TRY(Require(actor, Permission::kKeyManage));
  struct Owner {
    StaffId staff;
    std::string name;
  };
  const auto owner = tx.One(kOwner, [](const store::Row& row) { return Owner{row.Id<StaffId>(0), row.String(1)}; }, id);
  if (!owner || (owner->staff != actor.staff() && !May(actor, Permission::kUserGrant))) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TellEnded(tx, tx.Exec(kDelete, id));
  Record(tx, actor, "key.end", owner->name);
  return {};
}

void EndKeysOf(store::WriteTx& tx, StaffId staff) { TellEnded(tx, tx.Exec(kDeleteOf, staff)); }

std::optional<KeyUse> FindKey(store::ReadTx& tx, std::string_view secret, Time now) {
  if (!secret.starts_with(kKeyPrefix)) {
    return std::nullopt;
  }
  struct Found {
    ApiKeyId id;
    StaffId staff;
    std::vector<std::string> scopes;
    std::optional<Time> expires_at;
    std::optional<Time> last_used_at;
  };
  const auto found = tx.One(
      kByHash,
      [](const store::Row& row) {
        return Found{row.Id<ApiKeyId>(0), row.Id<StaffId>(1), json::ToTexts(row.Text(2)), row.OptTime(3),
                     row.OptTime(4)};
      },
      Bytes(crypto::Sha256(secret)));
  if (!found || (found->expires_at && *found->expires_at <= now)) {
    return std::nullopt;
  }
  auto actor = StaffActor(tx, found->staff);
  if (!actor) {
    return std::nullopt;
  }
  Narrow(*actor, found->scopes);
  if (MustEnrol(tx, *actor)) {  // as in a session
    actor->permissions.clear();
  }
  const bool touch = !found->last_used_at || *found->last_used_at + kSeenGranularity <= now;
  return KeyUse{.actor = *std::move(actor), .id = found->id, .touch = touch};
}

std::optional<KeyUse> AuthenticateKey(store::Store& store, std::string_view secret, Time now) {
  auto found = store.Read([&](store::ReadTx& tx) -> Result<std::optional<KeyUse>> { return FindKey(tx, secret, now); });
  if (!found || !*found) {
    return std::nullopt;
  }
  if ((*found)->touch) {
    // As with sessions: that the use could not be noted must not stop reading.
    (void)store.Write([&](store::WriteTx& tx) -> Status {
      tx.Exec(kTouch, (*found)->id, tx.Now());
      return {};
    });
  }
  return *std::move(found);
}

}  // namespace propolis::auth
