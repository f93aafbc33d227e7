#include "audit/note.h"

#include <fmt/format.h>
#include <sodium.h>

#include "base/base64.h"
#include "base/number.h"
#include "base/text.h"

namespace propolis::audit {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // em dash and a space begin a signature line
constexpr std::size_t kIdBytes = 4;
// What a key is for: the algorithm's number in signed-note.
constexpr char kEd25519 = 1;
constexpr char kCosignature = 4;
constexpr std::size_t kTimeBytes = 8;  // before a cosignature

struct Pair {
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  [[nodiscard]] std::string_view Open() const { return {reinterpret_cast<const char*>(open.data()), open.size()}; }
};

Pair PairOf(const std::string& seed) {
  Pair pair;
  crypto_sign_seed_keypair(pair.open.data(), pair.secret.data(), reinterpret_cast<const unsigned char*>(seed.data()));
  return pair;
}

std::string SignatureOf(const Pair& pair, std::string_view text) {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), pair.secret.data());
  return signature;
}

bool Verifies(std::string_view signature, std::string_view text, std::string_view key) {
  return crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                                     reinterpret_cast<const unsigned char*>(key.data())) == 0;
}

std::string WithAlgorithm(char algorithm, std::string_view key) { return std::string(1, algorithm).append(key); }

// The first bytes of a hash of name and key tell keys of one name apart.
std::string KeyId(std::string_view name, char algorithm, std::string_view key) {
  const auto digest = crypto::Sha256(std::string(name).append("\n").append(WithAlgorithm(algorithm, key)));
  return {reinterpret_cast<const char*>(digest.data()), kIdBytes};
}

std::string VerifierText(std::string_view name, char algorithm, std::string_view key) {
  return fmt::format("{}+{}+{}", name, text::HexEncode(KeyId(name, algorithm, key)),
                     text::Base64Encode(WithAlgorithm(algorithm, key)));
}

std::string SignatureLine(std::string_view name, std::string_view id, std::string_view payload) {
  return fmt::format("{}{} {}\n", kDash, name, text::Base64Encode(std::string(id).append(payload)));
}

std::optional<std::string> SeedFrom(std::string_view text) {
  auto seed = text::Base64Decode(text::Trim(text));
  return seed && seed->size() == crypto_sign_SEEDBYTES ? seed : std::nullopt;
}

struct Verifier {
  std::string name;
  std::string id;
  std::string key;
};

std::optional<Verifier> ReadVerifier(std::string_view text, char algorithm) {
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  const auto bytes = text::Base64Decode(text.substr(second + 1));
  if (!bytes || bytes->size() != 1 + crypto_sign_PUBLICKEYBYTES || bytes->front() != algorithm) {
    return std::nullopt;
  }
  Verifier verifier{std::string(text.substr(0, first)), "", bytes->substr(1)};
  verifier.id = KeyId(verifier.name, algorithm, verifier.key);
  if (text::HexEncode(verifier.id) != text.substr(first + 1, second - first - 1)) {
    return std::nullopt;
  }
  return verifier;
}

// The signed text ends with the line before the empty one.
std::optional<std::pair<std::string_view, std::string_view>> SplitNote(std::string_view note) {
  const auto gap = note.rfind("\n\n");
  if (gap == std::string_view::npos) {
    return std::nullopt;
  }
  return std::pair(note.substr(0, gap + 1), note.substr(gap + 2));
}

// The `size` bytes behind the key's id, of each signature line that is by this key.
std::vector<std::string> PayloadsOf(std::string_view signatures, const Verifier& verifier, std::size_t size) {
  std::vector<std::string> payloads;
  for (std::string_view line : text::Split(signatures, '\n')) {
    if (!line.starts_with(kDash)) {
      continue;
    }
    line.remove_prefix(kDash.size());
    const auto space = line.find(' ');
    const auto bytes = space == std::string_view::npos ? std::nullopt : text::Base64Decode(line.substr(space + 1));
    if (line.substr(0, space) == verifier.name && bytes && bytes->size() == kIdBytes + size &&
        bytes->starts_with(verifier.id)) {
      payloads.push_back(bytes->substr(kIdBytes));
    }
  }
  return payloads;
}

// C2SP tlog-cosignature: what a witness signs.
std::string CosignedText(std::int64_t seconds, std::string_view text) {
  return fmt::format("cosignature/v1\ntime {}\n{}", seconds, text);
}

}  // namespace

SigningKey SigningKey::Make() {
  SigningKey key;
  key.seed_ = crypto::RandomBytes(crypto_sign_SEEDBYTES);
  return key;
}

std::optional<SigningKey> SigningKey::Parse(std::string_view text) {
  auto seed = SeedFrom(text);
  if (!seed) {
    return std::nullopt;
  }
  SigningKey key;
  key.seed_ = *std::move(seed);
  return key;
}

std::string SigningKey::Secret() const { return text::Base64Encode(seed_) + "\n"; }

std::string SigningKey::Verifier() const { return VerifierText(kOrigin, kEd25519, PairOf(seed_).Open()); }

std::string SigningKey::Sign(std::string_view text) const {
  const Pair pair = PairOf(seed_);
  return SignatureLine(kOrigin, KeyId(kOrigin, kEd25519, pair.Open()), SignatureOf(pair, text));
}

WitnessKey WitnessKey::Make(std::string name) {
  WitnessKey key;
  key.name_ = std::move(name);
  key.seed_ = crypto::RandomBytes(crypto_sign_SEEDBYTES);
  return key;
}

std::optional<WitnessKey> WitnessKey::Parse(std::string name, std::string_view text) {
  auto seed = SeedFrom(text);
  if (!seed) {
    return std::nullopt;
  }
  WitnessKey key;
  key.name_ = std::move(name);
  key.seed_ = *std::move(seed);
  return key;
}

std::string WitnessKey::Secret() const { return text::Base64Encode(seed_) + "\n"; }

std::string WitnessKey::Verifier() const { return VerifierText(name_, kCosignature, PairOf(seed_).Open()); }

std::string WitnessKey::Cosign(std::string_view note, Time at) const {
  const Pair pair = PairOf(seed_);
  const auto parts = SplitNote(note);
  const auto seconds = std::chrono::floor<Seconds>(at).time_since_epoch().count();
  std::string payload;
  for (std::size_t byte = kTimeBytes; byte-- > 0;) {
    payload.push_back(static_cast<char>((static_cast<std::uint64_t>(seconds) >> (8 * byte)) & 0xffU));
  }
  payload += SignatureOf(pair, CosignedText(seconds, parts ? parts->first : ""));
  return SignatureLine(name_, KeyId(name_, kCosignature, pair.Open()), payload);
}

std::string WriteCheckpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  const std::string text =
      fmt::format("{}\n{}\n{}\n", kOrigin, checkpoint.size, text::Base64Encode(Bytes(checkpoint.root)));
  return text + "\n" + key.Sign(text);
}

std::optional<Checkpoint> ReadCheckpoint(std::string_view note) {
  const auto parts = SplitNote(note);
  const auto lines = parts ? text::Split(parts->first, '\n') : std::vector<std::string_view>();
  if (lines.size() < 4 || lines[0] != kOrigin) {
    return std::nullopt;
  }
  const auto size = text::ParseNumber<std::uint64_t>(lines[1]);
  const auto bytes = text::Base64Decode(lines[2]);
  const auto root = bytes ? HashFrom(*bytes) : std::nullopt;
  if (!size || std::to_string(*size) != lines[1] || !root) {
    return std::nullopt;
  }
  return Checkpoint{*size, *root};
}

bool IsVerifier(std::string_view text) { return ReadVerifier(text, kEd25519).has_value(); }

bool IsSignedBy(std::string_view note, std::string_view verifier) {
  const auto key = ReadVerifier(text::Trim(verifier), kEd25519);
  const auto parts = SplitNote(note);
  return key && parts &&
         std::ranges::any_of(PayloadsOf(parts->second, *key, crypto_sign_BYTES),
                             [&](const std::string& signature) { return Verifies(signature, parts->first, key->key); });
}

std::optional<Time> CosignedAt(std::string_view note, std::string_view verifier) {
  const auto key = ReadVerifier(text::Trim(verifier), kCosignature);
  const auto parts = SplitNote(note);
  if (!key || !parts) {
    return std::nullopt;
  }
  for (const std::string& payload : PayloadsOf(parts->second, *key, kTimeBytes + crypto_sign_BYTES)) {
    std::uint64_t seconds = 0;
    for (const char byte : payload.substr(0, kTimeBytes)) {
      seconds = seconds << 8U | static_cast<unsigned char>(byte);
    }
    const auto since = static_cast<std::int64_t>(seconds);
    if (Verifies(std::string_view(payload).substr(kTimeBytes), CosignedText(since, parts->first), key->key)) {
      return Time{Seconds{since}};
    }
  }
  return std::nullopt;
}

}  // namespace propolis::audit
