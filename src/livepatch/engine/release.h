// The release that runs: its program with all symbols, asked where things are.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "livepatch/engine/object.h"

namespace propolis::livepatch {

class Release {
 public:
  explicit Release(ElfFile program);

  [[nodiscard]] const ElfFile& elf() const { return elf_; }
  // Which of the program's source files of that name the object was compiled from: the one that has all its local
  // names. 0 when none or several do.
  [[nodiscard]] std::uint32_t GroupOf(const Object& object) const;
  // Was the program linked with this object? Then it has all that the object offers to others.
  [[nodiscard]] bool Contains(const Object& object) const;
  // The one definition of a name: a local name within its file. Nothing when there is none; a Conflict
  // ("livepatch.ambiguous") when there are several.
  [[nodiscard]] Result<std::optional<Symbol>> Find(const Symbol& wanted, std::uint32_t group) const;
  // Does the linked code at `address` come from this section? What the linker fills in is not compared.
  [[nodiscard]] bool Holds(const Section& section, std::uint64_t address) const;
  // From the thread pointer to a thread-local variable.
  [[nodiscard]] std::int64_t ThreadOffset(const Symbol& symbol) const;

 private:
  ElfFile elf_;
  std::multimap<std::string_view, std::uint32_t> by_name_;
};

}  // namespace propolis::livepatch
