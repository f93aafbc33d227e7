#include "domain/notify/push_key.h"

#include "base/p256.h"
#include "base/text.h"

namespace propolis::notify {
namespace {

constexpr std::string_view kName = "push.secret";
constexpr std::string_view kGet = "SELECT value FROM setting WHERE name = $1";
constexpr std::string_view kPut = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

// Empty: none was made.
std::string Stored(store::ReadTx& tx) {
  const auto found = tx.One(kGet, [](const store::Row& row) { return row.String(0); }, kName);
  return text::Base64UrlDecode(found.value_or("")).value_or("");
}

PushKey PublicOf(const std::string& secret) {
  return {text::Base64UrlEncode(crypto::p256::PointOf(secret).value_or(""))};
}

}  // namespace

Result<std::optional<PushKey>> FindPushKey(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, auth::Permission::kRotaRead));
  const std::string secret = Stored(tx);
  return secret.empty() ? std::nullopt : std::optional(PublicOf(secret));
}

Result<PushKey> MakePushKey(store::WriteTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, auth::Permission::kRotaRead));
  return PublicOf(PushSecret(tx));
}

std::string PushSecret(store::WriteTx& tx) {
  if (std::string secret = Stored(tx); !secret.empty()) {
    return secret;
  }
  tx.Exec(kPut, kName, text::Base64UrlEncode(crypto::p256::NewSecret()));
  return Stored(tx);
}

const dto::Type& PushKey::Dto() {
  static const dto::Type type =
      dto::Object<PushKey>("PushKey", "What a browser must know to take messages of this desk.")
          .Required("key", &PushKey::key, "A point of P-256, uncompressed, in base64url (RFC 8292 section 3.2).")
          .Done();
  return type;
}

}  // namespace propolis::notify
