#include "livepatch/engine/object.h"

#include <elf.h>

namespace propolis::livepatch {

Room RoomOf(const Section& section) {
  const std::string_view name = section.name;
  if ((section.flags & SHF_ALLOC) == 0 || section.type == SHT_NOTE || section.type == SHT_INIT_ARRAY ||
      section.type == SHT_FINI_ARRAY || name == ".eh_frame" || name.starts_with("__patchable_function_entries") ||
      name.starts_with(".ctors") || name.starts_with(".note")) {
    return Room::kNone;
  }
  if ((section.flags & SHF_EXECINSTR) != 0) {
    return Room::kText;
  }
  if ((section.flags & SHF_TLS) != 0) {
    return Room::kThread;
  }
  return (section.flags & SHF_WRITE) != 0 && !name.starts_with(".data.rel.ro") ? Room::kVariable : Room::kConstant;
}

bool IsLiteral(const Section& section) { return (section.flags & SHF_MERGE) != 0 && section.entry_size > 0; }

Object::Object(ElfFile elf) : elf_(std::move(elf)), defined_(elf_.sections.size()) {
  for (std::uint32_t i = 1; i < elf_.sections.size(); ++i) {
    if (RoomOf(elf_.sections[i]) != Room::kNone) {
      by_name_.emplace(elf_.sections[i].name, i);
    }
  }
  for (std::uint32_t i = 1; i < elf_.symbols.size(); ++i) {
    const Symbol& symbol = elf_.symbols[i];
    if (symbol.type == STT_FILE) {
      source_ = source_.empty() ? symbol.name : source_;
    } else if (symbol.section != 0 && symbol.type != STT_SECTION && !symbol.name.starts_with(".L")) {
      defined_[symbol.section].push_back(i);
    }
  }
}

std::optional<std::uint32_t> Object::Find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::string Object::NameOf(std::uint32_t section) const {
  return defined_[section].empty() ? elf_.sections[section].name : elf_.symbols[defined_[section].front()].name;
}

std::optional<Object::Place> Object::PlaceOf(const Reference& reference) const {
  const Symbol& target = elf_.symbols[reference.symbol];
  if (target.section == 0) {
    return std::nullopt;
  }
  // An instruction with an immediate operand reaches further back; sections hold one thing, so its start is meant then.
  std::int64_t offset = static_cast<std::int64_t>(target.value);
  if (target.type == STT_SECTION) {
    offset += reference.addend + (IsRelative(reference.type) ? 4 : 0);
  }
  return Place{target.section, offset};
}

bool IsRelative(std::uint32_t type) {
  return type == R_X86_64_PC32 || type == R_X86_64_PLT32 || type == R_X86_64_GOTPCREL || type == R_X86_64_GOTPCRELX ||
         type == R_X86_64_REX_GOTPCRELX || type == R_X86_64_GOTTPOFF;
}

std::optional<std::string> LiteralAt(const Section& section, std::int64_t offset) {
  if (offset < 0 || static_cast<std::uint64_t>(offset) >= section.bytes.size() ||
      section.entry_size > section.bytes.size()) {
    return std::nullopt;
  }
  const auto from = static_cast<std::size_t>(offset);
  if ((section.flags & SHF_STRINGS) == 0) {
    return std::string(section.bytes.substr(from, section.entry_size));
  }
  const std::string zero(section.entry_size, '\0');
  for (std::size_t at = from; at + section.entry_size <= section.bytes.size(); at += section.entry_size) {
    if (section.bytes.substr(at, section.entry_size) == zero) {
      return std::string(section.bytes.substr(from, at - from));
    }
  }
  return std::nullopt;
}

}  // namespace propolis::livepatch
