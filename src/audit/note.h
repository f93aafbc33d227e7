// Signed checkpoints of the audit log, in the text form that transparency logs use, so that tools of others can check
// them: C2SP signed-note, tlog-checkpoint and tlog-cosignature, Ed25519 (libsodium).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/merkle.h"
#include "base/time.h"

namespace propolis::audit {

// The log's name, first line of every checkpoint and name of its key.
inline constexpr std::string_view kOrigin = "propolis-audit";

class SigningKey {
 public:
  static SigningKey Make();
  // From the text that Secret() gave. nullopt when it is none.
  static std::optional<SigningKey> Parse(std::string_view text);
  // One line for a file that only the desk may read.
  [[nodiscard]] std::string Secret() const;
  // The verifier key, for everybody: NAME+ID+KEY.
  [[nodiscard]] std::string Verifier() const;
  // The line that signs the text.
  [[nodiscard]] std::string Sign(std::string_view text) const;

 private:
  std::string seed_;  // 32 bytes
};

struct Checkpoint {
  std::uint64_t size = 0;
  Hash root{};
};

std::string WriteCheckpoint(const Checkpoint& checkpoint, const SigningKey& key);
// Only form, no signature. nullopt when it is no checkpoint of this log.
std::optional<Checkpoint> ReadCheckpoint(std::string_view note);
// Whether this is the verifier key of a log.
bool IsVerifier(std::string_view text);
// Whether one of the note's signatures is by the key that `verifier` names.
bool IsSignedBy(std::string_view note, std::string_view verifier);

// A witness says with it that it saw a checkpoint at a moment, and that all it saw before is a beginning of it.
class WitnessKey {
 public:
  // `name` is that of the witness: printable, without blanks and plus signs.
  static WitnessKey Make(std::string name);
  // From the text that Secret() gave. nullopt when it is none.
  static std::optional<WitnessKey> Parse(std::string name, std::string_view text);
  [[nodiscard]] std::string Secret() const;
  [[nodiscard]] std::string Verifier() const;
  // The line to put under the note's other signatures. The note has the form of a checkpoint.
  [[nodiscard]] std::string Cosign(std::string_view note, Time at) const;

 private:
  std::string name_;
  std::string seed_;
};

// When the witness that `verifier` names saw the note; nullopt: it does not say so.
std::optional<Time> CosignedAt(std::string_view note, std::string_view verifier);

}  // namespace propolis::audit
