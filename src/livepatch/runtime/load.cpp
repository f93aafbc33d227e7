#include "livepatch/runtime/load.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "livepatch/runtime/bind.h"

// Of the unwinder, if the program has one.
extern "C" __attribute__((weak)) void __register_frame(void* begin);  // NOLINT(bugprone-reserved-identifier): its name

namespace propolis::livepatch {
namespace {

constexpr uint8_t kJumpThrough[] = {0xff, 0x25};

bool IsOurJump(const uint8_t* entry) {
  return entry[0] == 0xeb && entry[1] == 0xf0 && memcmp(entry - kPadBytes, kJumpThrough, sizeof kJumpThrough) == 0;
}

bool IsOurPad(const uint8_t* pad) { return memcmp(pad, kJumpThrough, sizeof kJumpThrough) == 0; }

bool Matches(const Patch& patch, const PlanFunction& function, const Program& program, Reason* reason) {
  const uint64_t address = program.base + function.entry;
  const char* name = patch.Name(function);
  if (address < program.text_begin + kPadBytes || address + function.old_size > program.text_end) {
    return reason->Say("%s does not lie in the program's code", name);
  }
  const auto* entry = At<const uint8_t>(address);
  const auto* old_code = reinterpret_cast<const uint8_t*>(patch.Bytes(patch.plan->old_code.at)) + function.old_code;
  if (!HasPad(old_code)) {
    return reason->Say("%s was built without a pad", name);
  }
  const bool entry_is = memcmp(entry, old_code + kPadBytes, kEntryBytes) == 0 || IsOurJump(entry);
  const bool pad_is = memcmp(entry - kPadBytes, old_code, kPadBytes) == 0 || IsOurPad(entry - kPadBytes);
  const bool body_is =
      memcmp(entry + kEntryBytes, old_code + kPadBytes + kEntryBytes, function.old_size - kEntryBytes) == 0;
  return (entry_is && pad_is && body_is) || reason->Say("%s is not in memory as the release has it", name);
}

// Where each import is; null: one is missing, or there is no memory. Freed by the caller.
uint64_t* Resolve(const Patch& patch, Reason* reason) {
  const auto* names = reinterpret_cast<const uint32_t*>(patch.Bytes(patch.plan->imports.at));
  auto* addresses = static_cast<uint64_t*>(calloc(patch.plan->imports.count + 1, sizeof(uint64_t)));
  for (uint32_t i = 0; addresses != nullptr && i < patch.plan->imports.count; ++i) {
    const char* name = patch.Bytes(patch.plan->strings.at) + names[i];
    addresses[i] = reinterpret_cast<uint64_t>(dlsym(RTLD_DEFAULT, name));
    if (addresses[i] == 0) {
      reason->Say("no library of the process offers %s", name);
      free(addresses);
      return nullptr;
    }
  }
  return addresses;
}

// The image as it stands in memory, freed by the caller.
uint8_t* Render(const Patch& patch, const Program& program, Reason* reason) {
  uint64_t* imports = Resolve(patch, reason);
  if (imports == nullptr) {
    return nullptr;
  }
  auto* image = static_cast<uint8_t*>(malloc(patch.plan->image.count));
  if (image != nullptr) {
    memcpy(image, patch.Bytes(patch.plan->image.at), patch.plan->image.count);
    if (!Bind(patch.plan, program.base, patch.image, imports, image, reason)) {
      free(image);
      image = nullptr;
    }
  }
  free(imports);
  return image;
}

bool Map(const Patch& patch, const uint8_t* image) {
  const PlanHeader& plan = *patch.plan;
  const uint64_t constants = patch.image + plan.text_size;
  const uint64_t variables = constants + plan.read_only_size;
  return MapSealed(patch.image, image, plan.text_size, /*executable=*/true) &&
         (plan.read_only_size == 0 ||
          MapSealed(constants, image + plan.text_size, plan.read_only_size, /*executable=*/false)) &&
         (plan.writable_size == 0 ||
          MapWritable(variables, image + plan.text_size + plan.read_only_size, plan.writable_size));
}

// Takes memory near the program and fills it.
bool Materialise(Patch* patch, const Program& program, Reason* reason) {
  if (patch->plan->frames.count > 0 && __register_frame == nullptr) {
    return reason->Say("it may throw, and the program has no unwinder");
  }
  patch->image = TakeNear(patch->plan->image.count);
  if (patch->image == 0) {
    return reason->Say("there is no room for more patches near the program: restart it");
  }
  uint8_t* image = Render(*patch, program, reason);
  const bool mapped = image != nullptr && Map(*patch, image);
  free(image);
  if (!mapped) {
    return reason->text[0] != 0 ? false : reason->Say("the system does not let code be mapped");
  }
  if (patch->plan->frames.count > 0) {
    __register_frame(At(patch->image + patch->plan->frames.at));
  }
  return true;
}

}  // namespace

bool MatchesProgram(const Patch& patch, const Program& program, Reason* reason) {
  if (patch.plan->build_id_size != program.build_id_size ||
      memcmp(patch.plan->build_id, program.build_id, program.build_id_size) != 0) {
    return reason->Say("it was made for another build");
  }
  for (uint32_t i = 0; i < patch.plan->functions.count; ++i) {
    if (!Matches(patch, patch.Functions()[i], program, reason)) {
      return false;
    }
  }
  return true;
}

Patch* MakeResident(const char* digest, const void* plan, size_t size, const Program& program, Reason* reason) {
  auto* patch = static_cast<Patch*>(calloc(1, sizeof(Patch)));
  void* copy = aligned_alloc(16, (size + 15) & ~size_t{15});
  if (patch == nullptr || copy == nullptr) {
    reason->Say("there is no memory");
    free(patch);
    free(copy);
    return nullptr;
  }
  memcpy(copy, plan, size);
  patch->plan = static_cast<const PlanHeader*>(copy);
  snprintf(patch->digest, sizeof patch->digest, "%s", digest);
  const char* fault = FaultOfPlan(copy, size);
  if (fault != nullptr) {
    reason->Say("the plan is damaged: %s", fault);
  }
  if (fault != nullptr || !MatchesProgram(*patch, program, reason) || !Materialise(patch, program, reason)) {
    free(copy);
    free(patch);
    return nullptr;
  }
  return patch;
}

bool IsIntact(const Patch& patch, const Program& program, Reason* reason) {
  uint8_t* image = Render(patch, program, reason);
  if (image == nullptr) {
    return false;
  }
  const bool same = memcmp(image, At(patch.image), patch.plan->text_size + patch.plan->read_only_size) == 0;
  free(image);
  return same || reason->Say("the code of patch %.12s was changed in memory", patch.digest);
}

}  // namespace propolis::livepatch
