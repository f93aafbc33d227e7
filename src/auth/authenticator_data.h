// The parts of WebAuthn that are bytes: authenticator data (level 2 section 6.1) and COSE public keys (RFC 9052, 9053).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/cbor.h"
#include "auth/webauthn.h"

namespace propolis::auth::webauthn {

struct Flags {
  bool user_present = false;
  bool user_verified = false;
  bool backup_eligible = false;
  bool backed_up = false;
  bool has_credential = false;
  bool has_extensions = false;
};

// Views into the bytes that were parsed.
struct AuthenticatorData {
  std::string_view rp_id_hash;
  Flags flags;
  std::uint32_t sign_count = 0;
  std::string_view aaguid;  // with a credential, as are the next two
  std::string_view credential_id;
  std::string_view public_key;
  std::optional<cbor::Item> extensions;  // a map
};

// nullopt: cut off, something left over, or flags that contradict what follows.
std::optional<AuthenticatorData> ParseAuthenticatorData(std::string_view bytes);

// A COSE key in libfido2's layout: the coordinates, the point, or modulus and exponent, one after the other.
struct PublicKey {
  Algorithm algorithm = Algorithm::kEs256;
  std::string raw;
};
// nullopt: none of our algorithms, or not what the algorithm asks for (curve, lengths). Whether a point lies on its
// curve is found by libfido2.
std::optional<PublicKey> ParsePublicKey(std::string_view cose);

}  // namespace propolis::auth::webauthn
