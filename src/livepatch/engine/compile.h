// Compiles what differs between two source trees, as the release was compiled.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "livepatch/engine/kit.h"

namespace propolis::livepatch {

// Pairs of object files, old and new, in `scratch`: one for each source file that changed or includes something that
// did. The commands are the release's own, without precompiled headers, with one section a function and full debugging
// information, neither of which changes code. Invalid ("livepatch.compile") with the file that does not compile.
Result<std::vector<std::pair<std::string, std::string>>> CompileBoth(const Kit& kit, const std::string& folder,
                                                                     const BuildRequest& request);

// Writes <folder>/dependencies: what each output of <folder>/commands.json was made from, as ninja or the compiler's
// own .d files beside the outputs know it.
Status KeepDependencies(const std::string& build, const std::string& folder);

// Runs a line of the shell; what it prints goes into `log`. Answers its exit code.
int RunShell(const std::string& line, const std::string& log);

}  // namespace propolis::livepatch
