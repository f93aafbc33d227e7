// A plan's references become values, once it is known where program, image and imports lie.
#pragma once

#include "livepatch/runtime/plan.h"
#include "livepatch/runtime/text.h"

namespace propolis::livepatch {

// Writes every reference of the sound plan into `image`, a copy of the plan's image that will lie at `image_at`.
// `imports` has one address for each import. False: one of them cannot be expressed.
bool Bind(const PlanHeader* plan, uint64_t program_base, uint64_t image_at, const uint64_t* imports, uint8_t* image,
          Reason* reason);

// Does room for a jump stand before this entry, and one no-operation at it? `code` begins kPadBytes before the entry.
bool HasPad(const uint8_t* code);

}  // namespace propolis::livepatch
