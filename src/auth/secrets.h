// Secrets at rest that the desk must read back: what codes of apps are made from, what webhooks are signed with. They
// are sealed in the store with a key that lies outside of it (secrets_file.h).
//
// AES-256-GCM (NIST SP 800-38D) with a fresh nonce each time. The key's id, the kind and the owner are associated data:
// a value that was put into another row does not open. One process serves one desk: its keyring is the process's, as
// its log is. What is only compared (passwords, tokens, backup codes) is not here but kept as a digest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/names.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::auth::secrets {

enum class Kind {
  kTotp,            // of a person's authenticator app
  kWebhook,         // what the calls to a person's webhook are signed with
  kWebhookAddress,  // its URL: whoever knows it may post there
  kGateway,         // of an SMS or voice service, a chat room
  kMail,            // the desk's own: signed reply addresses
  kSurvey,          // the desk's own: links to surveys
  kPage,            // the desk's own: links of those who are called
  kPush,            // the desk's own: what messages to browsers are signed with
};

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kKeyIdBytes = 8;  // of the SHA-256 of a key: names it, says nothing of it

struct SealingKey {
  std::string id;
  std::string bytes;
};

// The key that seals, and those that only open what they sealed before.
class Keyring {
 public:
  static Keyring Make();
  // What Text wrote; nullopt for anything else.
  static std::optional<Keyring> Parse(std::string_view text);
  [[nodiscard]] std::string Text() const;
  // A fresh key seals; the ones of before open.
  [[nodiscard]] Keyring WithFreshKey() const;
  // Only the key that seals is left.
  [[nodiscard]] Keyring WithoutOldKeys() const;
  [[nodiscard]] bool HasOldKeys() const { return keys_.size() > 1; }
  [[nodiscard]] const SealingKey& newest() const { return keys_.front(); }
  [[nodiscard]] const SealingKey* Find(std::string_view id) const;

 private:
  explicit Keyring(std::vector<SealingKey> keys) : keys_(std::move(keys)) {}
  std::vector<SealingKey> keys_;  // the newest first, never empty
};

// This process's keyring from now on. Thread-safe.
void Use(Keyring keyring);
// Without one, as a process that must not read secrets.
void UseNone();

// Seals `plain` in place of what was there. Error: kUnavailable "secrets.no_key".
Status Put(store::WriteTx& tx, Kind kind, const Uuid& owner, std::string_view plain);
// nullopt: there is none. Errors: kUnavailable "secrets.no_key"; kInternal "secrets.unreadable" for a value that was
// changed, moved, sealed with a key that is not here, or put in the clear.
Result<std::optional<std::string>> Get(store::ReadTx& tx, Kind kind, const Uuid& owner);
void Drop(store::WriteTx& tx, Kind kind, const Uuid& owner);

// One of the desk's own, a random token made at first use.
Result<std::optional<std::string>> GetOwn(store::ReadTx& tx, Kind kind);
Result<std::string> GetOrMakeOwn(store::WriteTx& tx, Kind kind);

// --- for whoever looks after the desk

bool HasSealed(store::ReadTx& tx);
// Ids of the keys that sealed what is there.
std::vector<std::string> KeysInUse(store::ReadTx& tx);
// Seals what a migration moved here in the clear. Only while nothing is sealed yet: what appears in the clear later was
// not put there by the desk, and is left for Findings. Answers how many.
Result<std::int64_t> SealAll(store::WriteTx& tx);
// Seals again at most `most` values that another than the newest key sealed. Answers how many are left.
Result<std::int64_t> Reseal(store::WriteTx& tx, std::int64_t most);
// One line each: in the clear, not to be opened, of nothing that exists.
std::vector<std::string> Findings(store::ReadTx& tx);
// Drops what cannot be opened, and the apps of people that gave its codes. Answers what, one line each.
std::vector<std::string> ForgetUnreadable(store::WriteTx& tx);

}  // namespace propolis::auth::secrets

template <>
struct propolis::Names<propolis::auth::secrets::Kind> {
  using K = propolis::auth::secrets::Kind;
  static constexpr std::array kTable = {std::pair{K::kTotp, std::string_view("totp")},
                                        std::pair{K::kWebhook, std::string_view("webhook")},
                                        std::pair{K::kWebhookAddress, std::string_view("webhook_address")},
                                        std::pair{K::kGateway, std::string_view("gateway")},
                                        std::pair{K::kMail, std::string_view("mail")},
                                        std::pair{K::kSurvey, std::string_view("survey")},
                                        std::pair{K::kPage, std::string_view("page")},
                                        std::pair{K::kPush, std::string_view("push")}};
};
