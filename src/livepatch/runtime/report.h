// What the agent tells of itself, as JSON.
#pragma once

#include "livepatch/runtime/text.h"

namespace propolis::livepatch {

// State, level, counts, times of the last switch, and who keeps one under way from ending.
void WriteStatus(Answer* answer, bool superseded);
// The resident patches, newest first, with their functions.
void WriteList(Answer* answer);

}  // namespace propolis::livepatch
