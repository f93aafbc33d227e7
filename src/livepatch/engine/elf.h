// ELF files (64-bit, little-endian, x86-64) as sections, symbols and references. Bytes come from anywhere: what does
// not fit is refused, nothing is believed unchecked.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace propolis::livepatch {

struct Reference {
  std::uint64_t offset;  // in its section
  std::uint32_t type;    // R_X86_64_*
  std::uint32_t symbol;  // index into the symbols
  std::int64_t addend;
};

struct Section {
  std::string name;
  std::uint32_t type = 0;   // SHT_*
  std::uint64_t flags = 0;  // SHF_*
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  std::uint64_t alignment = 1;
  std::uint64_t entry_size = 0;
  std::string_view bytes;  // empty when the file holds none (SHT_NOBITS)
  std::vector<Reference> references;
};

struct Symbol {
  std::string name;
  std::string file;         // the source file it stands under, for local ones
  std::uint32_t group = 0;  // of several files with one name, which; 0: none
  std::uint64_t value = 0;
  std::uint64_t size = 0;
  std::uint8_t type = 0;      // STT_*
  std::uint8_t bind = 0;      // STB_*
  std::uint32_t section = 0;  // 0: defined elsewhere
  [[nodiscard]] bool IsFunction() const;
  [[nodiscard]] bool IsLocal() const;
};

struct ElfFile {
  std::shared_ptr<const std::string> file;  // what every view looks into
  bool relocatable = false;
  std::vector<Section> sections;
  std::vector<Symbol> symbols;
  std::string build_id;        // raw bytes; empty: none
  std::uint64_t tls_size = 0;  // of the thread-local segment, rounded to its alignment
};

// The bytes of a file. NotFound when there is none, TooLarge beyond 2 GiB.
Result<std::shared_ptr<const std::string>> ReadFileWhole(const std::string& path);

// Invalid ("livepatch.bad_elf") when it is no such file or damaged.
Result<ElfFile> ReadElf(std::shared_ptr<const std::string> file);

Result<ElfFile> OpenElf(const std::string& path);

// Where `size` bytes at `address` of a linked file stand; empty when it does not hold them.
std::string_view BytesAt(const ElfFile& elf, std::uint64_t address, std::uint64_t size);

}  // namespace propolis::livepatch
