// What the service is to run, across crashes: one line a step, each synced before the step is taken. The one line that
// decides is COMMITTED: a start after it applies that patch, a start before it does not. A journal that has become long
// is replaced by one that says the same in a few lines.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace propolis::livepatch {

enum class Step { kLoading, kArmed, kCommitted, kActive, kBackedOut, kStarting };

struct JournalState {
  char wanted[65];   // digest of the patch to run; "": none
  uint32_t level;    // its level
  uint32_t highest;  // the highest level ever committed for this build
  char highest_digest[65];
  uint32_t failed_starts;  // since the last ACTIVE
  bool superseded;         // the last patch was for another build
};

// Reads <folder>/journal; a torn last line does not count. Keeps it open for Record. False: it cannot be read or made.
bool OpenJournal(int folder, const uint8_t* build_id, uint32_t build_id_size, JournalState* state);
void CloseJournal();
// False: it is not on disk; the step must not be taken. An empty digest stands for "no patch".
bool Record(Step step, const char* digest, uint32_t level);

const char* NameOf(Step step);

// Keeps the patch itself, synced, as <digest>.patch. True too when it is there already.
bool KeepPatch(int folder, const char* digest, const void* bytes, size_t size);
// The bytes of a kept patch, to be freed by the caller; null when it cannot be read.
void* ReadPatch(int folder, const char* digest, size_t* size);

}  // namespace propolis::livepatch
