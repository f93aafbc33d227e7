// JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037): what a signature is verified with. Only keys that can be used
// are ever made; private members are not read.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/names.h"

namespace propolis::auth::jose {

// Of signatures (RFC 7518 section 3.1, RFC 8037 section 3.1). There is no `none`.
enum class Algorithm {
  kHs256,
  kHs384,
  kHs512,
  kRs256,
  kRs384,
  kRs512,
  kPs256,
  kPs384,
  kPs512,
  kEs256,
  kEs384,
  kEs512,
  kEdDsa,
};

// Why a key, a set of keys or a signed text is refused.
enum class Refusal {
  kTooLarge,   // beyond the limits below
  kForm,       // not three parts of base64url, not JSON, or a member of another kind
  kAlgorithm,  // of the header: unknown, `none`, or not allowed here
  kCritical,   // the header asks for an extension that must be understood (RFC 7515 section 4.1.11), and none is
  kKey,        // unknown, not for signatures, or too weak
  kMixedSet,   // keys that all may know beside keys that nobody may: one would be taken for the other
  kNoKey,      // none of that name for that algorithm
  kAmbiguous,  // several
  kSignature,
};
template <class T>
using Checked = std::expected<T, Refusal>;

constexpr std::size_t kLargestSet = std::size_t{256} << 10;  // bytes of JSON
constexpr std::size_t kMostKeys = 100;
constexpr std::size_t kSmallestRsa = 256;     // bytes of the modulus (RFC 7518 section 3.3)
constexpr std::size_t kLargestRsa = 1024;     // more costs time and proves nothing
constexpr std::size_t kLongestSecret = 1024;  // bytes

enum class KeyType { kSecret, kRsa, kCurve, kEdwards };
enum class Curve { kP256, kP384, kP521 };

// Texts are bytes.
struct Jwk {
  KeyType type = KeyType::kSecret;
  std::string id;                      // kid; empty: none
  std::optional<Algorithm> algorithm;  // the only one it may be used with
  std::string secret;                  // oct
  std::string modulus;                 // RSA
  std::string exponent;
  Curve curve = Curve::kP256;  // EC
  std::string x;               // EC, and all of an Ed25519 key
  std::string y;
};

// One key. kKey: of a kind that is not known, for encryption, without what it needs, RSA below 2048 bits or with an
// exponent below 65537, with the flaw of CVE-2017-15361 (ROCA), a point that is not on its curve, or a secret too short
// for its own algorithm.
Checked<Jwk> ReadKey(json::View json);

struct KeySet {
  std::vector<Jwk> keys;
  std::size_t left_out = 0;  // keys that cannot be used (RFC 7517 section 5)
  // Names that several keys of one kind bear, whether they can be used or not: they name none (section 4.5).
  std::set<std::string, std::less<>> doubled;
};
// A set ({"keys": [...]}), or one key alone. A key that cannot be used is left out of a set and refused alone.
Checked<KeySet> ReadKeySet(std::string_view json);

// May this key, by its kind, size and own word, verify that algorithm?
bool Fits(const Jwk& key, Algorithm algorithm);

}  // namespace propolis::auth::jose

namespace propolis {

template <>
struct Names<auth::jose::Algorithm> {
  using A = auth::jose::Algorithm;
  using S = std::string_view;
  static constexpr std::array kTable = {
      std::pair{A::kHs256, S("HS256")}, std::pair{A::kHs384, S("HS384")}, std::pair{A::kHs512, S("HS512")},
      std::pair{A::kRs256, S("RS256")}, std::pair{A::kRs384, S("RS384")}, std::pair{A::kRs512, S("RS512")},
      std::pair{A::kPs256, S("PS256")}, std::pair{A::kPs384, S("PS384")}, std::pair{A::kPs512, S("PS512")},
      std::pair{A::kEs256, S("ES256")}, std::pair{A::kEs384, S("ES384")}, std::pair{A::kEs512, S("ES512")},
      std::pair{A::kEdDsa, S("EdDSA")}};
};

template <>
struct Names<auth::jose::Curve> {
  using C = auth::jose::Curve;
  static constexpr std::array kTable = {std::pair{C::kP256, std::string_view("P-256")},
                                        std::pair{C::kP384, std::string_view("P-384")},
                                        std::pair{C::kP521, std::string_view("P-521")}};
};

template <>
struct Names<auth::jose::Refusal> {
  using R = auth::jose::Refusal;
  using S = std::string_view;
  static constexpr std::array kTable = {std::pair{R::kTooLarge, S("too_large")},
                                        std::pair{R::kForm, S("form")},
                                        std::pair{R::kAlgorithm, S("algorithm")},
                                        std::pair{R::kCritical, S("critical")},
                                        std::pair{R::kKey, S("key")},
                                        std::pair{R::kMixedSet, S("mixed_set")},
                                        std::pair{R::kNoKey, S("no_key")},
                                        std::pair{R::kAmbiguous, S("ambiguous")},
                                        std::pair{R::kSignature, S("signature")}};
};

}  // namespace propolis
