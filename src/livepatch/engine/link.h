// Makes the plan of a patch: the changed and added functions with what they need, bound to the addresses of the
// release.
#pragma once

#include "livepatch/engine/difference.h"
#include "livepatch/engine/release.h"

namespace propolis::livepatch {

// One source file, compiled as it was and as it is to be.
struct Unit {
  Object before;
  Object after;
};

struct LinkOptions {
  std::uint32_t level = 1;
  std::int64_t expires = 0;  // seconds since the epoch; 0: never
  std::string probe;         // a function of the new code; "": none
  bool overwrite = false;    // functions without room too: their first bytes are overwritten (from outside only)
};

struct Replaced {
  std::string name;  // as the linker knows it
  std::uint64_t entry = 0;
  std::uint64_t size = 0;  // of the old body
  std::string digest;      // SHA-256 of the old body with its pad, hexadecimal
};

struct Linked {
  std::string plan;
  std::vector<Replaced> replaced;
  std::vector<std::string> added;     // new functions
  std::vector<std::string> imported;  // from libraries
};

// Conflict ("livepatch.refused") with every reason when the change may not be made in a running program.
Result<Linked> Link(const Release& release, const std::vector<Unit>& units, const LinkOptions& options);

}  // namespace propolis::livepatch
