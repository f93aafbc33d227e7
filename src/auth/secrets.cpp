#include "auth/secrets.h"

#include <algorithm>
#include <memory>

#include "auth/factor.h"
#include "auth/record.h"
#include "base/cipher.h"
#include "base/crypto.h"
#include "base/mutex.h"
#include "base/text.h"

namespace propolis::auth::secrets {
namespace {

constexpr std::string_view kHead = "propolis secrets key 1";
constexpr std::size_t kMostKeys = 8;  // of one file: a rotation leaves two
constexpr std::size_t kOwnBytes = 32;

constexpr std::string_view kPut =
    "INSERT INTO secret (kind, owner, key, value) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (kind, owner) DO UPDATE SET key = excluded.key, value = excluded.value";
constexpr std::string_view kGet = "SELECT kind, owner, key, value FROM secret WHERE kind = $1 AND owner = $2";
constexpr std::string_view kAll = "SELECT kind, owner, key, value FROM secret ORDER BY kind, owner";
constexpr std::string_view kClear = "SELECT kind, owner, key, value FROM secret WHERE key IS NULL";
constexpr std::string_view kOld =
    "SELECT kind, owner, key, value FROM secret WHERE key <> $1 ORDER BY kind, owner LIMIT $2";
constexpr std::string_view kOldCount = "SELECT count(*) FROM secret WHERE key <> $1";
constexpr std::string_view kHasSealed = "SELECT 1 FROM secret WHERE key IS NOT NULL LIMIT 1";
constexpr std::string_view kKeys = "SELECT DISTINCT key FROM secret WHERE key IS NOT NULL";
constexpr std::string_view kDrop = "DELETE FROM secret WHERE kind = $1 AND owner = $2";
constexpr std::string_view kDropTotp = "DELETE FROM totp WHERE staff = $1";
// Whose owner is gone. The desk's own have none.
constexpr std::string_view kOfNothing =
    "SELECT kind, owner, key, value FROM secret s WHERE owner <> zeroblob(16) "
    "AND NOT EXISTS (SELECT 1 FROM totp t WHERE s.kind = 'totp' AND t.staff = s.owner) "
    "AND NOT EXISTS (SELECT 1 FROM gateway g WHERE s.kind = 'gateway' AND g.id = s.owner) "
    "AND NOT EXISTS (SELECT 1 FROM contact_method m WHERE s.kind IN ('webhook', 'webhook_address') AND m.id = s.owner) "
    "ORDER BY kind, owner";

Mutex the_mutex;
std::shared_ptr<const Keyring> the_keyring PROPOLIS_GUARDED_BY(the_mutex);

std::shared_ptr<const Keyring> TheKeyring() {
  const MutexLock lock(the_mutex);
  return the_keyring;
}

Result<std::shared_ptr<const Keyring>> NeedKeyring() {
  auto keyring = TheKeyring();
  if (!keyring) {
    return Fail(Code::kUnavailable, "secrets.no_key");
  }
  return keyring;
}

SealingKey KeyOf(std::string bytes) {
  const auto digest = crypto::Sha256("propolis secrets key " + bytes);
  return {.id = {reinterpret_cast<const char*>(digest.data()), kKeyIdBytes}, .bytes = std::move(bytes)};
}

struct Stored {
  std::string kind;
  std::string owner;
  std::optional<std::string> key;
  std::string value;
};

Stored ToStored(const store::Row& row) {
  return {.kind = row.String(0),
          .owner = std::string(row.Bytes(1)),
          .key = row.IsNull(2) ? std::nullopt : std::optional(std::string(row.Bytes(2))),
          .value = std::string(row.Bytes(3))};
}

// "totp 0198...": what an operator is told of it.
std::string NameFor(const Stored& stored) {
  const auto owner = Uuid::FromBytes(stored.owner);
  return stored.kind + (owner && !owner->IsNil() ? " " + owner->ToString() : std::string());
}

// Where a value belongs. Each part has a length that the one before it fixes, or ends with the zero byte.
std::string PlaceOf(const SealingKey& key, std::string_view kind, std::string_view owner) {
  std::string place = key.id + std::string(kind);
  place += '\0';
  return place += owner;
}

void Seal(store::WriteTx& tx, const SealingKey& key, std::string_view kind, std::string_view owner,
          std::string_view plain) {
  const std::string nonce = crypto::RandomBytes(crypto::kGcmNonce);
  // Cannot fail: the key's and the nonce's lengths are right.
  const std::string value = nonce + crypto::GcmSeal(key.bytes, nonce, PlaceOf(key, kind, owner), plain).value();
  tx.Exec(kPut, kind, store::Blob{owner}, store::Blob{key.id}, store::Blob{value});
}

std::optional<std::string> Open(const Keyring& keyring, const Stored& stored) {
  const SealingKey* key = stored.key ? keyring.Find(*stored.key) : nullptr;
  if (key == nullptr || stored.value.size() < crypto::kGcmNonce) {
    return std::nullopt;
  }
  const std::string_view value = stored.value;
  return crypto::GcmOpen(key->bytes, value.substr(0, crypto::kGcmNonce), PlaceOf(*key, stored.kind, stored.owner),
                         value.substr(crypto::kGcmNonce));
}

std::unexpected<Error> Unreadable(const Stored& stored) {
  return Fail(Code::kInternal, "secrets.unreadable", {{"name", NameFor(stored)}});
}

}  // namespace

Keyring Keyring::Make() { return Keyring({KeyOf(crypto::RandomBytes(kKeyBytes))}); }

std::optional<Keyring> Keyring::Parse(std::string_view text) {
  const auto lines = text::Split(text::Trim(text), '\n');
  if (lines.size() < 2 || lines.size() > 1 + kMostKeys || text::Trim(lines[0]) != kHead) {
    return std::nullopt;
  }
  std::vector<SealingKey> keys;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    auto bytes = text::Base64UrlDecode(text::Trim(lines[i]));
    if (!bytes || bytes->size() != kKeyBytes) {
      return std::nullopt;
    }
    keys.push_back(KeyOf(*std::move(bytes)));
  }
  return Keyring(std::move(keys));
}

std::string Keyring::Text() const {
  std::string text(kHead);
  for (const SealingKey& key : keys_) {
    text += "\n" + text::Base64UrlEncode(key.bytes);
  }
  return text + "\n";
}

Keyring Keyring::WithFreshKey() const {
  std::vector<SealingKey> keys = keys_;
  keys.insert(keys.begin(), KeyOf(crypto::RandomBytes(kKeyBytes)));
  return Keyring(std::move(keys));
}

Keyring Keyring::WithoutOldKeys() const { return Keyring({newest()}); }

const SealingKey* Keyring::Find(std::string_view id) const {
  const auto found = std::ranges::find(keys_, id, &SealingKey::id);
  return found == keys_.end() ? nullptr : &*found;
}

void Use(Keyring keyring) {
  const MutexLock lock(the_mutex);
  the_keyring = std::make_shared<const Keyring>(std::move(keyring));
}

void UseNone() {
  const MutexLock lock(the_mutex);
  the_keyring.reset();
}

Status Put(store::WriteTx& tx, Kind kind, const Uuid& owner, std::string_view plain) {
  const auto keyring = TRY(NeedKeyring());
  Seal(tx, keyring->newest(), NameOf(kind), owner.AsBytes(), plain);
  return {};
}

Result<std::optional<std::string>> Get(store::ReadTx& tx, Kind kind, const Uuid& owner) {
  const auto stored = tx.One(kGet, ToStored, kind, owner);
  if (!stored) {
    return std::optional<std::string>();
  }
  const auto keyring = TRY(NeedKeyring());
  auto plain = Open(*keyring, *stored);
  if (!plain) {
    return Unreadable(*stored);
  }
  return plain;
}

void Drop(store::WriteTx& tx, Kind kind, const Uuid& owner) { tx.Exec(kDrop, kind, owner); }

Result<std::optional<std::string>> GetOwn(store::ReadTx& tx, Kind kind) { return Get(tx, kind, Uuid{}); }

Result<std::string> GetOrMakeOwn(store::WriteTx& tx, Kind kind) {
  if (auto there = TRY(GetOwn(tx, kind))) {
    return *std::move(there);
  }
  std::string fresh = crypto::RandomToken(kOwnBytes);
  TRY(Put(tx, kind, Uuid{}, fresh));
  return fresh;
}

bool HasSealed(store::ReadTx& tx) {
  return tx.One(kHasSealed, [](const store::Row&) { return true; }).has_value();
}

std::vector<std::string> KeysInUse(store::ReadTx& tx) {
  return tx.All(kKeys, [](const store::Row& row) { return std::string(row.Bytes(0)); });
}

Result<std::int64_t> SealAll(store::WriteTx& tx) {
  const auto keyring = TRY(NeedKeyring());
  if (HasSealed(tx)) {
    return 0;
  }
  const auto clear = tx.All(kClear, ToStored);
  for (const Stored& stored : clear) {
    Seal(tx, keyring->newest(), stored.kind, stored.owner, stored.value);
  }
  return static_cast<std::int64_t>(clear.size());
}

Result<std::int64_t> Reseal(store::WriteTx& tx, std::int64_t most) {
  const auto keyring = TRY(NeedKeyring());
  const SealingKey& newest = keyring->newest();
  for (const Stored& stored : tx.All(kOld, ToStored, store::Blob{newest.id}, most)) {
    const auto plain = Open(*keyring, stored);
    if (!plain) {
      return Unreadable(stored);
    }
    Seal(tx, newest, stored.kind, stored.owner, *plain);
  }
  return tx.One(kOldCount, [](const store::Row& row) { return row.Int(0); }, store::Blob{newest.id}).value_or(0);
}

std::vector<std::string> Findings(store::ReadTx& tx) {
  std::vector<std::string> findings;
  const auto keyring = TheKeyring();
  for (const Stored& stored : tx.All(kAll, ToStored)) {
    if (!stored.key) {
      findings.push_back("secret " + NameFor(stored) + ": it lies in the clear");
    } else if (!keyring || keyring->Find(*stored.key) == nullptr) {
      findings.push_back("secret " + NameFor(stored) + ": the key that sealed it is not here");
    } else if (!Open(*keyring, stored)) {
      findings.push_back("secret " + NameFor(stored) + ": it was changed or moved");
    }
  }
  for (const Stored& stored : tx.All(kOfNothing, ToStored)) {
    findings.push_back("secret " + NameFor(stored) + ": what it belonged to is gone");
  }
  return findings;
}

std::vector<std::string> ForgetUnreadable(store::WriteTx& tx) {
  std::vector<std::string> forgotten;
  const auto keyring = TheKeyring();
  for (const Stored& stored : tx.All(kAll, ToStored)) {
    if (keyring && Open(*keyring, stored)) {
      continue;
    }
    forgotten.push_back(NameFor(stored));
    tx.Exec(kDrop, stored.kind, store::Blob{stored.owner});
    const auto owner = Uuid::FromBytes(stored.owner);
    if (stored.kind == NameOf(Kind::kTotp) && owner) {
      tx.Exec(kDropTotp, *owner);
      EndCodesOfNothing(tx, StaffId{*owner});
    }
    Record(tx, SystemActor(), "secrets.forget", forgotten.back());
  }
  return forgotten;
}

}  // namespace propolis::auth::secrets
