#include "livepatch/runtime/patcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "livepatch/runtime/load.h"
#include "livepatch/runtime/threads.h"

namespace propolis::livepatch {
namespace {

constexpr size_t kMaxRedirects = 2 * kMaxFunctions;
constexpr size_t kSlotsInPage = kPageBytes / sizeof(uint64_t);
constexpr size_t kStubBytes = 48;
constexpr size_t kStubsInPage = kPageBytes / kStubBytes;
constexpr size_t kFarJumpBytes = 6;
constexpr size_t kMaxStrangers = 16;
constexpr uint64_t kPatience = 2'000'000'000;  // nanoseconds
constexpr uint8_t kNop[kEntryBytes] = {0x66, 0x90};
constexpr uint8_t kJumpToPad[kEntryBytes] = {0xeb, 0xf0};  // 16 back: over itself and the pad

PatcherState state;
Redirect redirects[kMaxRedirects];
size_t redirect_count = 0;

// Slots are data that code jumps through. A page of them is never writable: it is replaced whole by a fresh one.
struct SlotPage {
  uint64_t address;
  uint64_t targets[kSlotsInPage];
};
SlotPage slot_pages[kMaxRedirects / kSlotsInPage];
size_t slot_page_count = 0;

Redirect* FindRedirect(uint64_t entry) {
  for (size_t i = 0; i < redirect_count; ++i) {
    if (redirects[i].entry == entry) {
      return &redirects[i];
    }
  }
  return nullptr;
}

bool AddRedirect(uint64_t entry) {
  if (redirect_count == kMaxRedirects) {
    return false;
  }
  if (redirect_count == slot_page_count * kSlotsInPage) {
    const uint64_t address = TakeNear(kPageBytes);
    if (address == 0) {
      return false;
    }
    slot_pages[slot_page_count++].address = address;
  }
  const uint64_t own = entry + kEntryBytes;
  redirects[redirect_count++] = {entry, own, own, false};
  return true;
}

uint64_t SlotOf(size_t index) {
  return slot_pages[index / kSlotsInPage].address + index % kSlotsInPage * sizeof(uint64_t);
}

// What the slot leads to once the slots are written.
uint64_t& TargetOf(size_t index) { return slot_pages[index / kSlotsInPage].targets[index % kSlotsInPage]; }

// False: none of the pages that are left out is as it must be; what runs is not changed by that.
bool WriteSlots() {
  for (size_t i = 0; i < slot_page_count; ++i) {
    if (!MapSealed(slot_pages[i].address, slot_pages[i].targets, kPageBytes, /*executable=*/false)) {
      return false;
    }
  }
  return true;
}

void Put32(uint8_t* at, uint64_t value) {
  const auto narrow = static_cast<uint32_t>(value);
  memcpy(at, &narrow, sizeof narrow);
}

// cmp %fs:epoch, E; je +6; jmp *from; jmp *to. No register changes: the caller's arguments are in them.
void WriteStub(uint8_t* stub, uint32_t epoch, uint64_t from, uint64_t to) {
  static constexpr uint8_t kCode[] = {0x64, 0x81, 0x3c, 0x25, 0, 0, 0, 0,    0,    0,  0, 0, 0x74,
                                      0x06, 0xff, 0x25, 12,   0, 0, 0, 0xff, 0x25, 14, 0, 0, 0};
  memcpy(stub, kCode, sizeof kCode);
  Put32(stub + 4, static_cast<uint64_t>(EpochOffset()));
  Put32(stub + 8, epoch);
  memcpy(stub + 32, &from, sizeof from);
  memcpy(stub + 40, &to, sizeof to);
}

// A jump through the slot into the pad, and a jump to it into the entry: in one piece, unless the pad lies on the page
// before. Nobody jumps there yet.
bool MakeJump(size_t index) {
  Redirect& redirect = redirects[index];
  const uint64_t pad = redirect.entry - kPadBytes;
  uint8_t code[kPadBytes + kEntryBytes];
  memcpy(code, At(pad), sizeof code);
  code[0] = 0xff;
  code[1] = 0x25;
  Put32(code + 2, SlotOf(index) - (pad + kFarJumpBytes));
  if (pad / kPageBytes != redirect.entry / kPageBytes) {
    redirect.jumping = ReplaceCode(pad, code, kFarJumpBytes) && SynchroniseCode() &&
                       ReplaceCode(redirect.entry, kJumpToPad, sizeof kJumpToPad);
    return redirect.jumping;
  }
  memcpy(code + kPadBytes, kJumpToPad, sizeof kJumpToPad);
  redirect.jumping = ReplaceCode(pad, code, sizeof code);
  return redirect.jumping;
}

bool IsInvolved(const Redirect& redirect) { return redirect.from != redirect.to; }

// What each function is to run under `patch`.
bool SetTargets(const Patch* patch) {
  for (size_t i = 0; i < redirect_count; ++i) {
    redirects[i].to = redirects[i].entry + kEntryBytes;
  }
  for (uint32_t i = 0; patch != nullptr && i < patch->plan->functions.count; ++i) {
    const PlanFunction& function = patch->Functions()[i];
    const uint64_t entry = state.program.base + function.entry;
    Redirect* redirect = FindRedirect(entry);
    if (redirect == nullptr) {
      if (!AddRedirect(entry)) {
        return false;
      }
      redirect = &redirects[redirect_count - 1];
    }
    redirect->to = patch->image + function.replacement;
  }
  return true;
}

// Fresh pages of stubs, mapped when they are written, never used again; the address of the first. 0: no room.
uint64_t MapStubs(uint32_t epoch) {
  size_t count = 0;
  for (size_t i = 0; i < redirect_count; ++i) {
    count += IsInvolved(redirects[i]) ? 1 : 0;
  }
  const size_t size = (count + kStubsInPage - 1) / kStubsInPage * kPageBytes;
  const uint64_t address = TakeNear(size);
  auto* bytes = static_cast<uint8_t*>(address == 0 ? nullptr : calloc(1, size));
  if (bytes == nullptr) {
    return 0;
  }
  size_t next = 0;
  for (size_t i = 0; i < redirect_count; ++i) {
    if (IsInvolved(redirects[i])) {
      WriteStub(bytes + next / kStubsInPage * kPageBytes + next % kStubsInPage * kStubBytes, epoch, redirects[i].from,
                redirects[i].to);
      ++next;
    }
  }
  const bool mapped = MapSealed(address, bytes, size, /*executable=*/true);
  free(bytes);
  return mapped ? address : 0;
}

// Every slot leads straight to what is to run (`forward`) or to what ran before. False: the system has no room for that
// now, and the stubs remain.
bool Settle(bool forward) {
  for (size_t i = 0; i < redirect_count; ++i) {
    TargetOf(i) = forward ? redirects[i].to : redirects[i].from;
  }
  if (!WriteSlots()) {
    return false;
  }
  for (size_t i = 0; i < redirect_count; ++i) {
    Redirect& redirect = redirects[i];
    redirect.from = redirect.to = TargetOf(i);
    if (redirect.jumping && redirect.from == redirect.entry + kEntryBytes) {
      redirect.jumping = !ReplaceCode(redirect.entry, kNop, sizeof kNop);
    }
  }
  return SynchroniseCode();
}

bool JumpToStubs(uint64_t stubs, Reason* reason) {
  size_t next = 0;
  for (size_t i = 0; i < redirect_count; ++i) {
    TargetOf(i) = redirects[i].from;
    if (IsInvolved(redirects[i])) {
      TargetOf(i) = stubs + next / kStubsInPage * kPageBytes + next % kStubsInPage * kStubBytes;
      ++next;
    }
  }
  if (!WriteSlots() || !SynchroniseCode()) {
    return reason->Say("the system does not let the slots be mapped");
  }
  for (size_t i = 0; i < redirect_count; ++i) {
    if (IsInvolved(redirects[i]) && !redirects[i].jumping && !MakeJump(i)) {
      return reason->Say("the system does not let code be mapped");
    }
  }
  return SynchroniseCode() || reason->Say("the system cannot synchronise the processors");
}

// Threads that were made just now have not said anything yet, and those that end say nothing more: only who stays and
// is silent is a stranger.
bool KnowsAllThreads(Reason* reason) {
  Holder strangers[kMaxStrangers];
  size_t count = Unregistered(strangers, kMaxStrangers);
  count = count < kMaxStrangers ? count : kMaxStrangers;
  for (const uint64_t until = Now() + kPatience; count > 0 && Now() < until;) {
    usleep(1000);
    Holder now[kMaxStrangers];
    const size_t found = Unregistered(now, kMaxStrangers);
    size_t still = 0;
    for (size_t i = 0; i < count; ++i) {
      for (size_t j = 0; j < found && j < kMaxStrangers; ++j) {
        if (now[j].thread == strangers[i].thread) {
          strangers[still++] = now[j];
          break;
        }
      }
    }
    count = still;
  }
  return count == 0 || reason->Say("%zu threads never told where they may be switched, the first is %s (%d)", count,
                                   strangers[0].what, strangers[0].thread);
}

bool Try(const Patch* patch, uint32_t epoch, Reason* reason) {
  if (patch == nullptr || patch->plan->probe == kNone) {
    return true;
  }
  const auto probe = At<int()>(patch->image + patch->plan->probe);
  SetOwnEpoch(epoch);
  const int answer = probe();
  SetOwnEpoch(CommittedEpoch());
  return answer == 0 || reason->Say("its probe answered %d", answer);
}

}  // namespace

void Disarm() { Settle(/*forward=*/false); }

const PatcherState& State() { return state; }

bool StartPatcher(Reason* reason) {
  if (!FindProgram(&state.program)) {
    return reason->Say("the program has no build-id");
  }
  if (!ReserveNear(state.program)) {
    return reason->Say("there is no room near the program");
  }
  return StartSynchronising() || reason->Say("the system has no membarrier that synchronises processors");
}

const Patch* Load(const char* digest, const void* plan, size_t size, Reason* reason) {
  for (const Patch* patch = state.resident; patch != nullptr; patch = patch->next) {
    if (strcmp(patch->digest, digest) == 0) {
      return MatchesProgram(*patch, state.program, reason) ? patch : nullptr;
    }
  }
  const uint64_t began = Now();
  Patch* patch = MakeResident(digest, plan, size, state.program, reason);
  if (patch != nullptr) {
    patch->next = state.resident;
    state.resident = patch;
  }
  state.timing.load = Now() - began;
  return patch;
}

bool Arm(const Patch* to, Reason* reason) {
  const uint64_t began = Now();
  if (!KnowsAllThreads(reason)) {
    return false;
  }
  state.epoch = CommittedEpoch() + 1;
  if (!SetTargets(to)) {
    Disarm();
    return reason->Say("there is no room for more functions");
  }
  const uint64_t stubs = MapStubs(state.epoch);
  if (stubs == 0) {
    Disarm();
    return reason->Say("there is no room for more switches near the program: restart it");
  }
  if (!JumpToStubs(stubs, reason) || !Try(to, state.epoch, reason)) {
    Disarm();
    return false;
  }
  state.wanted = to;
  state.timing.arm = Now() - began;
  return true;
}

void Commit() {
  state.phase = Phase::kConverging;
  state.committed_at = Now();
  CommitEpoch(state.epoch);
}

void BackOut() {
  state.phase = Phase::kBackingOut;
  state.wanted = state.running;
  CommitEpoch(state.epoch + 1);
}

bool Advance() {
  const bool backing_out = state.phase == Phase::kBackingOut;
  Holder strangers[1];
  if (Holders(backing_out ? state.epoch : 0, nullptr, 0) > 0 || Unregistered(strangers, 1) > 0) {
    return false;
  }
  const uint64_t began = Now();
  if (!Settle(!backing_out)) {
    return false;
  }
  state.timing.converge = began - state.committed_at;
  snprintf(state.last, sizeof state.last, "%s",
           backing_out ? "backed out" : (state.wanted == nullptr ? "reverted" : "applied"));
  state.running = state.wanted;
  state.wanted = nullptr;
  state.phase = Phase::kNone;
  ++state.transitions;
  state.timing.finish = Now() - began;
  return true;
}

bool Prove(Reason* reason) {
  for (size_t i = 0; i < redirect_count; ++i) {
    const Redirect& redirect = redirects[i];
    const auto* entry = At<const uint8_t>(redirect.entry);
    if (memcmp(entry, redirect.jumping ? kJumpToPad : kNop, kEntryBytes) != 0) {
      return reason->Say("the entry at +%#zx is not as it must be",
                         static_cast<size_t>(redirect.entry - state.program.base));
    }
    int32_t distance;
    memcpy(&distance, entry - kPadBytes + 2, sizeof distance);
    const uint64_t slot = redirect.entry - kPadBytes + 6 + static_cast<uint64_t>(int64_t{distance});
    if (redirect.jumping && (entry[-14] != 0xff || entry[-13] != 0x25 || slot != SlotOf(i))) {
      return reason->Say("the pad at +%#zx is not as it must be",
                         static_cast<size_t>(redirect.entry - kPadBytes - state.program.base));
    }
    if (state.phase == Phase::kNone && redirect.jumping && *At<const uint64_t>(SlotOf(i)) != redirect.from) {
      return reason->Say("the slot of +%#zx leads elsewhere", static_cast<size_t>(redirect.entry - state.program.base));
    }
  }
  for (const Patch* patch = state.resident; patch != nullptr; patch = patch->next) {
    if (!IsIntact(*patch, state.program, reason)) {
      return false;
    }
  }
  return true;
}

}  // namespace propolis::livepatch
