#include "livepatch/engine/release.h"

#include <elf.h>

namespace propolis::livepatch {

Release::Release(ElfFile program) : elf_(std::move(program)) {
  for (std::uint32_t i = 1; i < elf_.symbols.size(); ++i) {
    const Symbol& symbol = elf_.symbols[i];
    if (symbol.section != 0 && symbol.type != STT_SECTION && symbol.type != STT_FILE) {
      by_name_.emplace(symbol.name, i);
    }
  }
}

std::uint32_t Release::GroupOf(const Object& object) const {
  std::map<std::uint32_t, std::size_t> found;
  for (const Symbol& symbol : object.elf().symbols) {
    if (symbol.section == 0 || !symbol.IsLocal() || symbol.type == STT_SECTION || symbol.name.starts_with(".L")) {
      continue;
    }
    const auto [begin, end] = by_name_.equal_range(symbol.name);
    for (auto at = begin; at != end; ++at) {
      const Symbol& candidate = elf_.symbols[at->second];
      if (candidate.IsLocal() && candidate.file == object.source()) {
        ++found[candidate.group];
      }
    }
  }
  std::uint32_t best = 0;
  bool alone = false;
  for (const auto& [group, count] : found) {
    alone = best == 0 || count != found[best] ? (best == 0 || count > found[best] || alone) : false;
    best = best == 0 || count > found[best] ? group : best;
  }
  return alone ? best : 0;
}

bool Release::Contains(const Object& object) const {
  return std::ranges::all_of(object.elf().symbols, [&](const Symbol& symbol) {
    return symbol.section == 0 || symbol.bind != STB_GLOBAL || !symbol.IsFunction() || by_name_.contains(symbol.name);
  });
}

Result<std::optional<Symbol>> Release::Find(const Symbol& wanted, std::uint32_t group) const {
  std::optional<Symbol> found;
  const auto [begin, end] = by_name_.equal_range(wanted.name);
  for (auto at = begin; at != end; ++at) {
    const Symbol& candidate = elf_.symbols[at->second];
    if (wanted.IsLocal() && (!candidate.IsLocal() || group == 0 || candidate.group != group)) {
      continue;
    }
    if (!wanted.IsLocal() && !candidate.IsLocal()) {
      return candidate;  // a global name has one definition
    }
    if (found && found->value != candidate.value) {
      return Fail(Code::kConflict, "livepatch.ambiguous", {{"name", wanted.name}});
    }
    found = candidate;
  }
  return found;
}

namespace {

// What the linker may change around a field: it turns loads from its table into plain addresses.
std::uint64_t BytesBefore(std::uint32_t type) {
  switch (type) {
    case R_X86_64_REX_GOTPCRELX:
    case R_X86_64_GOTTPOFF:
      return 3;
    case R_X86_64_GOTPCRELX:
      return 2;
    default:
      return 0;
  }
}

std::uint64_t FieldBytes(std::uint32_t type) { return type == R_X86_64_64 || type == R_X86_64_TPOFF64 ? 8 : 4; }

}  // namespace

bool Release::Holds(const Section& section, std::uint64_t address) const {
  std::string linked(BytesAt(elf_, address, section.size));
  std::string compiled(section.bytes);
  if (linked.size() != compiled.size()) {
    return false;
  }
  for (const Reference& reference : section.references) {
    const std::uint64_t from = reference.offset - std::min(reference.offset, BytesBefore(reference.type));
    const std::uint64_t to = std::min<std::uint64_t>(section.size, reference.offset + FieldBytes(reference.type));
    for (std::uint64_t i = from; i < to; ++i) {
      linked[i] = compiled[i] = 0;
    }
  }
  return linked == compiled;
}

std::int64_t Release::ThreadOffset(const Symbol& symbol) const {
  return static_cast<std::int64_t>(symbol.value) - static_cast<std::int64_t>(elf_.tls_size);
}

}  // namespace propolis::livepatch
