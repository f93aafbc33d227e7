// A plan becomes memory: checked against the running program, bound, mapped.
#pragma once

#include "livepatch/runtime/patcher.h"

namespace propolis::livepatch {

// Is every function to be replaced in memory as the plan knows it from the release (or with our own jump)? Compares
// every byte, and the build-id.
bool MatchesProgram(const Patch& patch, const Program& program, Reason* reason);

// Null: refused, and nothing is mapped.
Patch* MakeResident(const char* digest, const void* plan, size_t size, const Program& program, Reason* reason);

// Are text and constants in memory what the plan says?
bool IsIntact(const Patch& patch, const Program& program, Reason* reason);

}  // namespace propolis::livepatch
