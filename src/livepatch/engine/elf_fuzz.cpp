// Object files and programs from anybody: refused, or read without leaving them.
#include <cstdint>

#include "livepatch/engine/elf_test_support.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)propolis::livepatch::WalkElf(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
