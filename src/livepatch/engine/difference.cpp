#include "livepatch/engine/difference.h"

#include <elf.h>
#include <fmt/format.h>

namespace propolis::livepatch {
namespace {

constexpr int kMaxDepth = 4;  // of constants that are known only by what they refer to

bool IsPart(std::string_view name) { return name.ends_with(".cold") || name.find(".cold.") != name.npos; }

// What a reference means, independent of where things lie in the file.
std::string Meaning(const Object& object, const Reference& reference, int depth = 0) {
  const Symbol& symbol = object.symbol(reference.symbol);
  const auto place = object.PlaceOf(reference);
  if (!place || symbol.bind != STB_LOCAL) {
    return fmt::format("{}+{}", symbol.name, reference.addend);
  }
  const Section& target = object.section(place->section);
  if (IsLiteral(target)) {
    const auto literal = LiteralAt(target, place->offset);
    const auto beyond = symbol.type == STT_SECTION ? 0 : reference.addend;
    return literal ? fmt::format("literal {}+{}", *literal, beyond) : "nothing";
  }
  if (object.DefinedIn(place->section).empty() && target.name == ".data" && depth < kMaxDepth) {
    for (const Reference& inner : target.references) {  // a pointer that stands for something else
      if (static_cast<std::int64_t>(inner.offset) == place->offset) {
        return "pointer to " + Meaning(object, inner, depth + 1);
      }
    }
  }
  const auto within = place->offset + (symbol.type == STT_SECTION ? 0 : reference.addend);
  return fmt::format("{}@{}", target.name, within);
}

bool SameContent(const Object& before, std::uint32_t old_index, const Object& after, std::uint32_t new_index) {
  const Section& a = before.section(old_index);
  const Section& b = after.section(new_index);
  if (a.type != b.type || a.size != b.size || a.bytes != b.bytes || a.references.size() != b.references.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.references.size(); ++i) {
    const Reference& x = a.references[i];
    const Reference& y = b.references[i];
    if (x.offset != y.offset || x.type != y.type || Meaning(before, x) != Meaning(after, y)) {
      return false;
    }
  }
  return true;
}

class Comparison {
 public:
  Comparison(const Object& before, const Object& after) : before_(before), after_(after) {
    out_.of.assign(after.elf().sections.size(), Change::kSame);
  }

  Difference Run() {
    for (std::uint32_t i = 1; i < after_.elf().sections.size(); ++i) {
      out_.of[i] = First(i);
    }
    while (Spread()) {
    }
    for (std::uint32_t i = 1; i < after_.elf().sections.size(); ++i) {
      Judge(i);
    }
    return std::move(out_);
  }

 private:
  Change First(std::uint32_t index) {
    const Section& section = after_.section(index);
    if (RoomOf(section) == Room::kNone || IsLiteral(section) || IsBag(index)) {
      return Change::kSame;
    }
    const auto old = before_.Find(section.name);
    if (!old) {
      return Change::kAdded;
    }
    return SameContent(before_, *old, after_, index) ? Change::kSame : Change::kChanged;
  }

  // Nameless pointers in .data, and sections that hold nothing: known by what they refer to.
  [[nodiscard]] bool IsBag(std::uint32_t index) const {
    const Section& section = after_.section(index);
    return section.size == 0 || (section.name == ".data" && after_.DefinedIn(index).empty());
  }

  // A function is as its constants, its exception table and its cold parts are.
  bool Spread() {
    bool spread = false;
    for (std::uint32_t i = 1; i < after_.elf().sections.size(); ++i) {
      const Section& section = after_.section(i);
      const Room room = RoomOf(section);
      if (out_.of[i] != Change::kSame || (room != Room::kText && room != Room::kConstant) || IsLiteral(section)) {
        continue;
      }
      if (UsesChanged(section) || ExceptionsChanged(section.name)) {
        out_.of[i] = Change::kChanged;
        spread = true;
      }
    }
    return spread;
  }

  [[nodiscard]] bool UsesChanged(const Section& section) const {
    return std::ranges::any_of(section.references, [&](const Reference& reference) {
      const auto place = after_.PlaceOf(reference);
      if (!place || out_.of[place->section] == Change::kSame) {
        return false;
      }
      const Room room = RoomOf(after_.section(place->section));
      return room == Room::kConstant || (room == Room::kText && IsPart(after_.NameOf(place->section)));
    });
  }

  [[nodiscard]] bool ExceptionsChanged(const std::string& name) const {
    if (!name.starts_with(".text.")) {
      return false;
    }
    const auto now = after_.Find(".gcc_except_table." + name.substr(6));
    return now && out_.of[*now] != Change::kSame;
  }

  void Judge(std::uint32_t index) {
    const Section& section = after_.section(index);
    if (section.type == SHT_INIT_ARRAY || section.type == SHT_FINI_ARRAY) {
      JudgeStartUp(section);
    }
    if (out_.of[index] == Change::kSame) {
      return;
    }
    const std::string name = after_.NameOf(index);
    switch (RoomOf(section)) {
      case Room::kText:
        JudgeFunction(index, name);
        break;
      case Room::kConstant:
        if (out_.of[index] == Change::kChanged && (name.starts_with("_ZTV") || name.starts_with("_ZTI"))) {
          Refuse(name, "livepatch.vtable");
        }
        break;
      case Room::kVariable:
        if (out_.of[index] == Change::kChanged) {
          Refuse(name, "livepatch.initialised_data");
        }
        break;
      case Room::kThread:
        Refuse(name, "livepatch.thread_local");
        break;
      case Room::kNone:
        break;
    }
  }

  void JudgeFunction(std::uint32_t index, const std::string& name) {
    if (out_.of[index] == Change::kChanged &&
        (name.ends_with(".resume") || name.ends_with(".destroy") || name.ends_with(".cleanup"))) {
      Refuse(name, "livepatch.coroutine");
    }
    for (const std::uint32_t defined : after_.DefinedIn(index)) {
      if (after_.symbol(defined).type == STT_GNU_IFUNC) {
        Refuse(name, "livepatch.ifunc");
      }
    }
    if (out_.of[index] == Change::kChanged && NeverReturns(after_.section(index))) {
      Refuse(name, "livepatch.endless");
    }
  }

  // A loop says where it may be switched: its own frame never leaves the stack, so that it would never be replaced.
  [[nodiscard]] bool NeverReturns(const Section& section) const {
    return std::ranges::any_of(section.references, [&](const Reference& reference) {
      const std::string& name = after_.symbol(reference.symbol).name;
      return name == "livepatch_safe_point" || name == "livepatch_idle_end" || name == "livepatch_thread_enter";
    });
  }

  // What runs before main ran long ago.
  void JudgeStartUp(const Section& list) {
    for (const Reference& reference : list.references) {
      const auto place = after_.PlaceOf(reference);
      if (place && out_.of[place->section] != Change::kSame) {
        Refuse(after_.NameOf(place->section), "livepatch.start_up");
      }
    }
  }

  void Refuse(std::string where, std::string why) { out_.refusals.push_back({std::move(where), std::move(why), {}}); }

  const Object& before_;
  const Object& after_;
  Difference out_;
};

}  // namespace

Difference Compare(const Object& before, const Object& after) { return Comparison(before, after).Run(); }

}  // namespace propolis::livepatch
