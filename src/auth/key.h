// API keys: "pk_" and 43 characters, shown once; the store keeps the SHA-256. A key acts for a person of the desk, with
// at most her permissions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::auth {

constexpr std::string_view kKeyPrefix = "pk_";
constexpr std::string_view kAllScopes = "*";  // all that the person may do, now and later

struct Key {
  ApiKeyId id;
  std::string name;
  std::vector<std::string> scopes;
  Time created_at;
  std::optional<Time> expires_at;
  std::optional<Time> last_used_at;
  std::optional<std::string> secret;  // only in the answer to its creation
  static const dto::Type& Dto();
};

struct NewKey {
  std::string name;
  std::vector<std::string> scopes;
  std::optional<Time> expires_at;
  static const dto::Type& Dto();
};

// Makes a key for `staff` in `actor`'s name. A person makes keys for herself, with no scope that she does not hold; the
// system for anyone. Errors: kForbidden; field errors on scopes and expires_at.
Result<Key> CreateKey(store::WriteTx& tx, const Actor& actor, StaffId staff, const NewKey& request);
// The actor's own keys, newest first.
Result<std::vector<Key>> ListKeys(store::ReadTx& tx, const Actor& actor);
// Ends a key: one's own, or anyone's for those who grant. Error: kNotFound.
Status EndKey(store::WriteTx& tx, const Actor& actor, ApiKeyId id);
void EndKeysOf(store::WriteTx& tx, StaffId staff);

struct KeyUse {
  Actor actor;
  ApiKeyId id;
  bool touch = false;  // last_used_at is older than a minute
};
// nullopt: unknown, expired, or the person may no longer sign in.
std::optional<KeyUse> FindKey(store::ReadTx& tx, std::string_view secret, Time now);
// FindKey, and the note of its use when it is due.
std::optional<KeyUse> AuthenticateKey(store::Store& store, std::string_view secret, Time now);

}  // namespace propolis::auth
