// Memory near the program, and the only ways in which code comes into being. Nothing is ever writable and executable,
// and nothing that was writable becomes executable: code is written into a sealed file in memory, and the file is
// mapped, over the old page where one is replaced. That holds under systemd's MemoryDenyWriteExecute too, where
// changing the protection of the program's own pages is forbidden.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace propolis::livepatch {

// What stands at an address of this process.
template <class T = void>
T* At(uint64_t address) {
  return reinterpret_cast<T*>(address);  // NOLINT(performance-no-int-to-ptr): patches are about addresses
}

struct Program {
  uint64_t base;  // where it is loaded
  uint64_t end;
  uint64_t text_begin;  // its executable segment
  uint64_t text_end;
  uint8_t build_id[32];
  uint32_t build_id_size;
};

// False: it has no build-id, or its memory cannot be seen. Looks into memory, not into a file.
bool FindProgram(Program* program);

// Keeps addresses free within two gigabytes of the program's every byte. False: there are none.
bool ReserveNear(const Program& program);
// `size` in whole pages. 0: the reserve is used up.
uint64_t TakeNear(uint64_t size);
uint64_t NearLeft();

// Maps `bytes` (whole pages) read-only and, if asked, executable at `address`, in one step for all who run there.
bool MapSealed(uint64_t address, const void* bytes, size_t size, bool executable);
bool MapWritable(uint64_t address, const void* bytes, size_t size);

// Changes a few bytes of code within one page: every thread sees the page as it was or as it becomes, never a mixture.
bool ReplaceCode(uint64_t address, const void* bytes, size_t size);

// All threads see code that was mapped before this call. False: the system cannot promise it.
bool SynchroniseCode();
bool StartSynchronising();

}  // namespace propolis::livepatch
