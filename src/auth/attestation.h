// Signatures of WebAuthn, checked by libfido2: of assertions, and of attestation statements (level 2 section 8).
#pragma once

#include <string_view>

#include "auth/authenticator_data.h"
#include "auth/webauthn.h"

namespace propolis::auth::webauthn {

// Is the key one that signatures can be checked with (its point on the curve)?
bool IsUsable(const PublicKey& key);

// `signature` over authenticator data and the digest of the client data.
bool VerifySignature(const PublicKey& key, std::string_view rp_id, const AuthenticatorData& data,
                     std::string_view authenticator_data, std::string_view client_data_hash,
                     std::string_view signature);

struct Statement {
  Format format = Format::kNone;
  cbor::Item body;
  std::string_view rp_id;
  std::string_view client_data_hash;
  const AuthenticatorData& data;
  std::string_view authenticator_data;
  Algorithm algorithm = Algorithm::kEs256;  // of the new key
};
// Does the statement hold? Nothing is said about who made the authenticator: no root is trusted.
// Refusals: kMalformed, kAttestation.
Checked<bool> VerifyStatement(const Statement& statement);

}  // namespace propolis::auth::webauthn
