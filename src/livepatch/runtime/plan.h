// The plan: what a patch does, in the form the runtime executes. Little-endian, fixed records, every offset from the
// plan's first byte unless said otherwise. The generator writes it, signed; the runtime believes none of it unchecked.
//
// A patch file is: "PLPATCH1", u32 manifest size, u32 plan size, u32 number of signatures, u32 zero, manifest (JSON),
// plan, signatures (32 bytes Ed25519 public key, 64 bytes signature, each).
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace propolis::livepatch {

inline constexpr char kPatchMagic[8] = {'P', 'L', 'P', 'A', 'T', 'C', 'H', '1'};
inline constexpr char kPlanMagic[8] = {'P', 'L', 'P', 'L', 'A', 'N', '0', '1'};
inline constexpr uint32_t kPageBytes = 4096;
inline constexpr uint32_t kMaxPatchBytes = 16U << 20;
inline constexpr uint32_t kMaxFunctions = 2048;
inline constexpr uint32_t kPadBytes = 14;   // no-operations before the entry: room for the jump to the slot
inline constexpr uint32_t kEntryBytes = 2;  // one no-operation at the entry: room for the jump into the pad
// With -fcf-protection a function begins with endbr64. The entry is behind it, and it ends the room before the entry.
inline constexpr uint8_t kBranchMark[4] = {0xf3, 0x0f, 0x1e, 0xfa};
inline constexpr uint32_t kNone = 0xffffffff;

struct PatchHeader {
  char magic[8];
  uint32_t manifest_size;
  uint32_t plan_size;
  uint32_t signatures;
  uint32_t zero;
};

struct PatchSignature {
  uint8_t key[32];
  uint8_t signature[64];
};

// `count` records or bytes from `at`.
struct PlanTable {
  uint32_t at;
  uint32_t count;
};

// The image is one piece of memory near the program: text, then read-only, then writable pages.
struct PlanHeader {
  char magic[8];
  uint32_t size;
  uint32_t level;
  int64_t expires;  // seconds since the epoch; 0: never
  uint8_t build_id[32];
  uint32_t build_id_size;
  uint32_t text_size;  // whole pages, as the next two
  uint32_t read_only_size;
  uint32_t writable_size;
  PlanTable image;        // bytes
  PlanTable functions;    // PlanFunction
  PlanTable relocations;  // PlanRelocation
  PlanTable imports;      // u32: offsets into the strings
  PlanTable strings;      // bytes; each string ends with a zero, the last byte is zero
  PlanTable old_code;     // bytes
  PlanTable frames;       // `at` in the image: the unwind table
  uint32_t probe;         // in the image: int (*)(void) that answers 0 when the patched program is sound; or kNone
  uint32_t zero;
};

struct PlanFunction {
  uint64_t entry;        // from the program's load address
  uint32_t old_size;     // bytes from the entry
  uint32_t old_code;     // into old_code: kPadBytes + old_size bytes as the release holds them
  uint32_t replacement;  // in the image's text
  uint32_t name;         // into the strings
};

enum class PlanKind : uint8_t { kAbsolute64, kRelative32, kConstant32, kConstant64 };
enum class PlanBase : uint8_t { kProgram, kImage, kImport, kNothing };

struct PlanRelocation {
  uint32_t where;  // in the image
  PlanKind kind;
  PlanBase base;
  uint16_t zero;
  uint32_t import;  // for kImport
  uint32_t zero2;
  int64_t addend;
};

static_assert(sizeof(PatchHeader) == 24 && sizeof(PatchSignature) == 96 && sizeof(PlanHeader) == 136 &&
              sizeof(PlanFunction) == 24 && sizeof(PlanRelocation) == 24);

struct PatchView {
  const char* manifest;
  uint32_t manifest_size;
  const char* plan;
  uint32_t plan_size;
  const PatchSignature* signatures;
  uint32_t signature_count;
};

// False when the bytes are no patch file. Nothing is copied.
bool ViewPatch(const void* bytes, size_t size, PatchView* view);

// Is every table inside the plan, every offset inside its table, every page count whole? Null when it is; otherwise
// what is wrong. `plan` is aligned to eight bytes.
const char* FaultOfPlan(const void* plan, size_t size);

}  // namespace propolis::livepatch
