// Where the desk may call besides the public internet: networks that an administrator names.
#pragma once

#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "store/store.h"

namespace propolis::notify {

struct Outgoing {
  std::vector<std::string> networks;  // "10.0.0.0/8"
  static const dto::Type& Dto();
};

Outgoing LoadOutgoing(store::ReadTx& tx);
Result<Outgoing> GetOutgoing(store::ReadTx& tx, const auth::Actor& actor);
// The networks were read by the caller (http::ParseAllowed).
Result<Outgoing> PutOutgoing(store::WriteTx& tx, const auth::Actor& actor, const Outgoing& outgoing);

}  // namespace propolis::notify
