// The patch file: manifest, plan, signatures. Who made it is proved by Ed25519 (RFC 8032) over the digests of both.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dto.h"
#include "base/time.h"

namespace propolis::livepatch {

struct ReplacedFunction {
  std::string name;
  std::string readable;
  std::int64_t size = 0;
  std::string old_digest;
  static const dto::Type& Dto();
};

// What a patch says of itself. The plan repeats what the runtime needs; both must agree.
struct Manifest {
  std::string id;
  std::string title;
  std::int64_t level = 1;
  std::vector<std::string> supersedes;
  std::vector<std::string> cves;
  std::string build_id;  // hexadecimal
  std::optional<Time> expires;
  Time created{};
  std::string plan_digest;
  std::vector<ReplacedFunction> functions;
  std::vector<std::string> added;
  std::vector<std::string> imports;
  std::string probe;
  static const dto::Type& Dto();
};

struct PatchParts {
  std::string manifest;  // JSON
  std::string plan;
  std::vector<std::pair<std::string, std::string>> signatures;  // public key and signature, raw bytes
};

std::string WritePatch(const PatchParts& parts);
// Invalid ("livepatch.not_a_patch") when the bytes are none.
Result<PatchParts> SplitPatch(std::string_view bytes);

// Reads the manifest and holds it against the plan. Nothing is said of signatures.
Result<Manifest> Examine(const PatchParts& parts);

struct SecretKey {
  std::string bytes;  // 64: seed and public key
  static SecretKey Make();
  // One line, "propolis-livepatch-secret-1 BASE64".
  static Result<SecretKey> Parse(std::string_view text);
  [[nodiscard]] std::string Text() const;
  // "ed25519:BASE64", a line of the file of trusted keys.
  [[nodiscard]] std::string Public() const;
};

// Adds a signature; a second one by the same key replaces the first.
void Sign(PatchParts& parts, const SecretKey& key);

// Whose patches are taken, and how many of them must have signed.
struct TrustedKeys {
  std::vector<std::string> keys;  // raw bytes
  std::size_t approvals = 1;
  // Lines: "ed25519:BASE64 who", "approvals N", "# remark". Invalid ("livepatch.bad_keys") names the line.
  static Result<TrustedKeys> Parse(std::string_view text);
};

// The one check before a patch may touch a program: form, agreement, expiry, enough distinct signatures that hold.
Result<Manifest> Verify(std::string_view patch, const TrustedKeys& trusted, Time now);

}  // namespace propolis::livepatch
