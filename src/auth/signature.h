// One signature or MAC by one key (RFC 7518 section 3, RFC 8037), over OpenSSL.
#pragma once

#include <string_view>

#include "auth/jwk.h"

namespace propolis::auth::jose {

// False for a signature that does not hold, and for a key that does not fit the algorithm. ES*: both numbers side by
// side, each as long as the curve's order. PS*: a salt as long as the hash.
bool VerifySignature(Algorithm algorithm, const Jwk& key, std::string_view message, std::string_view signature);

// Can a public key be made of it (a point on the curve, a sound modulus)?
bool IsSound(const Jwk& key);

}  // namespace propolis::auth::jose
