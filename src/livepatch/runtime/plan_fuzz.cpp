// Plans from anybody: whatever passes the check stays within its bounds.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "livepatch/runtime/plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace lp = propolis::livepatch;
  std::vector<std::uint64_t> copy((size + 7) / 8 + 1);
  std::memcpy(copy.data(), data, size);
  lp::PatchView view;
  (void)lp::ViewPatch(data, size, &view);
  if (lp::FaultOfPlan(copy.data(), size) != nullptr) {
    return 0;
  }
  const char* bytes = reinterpret_cast<const char*>(copy.data());
  lp::PlanHeader plan;
  std::memcpy(&plan, bytes, sizeof plan);
  for (std::uint32_t i = 0; i < plan.functions.count; ++i) {
    lp::PlanFunction function;
    std::memcpy(&function, bytes + plan.functions.at + i * sizeof function, sizeof function);
    if (plan.strings.at + function.name + std::strlen(bytes + plan.strings.at + function.name) >= size ||
        plan.old_code.at + function.old_code + lp::kPadBytes + function.old_size > size) {
      std::abort();
    }
  }
  return 0;
}
