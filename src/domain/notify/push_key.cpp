#include "domain/notify/push_key.h"

#include "auth/secrets.h"
#include "base/p256.h"
#include "base/text.h"

namespace propolis::notify {
namespace {

using auth::secrets::Kind;

constexpr Uuid kOwn;  // the desk's

// nullopt: none was made.
Result<std::optional<std::string>> Stored(store::ReadTx& tx) {
  const auto kept = TRY(auth::secrets::Get(tx, Kind::kPush, kOwn));
  return kept ? text::Base64UrlDecode(*kept) : std::nullopt;
}

PushKey PublicOf(const std::string& secret) {
  return {text::Base64UrlEncode(crypto::p256::PointOf(secret).value_or(""))};
}

}  // namespace

Result<std::optional<PushKey>> FindPushKey(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, auth::Permission::kRotaRead));
  const auto secret = TRY(Stored(tx));
  return secret ? std::optional(PublicOf(*secret)) : std::nullopt;
}

Result<PushKey> MakePushKey(store::WriteTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, auth::Permission::kRotaRead));
  return PublicOf(TRY(PushSecret(tx)));
}

Result<std::string> PushSecret(store::WriteTx& tx) {
  if (const auto kept = TRY(Stored(tx))) {
    return *kept;
  }
  std::string fresh = crypto::p256::NewSecret();
  TRY(auth::secrets::Put(tx, Kind::kPush, kOwn, text::Base64UrlEncode(fresh)));
  return fresh;
}

const dto::Type& PushKey::Dto() {
  static const dto::Type type =
      dto::Object<PushKey>("PushKey", "What a browser must know to take messages of this desk.")
          .Required("key", &PushKey::key, "A point of P-256, uncompressed, in base64url (RFC 8292 section 3.2).")
          .Done();
  return type;
}

}  // namespace propolis::notify
