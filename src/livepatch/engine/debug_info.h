// What debugging information (DWARF 5) knows that code does not show: how classes are laid out, and where functions
// were inlined.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"

namespace propolis::livepatch {

// Every complete class of an object file: its qualified name, and its size, bases, members and virtual functions as one
// text. Invalid ("livepatch.no_debug_info") when the file says nothing of types.
Result<std::map<std::string, std::string>> ClassLayouts(const std::string& object);

struct InlinedCopy {
  std::string name;         // of what was inlined
  std::uint64_t entry = 0;  // of the function that holds the copy
};
// Where `names` were inlined in a linked program: names as the linker knows them, and, because less debugging
// information (-g1) has only those, as they stand in the source without scope and arguments.
Result<std::vector<InlinedCopy>> InlinedCopies(const std::string& program, const std::set<std::string>& names);

}  // namespace propolis::livepatch
