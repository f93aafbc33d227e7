// Where the functions and variables of libraries lie in another process.
#pragma once

#include <vector>

#include "livepatch/engine/process.h"

namespace propolis::livepatch {

// The address of each name: as the program itself is bound to it, else as the one library defines it that does.
// Conflict
// ("livepatch.refused") names those that nobody offers, that several offer, or that are chosen when they are first
// bound.
Result<std::vector<std::uint64_t>> ResolveImports(const Process& process, std::uint64_t program_base,
                                                  const std::vector<std::string>& names);

// Does the program handle exceptions of C++?
bool UsesExceptions(const Process& process);

}  // namespace propolis::livepatch
