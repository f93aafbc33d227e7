// Passkeys: what a browser sends when one is registered or used, verified as W3C Web Authentication (level 2 section 7,
// and level 3 for the backup flags) says. Pure: what was asked for and what is known of the key come in. Signatures are
// libfido2's business.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/names.h"

namespace propolis::auth::webauthn {

// COSE algorithms (RFC 9053) that libfido2 verifies; the value is COSE's number.
enum class Algorithm : int { kEs256 = -7, kEdDsa = -8, kEs384 = -35, kRs256 = -257 };

// How an authenticator vouches for a new key. Others are refused: nothing here could verify them.
enum class Format { kNone, kPacked, kFidoU2f };

constexpr std::size_t kLongestId = 1023;  // bytes of a credential's id (section 5.8.3 of level 3)
constexpr std::size_t kMostClientData = 16 * 1024;
constexpr std::size_t kMostSignature = 1024;

// Why a registration or an assertion does not hold.
enum class Refusal {
  kMalformed,     // JSON, CBOR or authenticator data that cannot be read, or beyond the limits
  kType,          // made for the other ceremony
  kChallenge,     // an answer to something else
  kOrigin,        // made on a page that is not the desk's
  kCrossOrigin,   // made inside another site's frame
  kTokenBinding,  // bound to a connection that the desk cannot know
  kRelyingParty,  // for another relying party
  kUserPresence,
  kUserVerification,
  kBackup,       // backed up though it cannot be, or its kind changed
  kCredential,   // not the key that was asked for, or its id contradicts itself
  kUser,         // belongs to somebody else
  kAlgorithm,    // not offered, or the key is not of that algorithm
  kFormat,       // an attestation that the desk does not know
  kAttestation,  // an attestation that does not hold
  kSignature,
  kCounter,  // did not grow: a copy of the key may be in use
};

template <class T>
using Checked = std::expected<T, Refusal>;

// What the desk expects of both ceremonies. Texts are bytes, not base64.
struct Expected {
  std::string rp_id;
  std::vector<std::string> origins;  // exact: "https://desk.example"
  std::string challenge;
  bool user_verification = true;
  bool cross_origin = false;  // whether frames of other sites may ask
};

struct RegistrationOptions {
  Expected expected;
  std::vector<Algorithm> algorithms = {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256};
};

struct Registration {
  std::string id;
  std::string client_data;  // clientDataJSON
  std::string attestation_object;
};

// What is kept of a key.
struct Credential {
  std::string id;
  std::string public_key;  // COSE_Key, CBOR
  Algorithm algorithm = Algorithm::kEs256;
  std::uint32_t sign_count = 0;
  Uuid aaguid;  // the authenticator's model; nil when it does not say
  bool backup_eligible = false;
  bool backed_up = false;
  bool user_verified = false;
  Format format = Format::kNone;
};

Checked<Credential> VerifyRegistration(const RegistrationOptions& options, const Registration& registration);

struct AssertionOptions {
  Expected expected;
  std::vector<std::string> allowed;  // ids; any when empty (discoverable credentials)
  std::string user_handle;           // of the key's owner; an answer that names another is refused
};

struct Assertion {
  std::string id;
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
  std::optional<std::string> user_handle;
};

// What changes in the kept key.
struct Used {
  std::uint32_t sign_count = 0;
  bool backed_up = false;
  bool user_verified = false;
};

// A counter that does not grow refuses (section 7.2 step 21 leaves it to the relying party): keys that do not count
// send 0 always and are not concerned.
Checked<Used> VerifyAssertion(const AssertionOptions& options, const Credential& credential,
                              const Assertion& assertion);

}  // namespace propolis::auth::webauthn

template <>
struct propolis::Names<propolis::auth::webauthn::Algorithm> {
  using A = propolis::auth::webauthn::Algorithm;
  static constexpr std::array kTable = {
      std::pair{A::kEs256, std::string_view("ES256")}, std::pair{A::kEdDsa, std::string_view("EdDSA")},
      std::pair{A::kEs384, std::string_view("ES384")}, std::pair{A::kRs256, std::string_view("RS256")}};
};

template <>
struct propolis::Names<propolis::auth::webauthn::Format> {
  using F = propolis::auth::webauthn::Format;
  static constexpr std::array kTable = {std::pair{F::kNone, std::string_view("none")},
                                        std::pair{F::kPacked, std::string_view("packed")},
                                        std::pair{F::kFidoU2f, std::string_view("fido-u2f")}};
};

template <>
struct propolis::Names<propolis::auth::webauthn::Refusal> {
  using R = propolis::auth::webauthn::Refusal;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{R::kMalformed, S("malformed")},
                                        std::pair{R::kType, S("type")},
                                        std::pair{R::kChallenge, S("challenge")},
                                        std::pair{R::kOrigin, S("origin")},
                                        std::pair{R::kCrossOrigin, S("cross_origin")},
                                        std::pair{R::kTokenBinding, S("token_binding")},
                                        std::pair{R::kRelyingParty, S("relying_party")},
                                        std::pair{R::kUserPresence, S("user_presence")},
                                        std::pair{R::kUserVerification, S("user_verification")},
                                        std::pair{R::kBackup, S("backup")},
                                        std::pair{R::kCredential, S("credential")},
                                        std::pair{R::kUser, S("user")},
                                        std::pair{R::kAlgorithm, S("algorithm")},
                                        std::pair{R::kFormat, S("format")},
                                        std::pair{R::kAttestation, S("attestation")},
                                        std::pair{R::kSignature, S("signature")},
                                        std::pair{R::kCounter, S("counter")}};
};
