#include "auth/jwk.h"

#include <algorithm>
#include <array>

#include "auth/signature.h"
#include "base/text.h"

namespace propolis::auth::jose {
namespace {

constexpr std::size_t kEd25519 = 32;
constexpr std::size_t kLongestId = 512;
constexpr std::size_t kLargestExponent = 8;         // bytes
constexpr std::uint64_t kSmallestExponent = 65537;  // FIPS 186-5, A.1.1

std::optional<std::string> Text(json::View json, std::string_view name) {
  const auto member = json.Find(name);
  const auto text = member ? member->AsString() : std::nullopt;
  return text ? std::optional(std::string(*text)) : std::nullopt;
}

// A member that may be left out but not be of another kind.
bool IsTextOrAbsent(json::View json, std::string_view name) {
  const auto member = json.Find(name);
  return !member || member->AsString();
}

std::optional<std::string> Bytes(json::View json, std::string_view name) {
  const auto text = Text(json, name);
  return text && !text->empty() ? text::Base64UrlDecode(*text) : std::nullopt;
}

// Meant for verifying signatures: RFC 7517 sections 4.2 and 4.3.
bool IsForSignatures(json::View json) {
  const auto use = json.Find("use");
  if (use && use->AsString() != "sig") {
    return false;
  }
  const auto operations = json.Find("key_ops");
  if (!operations) {
    return true;
  }
  for (std::size_t i = 0; operations->kind() == json::Kind::kArray && i < operations->Size(); ++i) {
    const auto operation = operations->At(i).AsString();
    if (operation == "verify" || operation == "sign") {
      return true;
    }
  }
  return false;
}

// Primes of the flawed library were k * M + (65537^a mod M), M the product of the first primes: so the modulus is a
// power of 65537 modulo each of them. A sound one passes all of these with a chance of 2^-27.
bool HasRocaFlaw(std::string_view modulus) {
  static constexpr std::array kPrimes = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                         47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                         107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
  return std::ranges::all_of(kPrimes, [&](int prime) {
    int rest = 0;
    for (const char byte : modulus) {
      rest = (rest * 256 + static_cast<unsigned char>(byte)) % prime;
    }
    int power = 1;
    for (int i = 0; i < prime; ++i) {
      if (power == rest) {
        return true;
      }
      power = static_cast<int>(power * static_cast<std::int64_t>(kSmallestExponent) % prime);
    }
    return false;
  });
}

bool ReadSecret(json::View json, Jwk& key) {
  key.type = KeyType::kSecret;
  key.secret = Bytes(json, "k").value_or("");
  return !key.secret.empty() && key.secret.size() <= kLongestSecret;
}

bool ReadRsa(json::View json, Jwk& key) {
  key.type = KeyType::kRsa;
  key.modulus = Bytes(json, "n").value_or("");
  key.exponent = Bytes(json, "e").value_or("");
  // Base64urlUInt: no zeros in front (RFC 7518 section 2).
  if (key.modulus.size() < kSmallestRsa || key.modulus.size() > kLargestRsa || key.modulus[0] == '\0' ||
      (key.modulus.size() == kSmallestRsa && (static_cast<unsigned char>(key.modulus[0]) & 0x80U) == 0) ||
      key.exponent.empty() || key.exponent.size() > kLargestExponent || key.exponent[0] == '\0') {
    return false;
  }
  std::uint64_t exponent = 0;
  for (const char byte : key.exponent) {
    exponent = exponent << 8U | static_cast<unsigned char>(byte);
  }
  return exponent >= kSmallestExponent && exponent % 2 == 1 && !HasRocaFlaw(key.modulus);
}

std::size_t SizeOf(Curve curve) { return curve == Curve::kP256 ? 32 : curve == Curve::kP384 ? 48 : 66; }

bool ReadCurve(json::View json, Jwk& key) {
  key.type = KeyType::kCurve;
  const auto curve = FromName<Curve>(Text(json, "crv").value_or(""));
  key.curve = curve.value_or(Curve::kP256);
  key.x = Bytes(json, "x").value_or("");
  key.y = Bytes(json, "y").value_or("");
  return curve && key.x.size() == SizeOf(*curve) && key.y.size() == SizeOf(*curve);
}

bool ReadEdwards(json::View json, Jwk& key) {
  key.type = KeyType::kEdwards;
  key.x = Bytes(json, "x").value_or("");
  return Text(json, "crv") == "Ed25519" && key.x.size() == kEd25519;
}

bool ReadMaterial(json::View json, Jwk& key) {
  const std::string type = Text(json, "kty").value_or("");
  return type == "oct"   ? ReadSecret(json, key)
         : type == "RSA" ? ReadRsa(json, key)
         : type == "EC"  ? ReadCurve(json, key)
         : type == "OKP" ? ReadEdwards(json, key)
                         : false;
}

std::size_t ShortestSecret(Algorithm algorithm) {  // RFC 7518 section 3.2: as long as the hash
  return algorithm == Algorithm::kHs256 ? 32 : algorithm == Algorithm::kHs384 ? 48 : 64;
}

bool IsForKind(const Jwk& key, Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256:
    case Algorithm::kHs384:
    case Algorithm::kHs512:
      return key.type == KeyType::kSecret && key.secret.size() >= ShortestSecret(algorithm);
    case Algorithm::kRs256:
    case Algorithm::kRs384:
    case Algorithm::kRs512:
    case Algorithm::kPs256:
    case Algorithm::kPs384:
    case Algorithm::kPs512:
      return key.type == KeyType::kRsa;
    case Algorithm::kEs256:
      return key.type == KeyType::kCurve && key.curve == Curve::kP256;
    case Algorithm::kEs384:
      return key.type == KeyType::kCurve && key.curve == Curve::kP384;
    case Algorithm::kEs512:
      return key.type == KeyType::kCurve && key.curve == Curve::kP521;
    case Algorithm::kEdDsa:
      return key.type == KeyType::kEdwards;
  }
  return false;
}

bool IsMixed(const std::vector<Jwk>& keys) {
  const auto secret = [](const Jwk& key) { return key.type == KeyType::kSecret; };
  return std::ranges::any_of(keys, secret) && !std::ranges::all_of(keys, secret);
}

}  // namespace

bool Fits(const Jwk& key, Algorithm algorithm) {
  return IsForKind(key, algorithm) && (!key.algorithm || *key.algorithm == algorithm);
}

Checked<Jwk> ReadKey(json::View json) {
  if (json.kind() != json::Kind::kObject || !IsTextOrAbsent(json, "kid") || !IsTextOrAbsent(json, "alg")) {
    return std::unexpected(Refusal::kForm);
  }
  Jwk key;
  key.id = Text(json, "kid").value_or("");
  if (key.id.size() > kLongestId || !IsForSignatures(json) || !ReadMaterial(json, key)) {
    return std::unexpected(Refusal::kKey);
  }
  if (const auto name = Text(json, "alg")) {
    key.algorithm = FromName<Algorithm>(*name);
    if (!key.algorithm || !IsForKind(key, *key.algorithm)) {
      return std::unexpected(Refusal::kKey);
    }
  }
  if (!IsSound(key)) {
    return std::unexpected(Refusal::kKey);
  }
  return key;
}

Checked<KeySet> ReadKeySet(std::string_view json) {
  if (json.size() > kLargestSet) {
    return std::unexpected(Refusal::kTooLarge);
  }
  const auto document = json::Document::Parse(json);
  if (!document) {
    return std::unexpected(Refusal::kForm);
  }
  KeySet set;
  const auto keys = document->Root().Find("keys");
  if (!keys) {
    auto key = ReadKey(document->Root());
    if (!key) {
      return std::unexpected(key.error());
    }
    set.keys.push_back(*std::move(key));
    return set;
  }
  if (keys->kind() != json::Kind::kArray) {
    return std::unexpected(Refusal::kForm);
  }
  if (keys->Size() > kMostKeys) {
    return std::unexpected(Refusal::kTooLarge);
  }
  std::set<std::pair<std::string, std::string>> seen;  // name and kind
  for (std::size_t i = 0; i < keys->Size(); ++i) {
    const auto name = keys->At(i).kind() == json::Kind::kObject ? Text(keys->At(i), "kid") : std::nullopt;
    if (name && !seen.emplace(*name, Text(keys->At(i), "kty").value_or("")).second) {
      set.doubled.insert(*name);
    }
    if (auto key = ReadKey(keys->At(i))) {
      set.keys.push_back(*std::move(key));
    } else {
      ++set.left_out;
    }
  }
  if (IsMixed(set.keys)) {
    return std::unexpected(Refusal::kMixedSet);
  }
  return set;
}

}  // namespace propolis::auth::jose
