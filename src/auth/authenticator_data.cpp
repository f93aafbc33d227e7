#include "auth/authenticator_data.h"

namespace propolis::auth::webauthn {
namespace {

constexpr std::size_t kHeadBytes = 37;  // hash, flags, counter
constexpr std::size_t kAaguidBytes = 16;

// COSE key parameters (RFC 9052 section 7.1, RFC 9053 sections 7.1 and 7.2, RFC 8230).
constexpr std::int64_t kKty = 1;
constexpr std::int64_t kAlg = 3;
constexpr std::int64_t kCurve = -1;
constexpr std::int64_t kX = -2;
constexpr std::int64_t kY = -3;
constexpr std::int64_t kModulus = -1;
constexpr std::int64_t kExponent = -2;

std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) {
    number = (number << 8U) | static_cast<std::uint8_t>(byte);
  }
  return number;
}

// Takes the first `count` bytes away. nullopt: there are fewer.
std::optional<std::string_view> Take(std::string_view& bytes, std::size_t count) {
  if (bytes.size() < count) {
    return std::nullopt;
  }
  const std::string_view taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return taken;
}

// Takes one CBOR item away.
std::optional<std::string_view> TakeItem(std::string_view& bytes) {
  const auto size = cbor::SizeOfFirst(bytes);
  return size ? Take(bytes, *size) : std::nullopt;
}

Flags ToFlags(std::uint8_t bits) {
  return {.user_present = (bits & 0x01U) != 0,
          .user_verified = (bits & 0x04U) != 0,
          .backup_eligible = (bits & 0x08U) != 0,
          .backed_up = (bits & 0x10U) != 0,
          .has_credential = (bits & 0x40U) != 0,
          .has_extensions = (bits & 0x80U) != 0};
}

bool TakeCredential(std::string_view& rest, AuthenticatorData& data) {
  const auto aaguid = Take(rest, kAaguidBytes);
  const auto length = Take(rest, 2);
  if (!aaguid || !length) {
    return false;
  }
  const auto id = Take(rest, BigEndian(*length));
  if (!id || id->empty() || id->size() > kLongestId) {
    return false;
  }
  const auto key = TakeItem(rest);
  if (!key) {
    return false;
  }
  data.aaguid = *aaguid;
  data.credential_id = *id;
  data.public_key = *key;
  return true;
}

std::int64_t IntegerIn(const cbor::Item& map, std::int64_t key) {
  const auto item = map.Find(key);
  return item ? item->AsInteger().value_or(0) : 0;
}

// A member that must have exactly `size` bytes; "" otherwise.
std::string BytesIn(const cbor::Item& map, std::int64_t key, std::size_t size) {
  const auto item = map.Find(key);
  const auto bytes = item ? item->AsBytes() : std::nullopt;
  return bytes && bytes->size() == size ? std::string(*bytes) : "";
}

struct Shape {
  Algorithm algorithm;
  std::int64_t kty;    // 1 OKP, 2 EC2, 3 RSA
  std::int64_t curve;  // 0: none
  std::int64_t first;  // parameters and their lengths
  std::size_t first_bytes;
  std::int64_t second;  // 0: none
  std::size_t second_bytes;
};
// libfido2 takes RSA keys of 2048 bits alone, with an exponent of three bytes.
constexpr std::array kShapes = {
    Shape{Algorithm::kEs256, 2, 1, kX, 32, kY, 32}, Shape{Algorithm::kEs384, 2, 2, kX, 48, kY, 48},
    Shape{Algorithm::kEdDsa, 1, 6, kX, 32, 0, 0}, Shape{Algorithm::kRs256, 3, 0, kModulus, 256, kExponent, 3}};

}  // namespace

std::optional<AuthenticatorData> ParseAuthenticatorData(std::string_view bytes) {
  if (bytes.size() < kHeadBytes || bytes.size() > cbor::kMostBytes) {
    return std::nullopt;
  }
  AuthenticatorData data;
  data.rp_id_hash = bytes.substr(0, 32);
  data.flags = ToFlags(static_cast<std::uint8_t>(bytes[32]));
  data.sign_count = static_cast<std::uint32_t>(BigEndian(bytes.substr(33, 4)));
  std::string_view rest = bytes.substr(kHeadBytes);
  if (data.flags.has_credential && !TakeCredential(rest, data)) {
    return std::nullopt;
  }
  if (data.flags.has_extensions) {
    const auto item = TakeItem(rest);
    data.extensions = item ? cbor::Item::Parse(*item) : std::nullopt;
    if (!data.extensions || !data.extensions->IsMap()) {
      return std::nullopt;
    }
  }
  return rest.empty() ? std::optional(std::move(data)) : std::nullopt;
}

std::optional<PublicKey> ParsePublicKey(std::string_view cose) {
  const auto map = cbor::Item::Parse(cose);
  if (!map || !map->IsMap()) {
    return std::nullopt;
  }
  const std::int64_t algorithm = IntegerIn(*map, kAlg);
  const auto shape = std::ranges::find_if(
      kShapes, [&](const Shape& candidate) { return static_cast<std::int64_t>(candidate.algorithm) == algorithm; });
  if (shape == kShapes.end() || IntegerIn(*map, kKty) != shape->kty ||
      (shape->curve != 0 && IntegerIn(*map, kCurve) != shape->curve)) {
    return std::nullopt;
  }
  PublicKey key{.algorithm = shape->algorithm, .raw = BytesIn(*map, shape->first, shape->first_bytes)};
  if (shape->second != 0) {
    key.raw += BytesIn(*map, shape->second, shape->second_bytes);
  }
  return key.raw.size() == shape->first_bytes + shape->second_bytes ? std::optional(std::move(key)) : std::nullopt;
}

}  // namespace propolis::auth::webauthn
