#include "livepatch/runtime/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "livepatch/runtime/plan.h"

namespace propolis::livepatch {
namespace {

constexpr uint64_t kReserve = 64ULL << 20;
constexpr uint64_t kReach = 1ULL << 30;  // half of what a relative jump reaches: the program may be as large again
constexpr uint64_t kStep = 1ULL << 20;
constexpr unsigned kExecutableFile = 0x10;  // MFD_EXEC, Linux 6.3

uint64_t near_begin = 0;
uint64_t near_end = 0;

void ReadNote(const char* at, size_t size, Program* program) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    memcpy(&note, at, sizeof note);
    const uint64_t name = (uint64_t{note.n_namesz} + 3) & ~3ULL;
    const uint64_t body = (uint64_t{note.n_descsz} + 3) & ~3ULL;
    if (name + body > size - sizeof note) {
      return;
    }
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(at + sizeof note, "GNU", 4) == 0 &&
        note.n_descsz <= sizeof program->build_id) {
      memcpy(program->build_id, at + sizeof note + name, note.n_descsz);
      program->build_id_size = note.n_descsz;
      return;
    }
    at += sizeof note + name + body;
    size -= sizeof note + name + body;
  }
}

// The first object is the program itself.
int Visit(dl_phdr_info* info, size_t, void* data) {
  auto* program = static_cast<Program*>(data);
  program->base = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    const uint64_t begin = info->dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD) {
      program->end = begin + header.p_memsz > program->end ? begin + header.p_memsz : program->end;
      if ((header.p_flags & PF_X) != 0) {
        program->text_begin = program->text_begin == 0 ? begin : program->text_begin;
        program->text_end = begin + header.p_memsz;
      }
    } else if (header.p_type == PT_NOTE && program->build_id_size == 0) {
      ReadNote(static_cast<const char*>(At(begin)), header.p_memsz, program);
    }
  }
  return 1;
}

bool WriteWhole(int file, const void* bytes, size_t size) {
  const char* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t written = write(file, at, size);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    at += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

int SealedFile(const void* bytes, size_t size) {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int file = static_cast<int>(syscall(SYS_memfd_create, "livepatch", kFlags | kExecutableFile));
  if (file < 0 && errno == EINVAL) {
    file = static_cast<int>(syscall(SYS_memfd_create, "livepatch", kFlags));
  }
  if (file >= 0 && (!WriteWhole(file, bytes, size) ||
                    fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)) {
    close(file);
    return -1;
  }
  return file;
}

bool Membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }

}  // namespace

bool FindProgram(Program* program) {
  memset(program, 0, sizeof *program);
  dl_iterate_phdr(Visit, program);
  return program->build_id_size > 0 && program->text_begin != 0;
}

bool ReserveNear(const Program& program) {
  if (near_begin != 0) {
    return true;
  }
  // Below the program: above it the heap grows.
  const uint64_t top = program.base & ~(kStep - 1);
  for (uint64_t below = kReserve + kStep; below < kReach && below < top; below += kStep) {
    void* found = mmap(At(top - below), kReserve, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (found == At(top - below)) {
      near_begin = top - below;
      near_end = near_begin + kReserve;
      return program.end - near_begin < 2 * kReach - kStep;
    }
    if (found != MAP_FAILED) {
      munmap(found, kReserve);
    }
  }
  return false;
}

uint64_t TakeNear(uint64_t size) {
  if (size % kPageBytes != 0 || size > near_end - near_begin) {
    return 0;
  }
  near_begin += size;
  return near_begin - size;
}

uint64_t NearLeft() { return near_end - near_begin; }

bool MapSealed(uint64_t address, const void* bytes, size_t size, bool executable) {
  const int file = SealedFile(bytes, size);
  if (file < 0) {
    return false;
  }
  void* mapped = mmap(At(address), size, PROT_READ | (executable ? PROT_EXEC : 0), MAP_PRIVATE | MAP_FIXED, file, 0);
  close(file);
  return mapped == At(address);
}

bool MapWritable(uint64_t address, const void* bytes, size_t size) {
  if (mmap(At(address), size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != At(address)) {
    return false;
  }
  memcpy(At(address), bytes, size);
  return true;
}

bool ReplaceCode(uint64_t address, const void* bytes, size_t size) {
  const uint64_t page = address & ~uint64_t{kPageBytes - 1};
  alignas(8) char copy[kPageBytes];
  if (address + size > page + kPageBytes) {
    return false;
  }
  memcpy(copy, At(page), sizeof copy);
  memcpy(copy + (address - page), bytes, size);
  return MapSealed(page, copy, sizeof copy, /*executable=*/true);
}

bool StartSynchronising() { return Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE); }

bool SynchroniseCode() { return Membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE); }

}  // namespace propolis::livepatch
