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
constexpr char kEd25519 = 1;  // the algorithm's number in signed-note

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

std::string WithAlgorithm(std::string_view key) { return std::string(1, kEd25519) + std::string(key); }

// The first bytes of a hash of name and key tell keys of one name apart.
std::string KeyId(std::string_view name, std::string_view key) {
  const auto digest = crypto::Sha256(std::string(name) + "\n" + WithAlgorithm(key));
  return {reinterpret_cast<const char*>(digest.data()), kIdBytes};
}

struct Verifier {
  std::string name;
  std::string id;
  std::string key;
};

std::optional<Verifier> ReadVerifier(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  const auto bytes = text::Base64Decode(text.substr(second + 1));
  if (!bytes || bytes->size() != 1 + crypto_sign_PUBLICKEYBYTES || bytes->front() != kEd25519) {
    return std::nullopt;
  }
  Verifier verifier{std::string(text.substr(0, first)), "", bytes->substr(1)};
  verifier.id = KeyId(verifier.name, verifier.key);
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

}  // namespace

SigningKey SigningKey::Make() {
  SigningKey key;
  key.seed_ = crypto::RandomBytes(crypto_sign_SEEDBYTES);
  return key;
}

std::optional<SigningKey> SigningKey::Parse(std::string_view text) {
  const auto seed = text::Base64Decode(text::Trim(text));
  if (!seed || seed->size() != crypto_sign_SEEDBYTES) {
    return std::nullopt;
  }
  SigningKey key;
  key.seed_ = *seed;
  return key;
}

std::string SigningKey::Secret() const { return text::Base64Encode(seed_) + "\n"; }

std::string SigningKey::Verifier() const {
  const Pair pair = PairOf(seed_);
  return fmt::format("{}+{}+{}", kOrigin, text::HexEncode(KeyId(kOrigin, pair.Open())),
                     text::Base64Encode(WithAlgorithm(pair.Open())));
}

std::string SigningKey::Sign(std::string_view text) const {
  const Pair pair = PairOf(seed_);
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                       reinterpret_cast<const unsigned char*>(text.data()), text.size(), pair.secret.data());
  return fmt::format("{}{} {}\n", kDash, kOrigin, text::Base64Encode(KeyId(kOrigin, pair.Open()) + signature));
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

bool IsSignedBy(std::string_view note, std::string_view verifier) {
  const auto key = ReadVerifier(text::Trim(verifier));
  const auto parts = SplitNote(note);
  if (!key || !parts) {
    return false;
  }
  for (std::string_view line : text::Split(parts->second, '\n')) {
    if (!line.starts_with(kDash)) {
      continue;
    }
    line.remove_prefix(kDash.size());
    const auto space = line.find(' ');
    const auto bytes = space == std::string_view::npos ? std::nullopt : text::Base64Decode(line.substr(space + 1));
    if (line.substr(0, space) != key->name || !bytes || bytes->size() != kIdBytes + crypto_sign_BYTES ||
        bytes->substr(0, kIdBytes) != key->id) {
      continue;
    }
    const auto* signature = reinterpret_cast<const unsigned char*>(bytes->data() + kIdBytes);
    if (crypto_sign_verify_detached(signature, reinterpret_cast<const unsigned char*>(parts->first.data()),
                                    parts->first.size(),
                                    reinterpret_cast<const unsigned char*>(key->key.data())) == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace propolis::audit
