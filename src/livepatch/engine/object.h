// An object file compiled with -ffunction-sections -fdata-sections: one section for each function and variable.
#pragma once

#include <map>
#include <optional>

#include "livepatch/engine/elf.h"

namespace propolis::livepatch {

enum class Room { kNone, kText, kConstant, kVariable, kThread };

// What kind of thing a section holds; kNone: nothing that a program has in memory, or what is handled apart (unwind
// tables, lists of pads, start-up lists).
Room RoomOf(const Section& section);

// Literals without a name of their own: strings and numbers that the linker merges.
bool IsLiteral(const Section& section);

class Object {
 public:
  explicit Object(ElfFile elf);

  [[nodiscard]] const ElfFile& elf() const { return elf_; }
  [[nodiscard]] const Section& section(std::uint32_t index) const { return elf_.sections[index]; }
  [[nodiscard]] const Symbol& symbol(std::uint32_t index) const { return elf_.symbols[index]; }
  // The section of this name (of several, the first).
  [[nodiscard]] std::optional<std::uint32_t> Find(const std::string& name) const;
  // Functions and variables that a section defines, under every name they have.
  [[nodiscard]] const std::vector<std::uint32_t>& DefinedIn(std::uint32_t section) const { return defined_[section]; }
  // The same, or the section's name, for people.
  [[nodiscard]] std::string NameOf(std::uint32_t section) const;
  // The source file, as the compiler noted it.
  [[nodiscard]] const std::string& source() const { return source_; }

  struct Place {
    std::uint32_t section;
    std::int64_t offset;  // of the thing itself, without what the instruction's length adds
  };
  // Where a reference leads within this object; nothing when it leads out of it.
  [[nodiscard]] std::optional<Place> PlaceOf(const Reference& reference) const;

 private:
  ElfFile elf_;
  std::map<std::string, std::uint32_t> by_name_;
  std::vector<std::vector<std::uint32_t>> defined_;
  std::string source_;
};

// Is the field relative to its own place, so that the addend counts from four bytes before the next instruction?
bool IsRelative(std::uint32_t type);

// What stands at a place that only its content tells: a literal string or number. Nothing when it lies outside.
std::optional<std::string> LiteralAt(const Section& section, std::int64_t offset);

}  // namespace propolis::livepatch
