// Signed texts in compact form (RFC 7515 section 7.1), as OpenID Connect sends them. What is allowed is the caller's
// word, never the token's: the header only says which of the allowed algorithms and which of the caller's keys it was.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "auth/jwk.h"

namespace propolis::auth::jose {

constexpr std::size_t kLargestToken = std::size_t{64} << 10;  // bytes
constexpr std::size_t kLargestHeader = std::size_t{8} << 10;

struct Verified {
  Algorithm algorithm = Algorithm::kEdDsa;
  std::string key;      // its id; may be empty
  std::string header;   // JSON, as it was signed
  std::string payload;  // bytes
};

// Exactly three parts; a header with an allowed `alg` and no `crit`; exactly one key of the set that bears the header's
// `kid` (or bears no name) and fits the algorithm; and a signature that holds. Keys inside the header (jwk, jku, x5c,
// x5u) are never used.
Checked<Verified> VerifyCompact(std::string_view token, const KeySet& keys, std::span<const Algorithm> allowed);

}  // namespace propolis::auth::jose
