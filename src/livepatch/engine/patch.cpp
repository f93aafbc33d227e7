#include "livepatch/engine/patch.h"

#include <sodium.h>

#include <cstring>
#include <set>

#include "base/base64.h"
#include "base/crypto.h"
#include "base/number.h"
#include "base/text.h"
#include "livepatch/runtime/plan.h"

namespace propolis::livepatch {
namespace {

constexpr std::string_view kDomain = "propolis-livepatch-1\n";  // what is signed is a patch and nothing else
constexpr std::string_view kSecret = "propolis-livepatch-secret-1 ";
constexpr std::string_view kPublic = "ed25519:";
constexpr std::size_t kMaxManifest = 4 << 20;

std::string Raw(const crypto::Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::string Signed(const PatchParts& parts) {
  return std::string(kDomain) + Raw(crypto::Sha256(parts.manifest)) + Raw(crypto::Sha256(parts.plan));
}

const unsigned char* Bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool Holds(const std::string& key, const std::string& signature, const std::string& text) {
  return key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(Bytes(signature), Bytes(text), text.size(), Bytes(key)) == 0;
}

std::unexpected<Error> Contradiction(std::string field) {
  return Fail(Code::kInvalid, "livepatch.contradiction", {{"field", std::move(field)}});
}

// The plan's names, in its order.
std::vector<std::string> NamesIn(const std::string& plan, const PlanHeader& header) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < header.functions.count; ++i) {
    PlanFunction function;
    std::memcpy(&function, plan.data() + header.functions.at + i * sizeof function, sizeof function);
    names.emplace_back(plan.data() + header.strings.at + function.name);
  }
  std::ranges::sort(names);
  return names;
}

Status Agree(const Manifest& manifest, const std::string& plan) {
  // Aligned, as the check wants it.
  std::vector<std::uint64_t> copy((plan.size() + 7) / 8);
  if (!plan.empty()) {
    std::memcpy(copy.data(), plan.data(), plan.size());
  }
  if (const char* fault = FaultOfPlan(copy.data(), plan.size())) {
    return Fail(Code::kInvalid, "livepatch.bad_plan", {{"why", fault}});
  }
  PlanHeader header;
  std::memcpy(&header, plan.data(), sizeof header);
  if (manifest.plan_digest != crypto::Hex(crypto::Sha256(plan))) {
    return Contradiction("plan_digest");
  }
  if (manifest.level != header.level) {
    return Contradiction("level");
  }
  const std::string_view build(reinterpret_cast<const char*>(header.build_id), header.build_id_size);
  if (manifest.build_id != text::HexEncode(build)) {
    return Contradiction("build_id");
  }
  const std::int64_t expires =
      manifest.expires ? std::chrono::floor<Seconds>(*manifest.expires).time_since_epoch().count() : 0;
  if (expires != header.expires) {
    return Contradiction("expires");
  }
  std::vector<std::string> names;
  for (const auto& function : manifest.functions) {
    names.push_back(function.name);
  }
  std::ranges::sort(names);
  return names == NamesIn(plan, header) ? Status() : Contradiction("functions");
}

}  // namespace

const dto::Type& ReplacedFunction::Dto() {
  static const dto::Type type =
      dto::Object<ReplacedFunction>("ReplacedFunction", "A function that gives way.")
          .Required("name", &ReplacedFunction::name, "As the linker knows it.", dto::Text(1, 10000))
          .Required("readable", &ReplacedFunction::readable, "As people know it.", dto::Text(1, 20000))
          .Required("size", &ReplacedFunction::size, "Bytes of the old body.", dto::Range(1, 1 << 23))
          .Required("old_digest", &ReplacedFunction::old_digest, "SHA-256 of the old body with its pad.",
                    dto::Text(64, 64))
          .Done();
  return type;
}

const dto::Type& Manifest::Dto() {
  static const dto::Type type =
      dto::Object<Manifest>("Manifest", "What a patch says of itself.")
          .Required("id", &Manifest::id, "A name for it.", dto::Text(1, 100))
          .Required("title", &Manifest::title, "What it mends.", dto::Text(1, 500))
          .Required("level", &Manifest::level, "Each patch of a build has a higher one.", dto::Range(1, 1 << 30))
          .Required("supersedes", &Manifest::supersedes, "Patches whose changes are in it.")
          .Required("cves", &Manifest::cves, "Vulnerabilities it closes.")
          .Required("build_id", &Manifest::build_id, "The program it is for.", dto::Text(2, 64))
          .Optional("expires", &Manifest::expires, "Not applied after.")
          .Required("created", &Manifest::created, "When it was made.")
          .Required("plan_digest", &Manifest::plan_digest, "SHA-256 of the plan.", dto::Text(64, 64))
          .Required("functions", &Manifest::functions, "What gives way.", dto::Text(1, kMaxFunctions))
          .Required("added", &Manifest::added, "New functions.", dto::Text(0, kMaxFunctions))
          .Required("imports", &Manifest::imports, "What it takes from libraries.", dto::Text(0, 10000))
          .Required("probe", &Manifest::probe, "The function that tries it; empty: none.", dto::Text(0, 10000))
          .Done();
  return type;
}

std::string WritePatch(const PatchParts& parts) {
  PatchHeader header = {};
  std::memcpy(header.magic, kPatchMagic, sizeof header.magic);
  header.manifest_size = static_cast<std::uint32_t>(parts.manifest.size());
  header.plan_size = static_cast<std::uint32_t>(parts.plan.size());
  header.signatures = static_cast<std::uint32_t>(parts.signatures.size());
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes += parts.manifest + parts.plan;
  for (const auto& [key, signature] : parts.signatures) {
    bytes += key + signature;
  }
  return bytes;
}

Result<PatchParts> SplitPatch(std::string_view bytes) {
  PatchView view;
  if (!ViewPatch(bytes.data(), bytes.size(), &view) || view.manifest_size > kMaxManifest) {
    return Fail(Code::kInvalid, "livepatch.not_a_patch");
  }
  PatchParts parts;
  parts.manifest.assign(view.manifest, view.manifest_size);
  parts.plan.assign(view.plan, view.plan_size);
  const char* at = reinterpret_cast<const char*>(view.signatures);
  for (std::uint32_t i = 0; i < view.signature_count; ++i, at += sizeof(PatchSignature)) {
    parts.signatures.emplace_back(std::string(at, crypto_sign_PUBLICKEYBYTES),
                                  std::string(at + crypto_sign_PUBLICKEYBYTES, crypto_sign_BYTES));
  }
  return parts;
}

Result<Manifest> Examine(const PatchParts& parts) {
  auto manifest = TRY(dto::Parse<Manifest>(parts.manifest));
  TRY(Agree(manifest, parts.plan));
  return manifest;
}

SecretKey SecretKey::Make() {
  std::string key(crypto_sign_PUBLICKEYBYTES, '\0');
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_keypair(reinterpret_cast<unsigned char*>(key.data()), reinterpret_cast<unsigned char*>(secret.data()));
  return {std::move(secret)};
}

Result<SecretKey> SecretKey::Parse(std::string_view text) {
  const std::string_view line = text::Trim(text);
  const auto bytes = line.starts_with(kSecret) ? text::Base64Decode(line.substr(kSecret.size())) : std::nullopt;
  if (!bytes || bytes->size() != crypto_sign_SECRETKEYBYTES) {
    return Fail(Code::kInvalid, "livepatch.bad_secret");
  }
  return SecretKey{*bytes};
}

std::string SecretKey::Text() const { return std::string(kSecret) + text::Base64Encode(bytes) + "\n"; }

std::string SecretKey::Public() const {
  return std::string(kPublic) + text::Base64Encode(std::string_view(bytes).substr(crypto_sign_SEEDBYTES));
}

void Sign(PatchParts& parts, const SecretKey& key) {
  std::string signature(crypto_sign_BYTES, '\0');
  const std::string text = Signed(parts);
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, Bytes(text), text.size(),
                       Bytes(key.bytes));
  std::string own = key.bytes.substr(crypto_sign_SEEDBYTES);
  std::erase_if(parts.signatures, [&](const auto& other) { return other.first == own; });
  parts.signatures.emplace_back(std::move(own), std::move(signature));
}

Result<TrustedKeys> TrustedKeys::Parse(std::string_view text) {
  TrustedKeys trusted;
  std::size_t number = 0;
  for (const std::string_view raw : text::Split(text, '\n')) {
    ++number;
    const std::string_view line = text::Trim(raw);
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    const auto words = text::Split(line, ' ');
    if (words[0] == "approvals" && words.size() == 2) {
      const auto count = text::ParseNumber<std::size_t>(words[1]);
      if (count && *count >= 1 && *count <= 16) {
        trusted.approvals = *count;
        continue;
      }
    } else if (words[0].starts_with(kPublic)) {
      const auto key = text::Base64Decode(words[0].substr(kPublic.size()));
      if (key && key->size() == crypto_sign_PUBLICKEYBYTES) {
        trusted.keys.push_back(*key);
        continue;
      }
    }
    return Fail(Code::kInvalid, "livepatch.bad_keys", {{"line", std::to_string(number)}});
  }
  return trusted;
}

Result<Manifest> Verify(std::string_view patch, const TrustedKeys& trusted, Time now) {
  const PatchParts parts = TRY(SplitPatch(patch));
  const std::string text = Signed(parts);
  std::set<std::string> approved;
  for (const auto& [key, signature] : parts.signatures) {
    if (std::ranges::find(trusted.keys, key) == trusted.keys.end()) {
      continue;
    }
    if (!Holds(key, signature, text)) {
      return Fail(Code::kForbidden, "livepatch.tampered");
    }
    approved.insert(key);
  }
  if (approved.empty() || approved.size() < trusted.approvals) {
    return Fail(Code::kForbidden, "livepatch.untrusted",
                {{"have", std::to_string(approved.size())}, {"need", std::to_string(trusted.approvals)}});
  }
  Manifest manifest = TRY(Examine(parts));
  if (manifest.expires && *manifest.expires < now) {
    return Fail(Code::kForbidden, "livepatch.expired", {{"when", FormatTime(*manifest.expires)}});
  }
  return manifest;
}

}  // namespace propolis::livepatch
