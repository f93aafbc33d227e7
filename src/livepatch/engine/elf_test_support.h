// Reads a file as the generator does and looks at everything in it: for the fuzzer and for the test of damaged files.
#pragma once

#include "livepatch/engine/difference.h"

namespace propolis::livepatch {

// How many references it followed; nothing when the file was refused.
inline std::optional<std::size_t> WalkElf(std::string bytes) {
  auto elf = ReadElf(std::make_shared<const std::string>(std::move(bytes)));
  if (!elf) {
    return std::nullopt;
  }
  for (const Section& section : elf->sections) {
    (void)BytesAt(*elf, section.address, section.size);
    (void)RoomOf(section);
  }
  const Object object(*elf);
  std::size_t followed = 0;
  for (std::uint32_t i = 1; i < elf->sections.size(); ++i) {
    (void)object.NameOf(i);
    for (const Reference& reference : object.section(i).references) {
      if (const auto place = object.PlaceOf(reference)) {
        (void)LiteralAt(object.section(place->section), place->offset);
        ++followed;
      }
    }
  }
  (void)Compare(object, object);
  return followed;
}

}  // namespace propolis::livepatch
