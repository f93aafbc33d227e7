#include "livepatch/runtime/plan.h"

#include <string.h>

namespace propolis::livepatch {
namespace {

constexpr uint32_t kMaxImageBytes = 8U << 20;

bool Inside(const PlanTable& table, uint64_t record, uint64_t alignment, uint64_t size) {
  return table.at % alignment == 0 && table.at <= size && table.count <= (size - table.at) / record;
}

bool IsWholePages(uint32_t size) { return size % kPageBytes == 0 && size <= kMaxImageBytes; }

uint64_t ImageSize(const PlanHeader& plan) {
  return uint64_t{plan.text_size} + plan.read_only_size + plan.writable_size;
}

const char* FaultOfHeader(const PlanHeader& plan, size_t size) {
  if (memcmp(plan.magic, kPlanMagic, sizeof kPlanMagic) != 0 || plan.size != size) {
    return "it is no plan";
  }
  if (plan.build_id_size == 0 || plan.build_id_size > sizeof plan.build_id) {
    return "it names no build";
  }
  if (!IsWholePages(plan.text_size) || !IsWholePages(plan.read_only_size) || !IsWholePages(plan.writable_size) ||
      plan.text_size == 0 || ImageSize(plan) > kMaxImageBytes || plan.image.count != ImageSize(plan)) {
    return "its image has no proper size";
  }
  if (!Inside(plan.image, 1, 1, size) || !Inside(plan.functions, sizeof(PlanFunction), 8, size) ||
      !Inside(plan.relocations, sizeof(PlanRelocation), 8, size) || !Inside(plan.imports, 4, 4, size) ||
      !Inside(plan.strings, 1, 1, size) || !Inside(plan.old_code, 1, 1, size) ||
      !Inside(plan.frames, 1, 8, plan.image.count)) {
    return "a table lies outside";
  }
  if (plan.functions.count == 0 || plan.functions.count > kMaxFunctions) {
    return "it changes no function, or too many";
  }
  if (plan.probe != kNone && plan.probe >= plan.text_size) {
    return "its probe lies outside";
  }
  return nullptr;
}

bool IsSound(const PlanHeader& plan, const PlanFunction& function) {
  return function.entry % 2 == 0 && function.entry >= kPadBytes && function.entry < (uint64_t{1} << 40) &&
         function.old_size >= kEntryBytes && function.old_size <= kMaxImageBytes &&
         function.old_code <= plan.old_code.count &&
         uint64_t{kPadBytes} + function.old_size <= plan.old_code.count - function.old_code &&
         function.replacement < plan.text_size && function.name < plan.strings.count;
}

bool IsSound(const PlanHeader& plan, const PlanRelocation& relocation) {
  const bool wide = relocation.kind == PlanKind::kAbsolute64 || relocation.kind == PlanKind::kConstant64;
  return relocation.kind <= PlanKind::kConstant64 && relocation.base <= PlanBase::kNothing &&
         uint64_t{relocation.where} + (wide ? 8 : 4) <= plan.image.count &&
         (relocation.base != PlanBase::kImport || relocation.import < plan.imports.count);
}

}  // namespace

bool ViewPatch(const void* bytes, size_t size, PatchView* view) {
  PatchHeader header;
  if (size < sizeof header || size > kMaxPatchBytes) {
    return false;
  }
  memcpy(&header, bytes, sizeof header);
  if (memcmp(header.magic, kPatchMagic, sizeof kPatchMagic) != 0 || header.signatures > 16 || header.zero != 0 ||
      uint64_t{sizeof header} + header.manifest_size + header.plan_size +
              uint64_t{header.signatures} * sizeof(PatchSignature) !=
          size) {
    return false;
  }
  const char* at = static_cast<const char*>(bytes) + sizeof header;
  view->manifest = at;
  view->manifest_size = header.manifest_size;
  view->plan = at + header.manifest_size;
  view->plan_size = header.plan_size;
  view->signatures =
      reinterpret_cast<const PatchSignature*>(view->plan + header.plan_size);  // bytes only: aligned to 1
  view->signature_count = header.signatures;
  return true;
}

const char* FaultOfPlan(const void* plan_bytes, size_t size) {
  if (size < sizeof(PlanHeader)) {
    return "it is no plan";
  }
  const char* bytes = static_cast<const char*>(plan_bytes);
  const PlanHeader& plan = *static_cast<const PlanHeader*>(plan_bytes);
  if (const char* fault = FaultOfHeader(plan, size)) {
    return fault;
  }
  if (plan.strings.count == 0 || bytes[plan.strings.at + plan.strings.count - 1] != 0) {
    return "its strings do not end";
  }
  const auto* functions = reinterpret_cast<const PlanFunction*>(bytes + plan.functions.at);
  for (uint32_t i = 0; i < plan.functions.count; ++i) {
    if (!IsSound(plan, functions[i]) || (i > 0 && functions[i].entry <= functions[i - 1].entry)) {
      return "a function is described wrongly";
    }
  }
  const auto* relocations = reinterpret_cast<const PlanRelocation*>(bytes + plan.relocations.at);
  for (uint32_t i = 0; i < plan.relocations.count; ++i) {
    if (!IsSound(plan, relocations[i])) {
      return "a reference is described wrongly";
    }
  }
  const auto* imports = reinterpret_cast<const uint32_t*>(bytes + plan.imports.at);
  for (uint32_t i = 0; i < plan.imports.count; ++i) {
    if (imports[i] >= plan.strings.count) {
      return "an import has no name";
    }
  }
  return nullptr;
}

}  // namespace propolis::livepatch
