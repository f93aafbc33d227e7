// Loads patches, and switches the program from one set of functions to another: the ten steps of docs/livepatch.md.
// Everything here runs on one thread, the agent's (at start: the caller's).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "livepatch/runtime/memory.h"
#include "livepatch/runtime/plan.h"
#include "livepatch/runtime/text.h"

namespace propolis::livepatch {

// A patch in memory. Never unmapped: objects, vtables and suspended frames may point into it.
struct Patch {
  Patch* next;
  char digest[65];
  const PlanHeader* plan;  // our own copy
  uint64_t image;
  [[nodiscard]] const char* Bytes(uint32_t at) const { return reinterpret_cast<const char*>(plan) + at; }
  [[nodiscard]] const PlanFunction* Functions() const {
    return reinterpret_cast<const PlanFunction*>(Bytes(plan->functions.at));
  }
  [[nodiscard]] const char* Name(const PlanFunction& function) const { return Bytes(plan->strings.at) + function.name; }
};

// One function of the program that has ever been redirected.
struct Redirect {
  uint64_t entry;
  uint64_t from;  // what runs now; entry + kEntryBytes: the release's own code
  uint64_t to;    // what is to run
  bool jumping;   // the entry jumps into the pad, and the pad to what stands in the slot
};

enum class Phase { kNone, kConverging, kBackingOut };

struct Timing {  // nanoseconds
  uint64_t load, arm, converge, finish;
};

struct PatcherState {
  Program program;
  Patch* resident;
  const Patch* running;  // null: the release as it is
  const Patch* wanted;   // during a switch
  Phase phase;
  uint32_t epoch;  // of the switch
  uint64_t committed_at;
  uint64_t transitions;
  Timing timing;
  char last[16];  // "applied", "reverted", "backed out"
};

const PatcherState& State();

// False: `reason` says what the program lacks.
bool StartPatcher(Reason* reason);

// Checks a plan against this program and makes it resident, still without effect. Null: refused. A resident one is
// answered again.
const Patch* Load(const char* digest, const void* plan, size_t size, Reason* reason);

// Makes every function jump to a stub that asks for the epoch: still the old behaviour. Then tries the probe under an
// epoch nobody else has. False: all is as before.
bool Arm(const Patch* to, Reason* reason);
// As if Arm had not been called.
void Disarm();
// The one store that decides.
void Commit();
// Gives the switch up: who runs the new code leaves it at its next safe point.
void BackOut();
// True when the switch is through. Call it now and then after Commit and BackOut.
bool Advance();

// Reads back every entry, pad, slot and byte of code. False: `reason` names the first that is not as it must be.
bool Prove(Reason* reason);

}  // namespace propolis::livepatch
