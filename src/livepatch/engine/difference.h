// What differs between two compilations of one source file, and what of it no live patch may change.
#pragma once

#include "livepatch/engine/object.h"

namespace propolis::livepatch {

enum class Change { kSame, kChanged, kAdded };

struct Difference {
  std::vector<Change> of;            // for each section of the newer object
  std::vector<FieldError> refusals;  // where and why
};

// A section is changed when its bytes differ, a reference leads to another thing, or a constant that it uses changed.
// Calls of a changed function do not make the caller changed: the entry leads to the new one.
Difference Compare(const Object& before, const Object& after);

}  // namespace propolis::livepatch
