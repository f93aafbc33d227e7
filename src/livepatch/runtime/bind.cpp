#include "livepatch/runtime/bind.h"

#include <string.h>

namespace propolis::livepatch {

bool Bind(const PlanHeader* plan, uint64_t program_base, uint64_t image_at, const uint64_t* imports, uint8_t* image,
          Reason* reason) {
  const auto* relocations =
      reinterpret_cast<const PlanRelocation*>(reinterpret_cast<const char*>(plan) + plan->relocations.at);
  for (uint32_t i = 0; i < plan->relocations.count; ++i) {
    const PlanRelocation& relocation = relocations[i];
    uint64_t value = static_cast<uint64_t>(relocation.addend);
    switch (relocation.base) {
      case PlanBase::kProgram:
        value += program_base;
        break;
      case PlanBase::kImage:
        value += image_at;
        break;
      case PlanBase::kImport:
        value += imports[relocation.import];
        break;
      case PlanBase::kNothing:
        break;
    }
    if (relocation.kind == PlanKind::kRelative32) {
      value -= image_at + relocation.where;
    }
    if (relocation.kind == PlanKind::kAbsolute64 || relocation.kind == PlanKind::kConstant64) {
      memcpy(image + relocation.where, &value, 8);
      continue;
    }
    const auto narrow = static_cast<int32_t>(value);
    if (static_cast<uint64_t>(int64_t{narrow}) != value) {
      return reason->Say("a reference reaches too far");
    }
    memcpy(image + relocation.where, &narrow, 4);
  }
  return true;
}

// No-operations before the entry, and one at it; between them endbr64 may stand (Intel SDM volume 1, section 17.3.2).
bool HasPad(const uint8_t* code) {
  const bool marked = memcmp(code + kPadBytes - sizeof kBranchMark, kBranchMark, sizeof kBranchMark) == 0;
  for (uint32_t i = 0; i < kPadBytes - (marked ? sizeof kBranchMark : 0); ++i) {
    if (code[i] != 0x90) {
      return false;
    }
  }
  return code[kPadBytes] == 0x66 && code[kPadBytes + 1] == 0x90;
}

}  // namespace propolis::livepatch
