// The desk's own key for messages to browsers (RFC 8292): a browser takes messages from whoever holds the key that it
// subscribed with, so it is made once, when somebody first asks for it, and never changes.
#pragma once

#include <string>

#include "auth/actor.h"
#include "base/dto.h"
#include "store/store.h"

namespace propolis::notify {

// The public one, as a browser takes it.
struct PushKey {
  std::string key;  // a point of P-256 in base64url
  static const dto::Type& Dto();
};

// nullopt: it was never made.
Result<std::optional<PushKey>> FindPushKey(store::ReadTx& tx, const auth::Actor& actor);
Result<PushKey> MakePushKey(store::WriteTx& tx, const auth::Actor& actor);

// The secret of it, on P-256; for the channel alone.
Result<std::string> PushSecret(store::WriteTx& tx);

}  // namespace propolis::notify
