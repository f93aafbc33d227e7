// What must hold in every desk beyond structure: the doctor's questions.
#pragma once

#include <vector>

#include "store/store.h"

namespace propolis::app {

std::vector<store::Invariant> Invariants();

}  // namespace propolis::app
