#include "livepatch/engine/link.h"

#include <elf.h>

#include <cstring>
#include <tuple>

#include "base/crypto.h"
#include "livepatch/engine/image.h"
#include "livepatch/runtime/bind.h"
#include "livepatch/runtime/plan.h"

namespace propolis::livepatch {
namespace {

constexpr int kFrameField = 8;  // from the start of an unwind record to the address of its function

std::unexpected<Error> Refuse(std::string where, std::string why, std::vector<Arg> args = {}) {
  return std::unexpected(
      Error{Code::kConflict, "livepatch.refused", {}, {{std::move(where), std::move(why), std::move(args)}}});
}

class Linker {
 public:
  Linker(const Release& release, const std::vector<Unit>& units, bool overwrite)
      : release_(release), units_(units), overwrite_(overwrite) {}

  Result<Linked> Run(const LinkOptions& options) {
    TRY(CompareAll());
    FindAdded();
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      TRY(ReplaceChanged(unit));
    }
    if (linked_.replaced.empty()) {
      return Fail(Code::kConflict, "livepatch.nothing_changed");
    }
    const std::size_t probe = TRY(FindProbe(options.probe));
    while (!queue_.empty()) {
      const auto [unit, section, piece] = queue_.back();
      queue_.pop_back();
      TRY(Bind(unit, section, piece));
    }
    const std::uint32_t probe_at = probe == kNoPiece ? 0 : probe_offset_;
    linked_.plan = TRY(image_.Write(release_.elf().build_id, options, probe, probe_at));
    linked_.imported = image_.imports();
    return std::move(linked_);
  }

 private:
  using Piece = std::size_t;

  // --- what is to be replaced

  Status CompareAll() {
    std::vector<FieldError> refusals;
    for (const Unit& unit : units_) {
      differences_.push_back(Compare(unit.before, unit.after));
      const auto& why = differences_.back().refusals;
      refusals.insert(refusals.end(), why.begin(), why.end());
      groups_.push_back(release_.GroupOf(unit.before));
    }
    return refusals.empty() ? Status()
                            : std::unexpected(Error{Code::kConflict, "livepatch.refused", {}, std::move(refusals)});
  }

  // Global names that only the new sources define: one file may use what another adds.
  void FindAdded() {
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      const Object& after = units_[unit].after;
      for (const Symbol& symbol : after.elf().symbols) {
        if (symbol.section != 0 && !symbol.IsLocal() && differences_[unit].of[symbol.section] == Change::kAdded) {
          added_.try_emplace(symbol.name, unit, symbol.section, symbol.value);
        }
      }
    }
  }

  Status ReplaceChanged(std::size_t unit) {
    const Object& after = units_[unit].after;
    for (std::uint32_t section = 1; section < after.elf().sections.size(); ++section) {
      if (differences_[unit].of[section] != Change::kChanged || RoomOf(after.section(section)) != Room::kText) {
        continue;
      }
      for (const std::uint32_t index : after.DefinedIn(section)) {
        const Symbol& symbol = after.symbol(index);
        if (symbol.IsFunction() && symbol.name.find(".cold") == symbol.name.npos) {
          TRY(Replace(unit, section, symbol));
        }
      }
    }
    return {};
  }

  Status Replace(std::size_t unit, std::uint32_t section, const Symbol& symbol) {
    const auto host = TRY(release_.Find(symbol, groups_[unit]));
    if (!host) {
      return Refuse(symbol.name, "livepatch.not_in_release");
    }
    if (std::ranges::any_of(linked_.replaced, [&](const Replaced& done) { return done.entry == host->value; })) {
      return {};  // another name of it, or another file's copy
    }
    const std::uint64_t mark = IsMarked(host->value) ? sizeof kBranchMark : 0;
    const std::uint64_t entry = host->value + mark;
    const std::string_view code = BytesAt(release_.elf(), entry - kPadBytes, kPadBytes + host->size - mark);
    const bool whole = host->size >= mark + kEntryBytes && code.size() >= kPadBytes + kEntryBytes;
    if (!whole || (!overwrite_ && !HasPad(reinterpret_cast<const std::uint8_t*>(code.data())))) {
      return Refuse(symbol.name, "livepatch.no_pad");
    }
    const Section& compiled =
        units_[unit].before.section(*units_[unit].before.Find(units_[unit].after.section(section).name));
    if (!release_.Holds(compiled, host->value - symbol.value)) {
      return Refuse(symbol.name, "livepatch.other_source");
    }
    const Piece piece = PieceOf(unit, section);
    image_.Replace(symbol.name, entry, code, piece, symbol.value);
    linked_.replaced.push_back({symbol.name, host->value, host->size, crypto::Hex(crypto::Sha256(code))});
    return {};
  }

  [[nodiscard]] bool IsMarked(std::uint64_t address) const {
    const auto bytes = BytesAt(release_.elf(), address, sizeof kBranchMark);
    return bytes.size() == sizeof kBranchMark && std::memcmp(bytes.data(), kBranchMark, sizeof kBranchMark) == 0;
  }

  Result<Piece> FindProbe(const std::string& name) {
    if (name.empty()) {
      return kNoPiece;
    }
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      const Object& after = units_[unit].after;
      for (const Symbol& symbol : after.elf().symbols) {
        if (symbol.name == name && symbol.section != 0 && symbol.IsFunction()) {
          probe_offset_ = static_cast<std::uint32_t>(symbol.value);
          return PieceOf(unit, symbol.section);
        }
      }
    }
    return Refuse(name, "livepatch.no_probe");
  }

  // --- what it needs

  // The copy of a section in the patch, made when it is first needed.
  Piece PieceOf(std::size_t unit, std::uint32_t section) {
    const auto [at, fresh] = pieces_.try_emplace({unit, section}, 0);
    if (fresh) {
      const Object& after = units_[unit].after;
      const Room room = IsBag(after, section) ? Room::kConstant : RoomOf(after.section(section));
      at->second = image_.Add(room, after.section(section));
      queue_.emplace_back(unit, section, at->second);
      if (room == Room::kText && differences_[unit].of[section] == Change::kAdded) {
        linked_.added.push_back(after.NameOf(section));
      }
    }
    return at->second;
  }

  // Pointers without a name, which are written once, when the patch is loaded.
  static bool IsBag(const Object& object, std::uint32_t section) {
    return object.section(section).name == ".data" && object.DefinedIn(section).empty();
  }

  Status Bind(std::size_t unit, std::uint32_t section, Piece piece) {
    const Object& after = units_[unit].after;
    for (const Reference& reference : after.section(section).references) {
      TRY(BindOne(unit, section, reference, piece, reference.offset));
    }
    return RoomOf(after.section(section)) == Room::kText ? AddFrames(unit, section) : Status();
  }

  Status BindOne(std::size_t unit, std::uint32_t from, const Reference& reference, Piece piece, std::uint64_t offset) {
    const Object& after = units_[unit].after;
    const std::string where = after.NameOf(from);
    if (reference.type == R_X86_64_TPOFF32 || reference.type == R_X86_64_GOTTPOFF) {
      return BindThreadLocal(unit, reference, piece, offset);
    }
    const Target target = TRY(Find(unit, from, reference));
    switch (reference.type) {
      case R_X86_64_NONE:
        return {};
      case R_X86_64_64:
        image_.Refer(piece, offset, PlanKind::kAbsolute64, target, reference.addend);
        return {};
      case R_X86_64_PC32:
        if (target.base == PlanBase::kImport) {
          return Refuse(where, "livepatch.far_data", {{"name", after.symbol(reference.symbol).name}});
        }
        [[fallthrough]];
      case R_X86_64_PLT32:
        image_.Refer(piece, offset, PlanKind::kRelative32, image_.Callable(target), reference.addend);
        return {};
      case R_X86_64_GOTPCREL:
      case R_X86_64_GOTPCRELX:
      case R_X86_64_REX_GOTPCRELX:
        image_.Refer(piece, offset, PlanKind::kRelative32, image_.Pointer(target), reference.addend);
        return {};
      default:
        return Refuse(where, "livepatch.reference", {{"type", std::to_string(reference.type)}});
    }
  }

  Status BindThreadLocal(std::size_t unit, const Reference& reference, Piece piece, std::uint64_t offset) {
    const Object& after = units_[unit].after;
    const Symbol& symbol = after.symbol(reference.symbol);
    std::int64_t within = 0;
    const auto host = TRY(HostOf(unit, symbol, &within));
    if (!host || host->type != STT_TLS) {
      return Refuse(symbol.name, "livepatch.thread_local");
    }
    const Target constant{PlanBase::kNothing, release_.ThreadOffset(*host) + within, 0, kNoPiece};
    if (reference.type == R_X86_64_TPOFF32) {
      image_.Refer(piece, offset, PlanKind::kConstant32, constant, reference.addend);
    } else {
      image_.Refer(piece, offset, PlanKind::kRelative32, image_.Pointer(constant), reference.addend);
    }
    return {};
  }

  // The release's definition of a symbol of the new object. `within`: what to add to its address so that it stands for
  // the symbol (sections stand for what they hold).
  Result<std::optional<Symbol>> HostOf(std::size_t unit, const Symbol& symbol, std::int64_t* within) {
    *within = 0;
    if (symbol.type != STT_SECTION) {
      return release_.Find(symbol, groups_[unit]);
    }
    const Object& after = units_[unit].after;
    for (const std::uint32_t defined : after.DefinedIn(symbol.section)) {
      if (auto host = TRY(release_.Find(after.symbol(defined), groups_[unit]))) {
        *within = -static_cast<std::int64_t>(after.symbol(defined).value);
        return host;
      }
    }
    return std::optional<Symbol>();
  }

  Result<Target> Find(std::size_t unit, std::uint32_t from, const Reference& reference) {
    const Object& after = units_[unit].after;
    const Symbol& symbol = after.symbol(reference.symbol);
    if (symbol.section != 0 && !MeansRelease(unit, from, reference)) {
      const auto offset = symbol.type == STT_SECTION ? 0 : static_cast<std::int64_t>(symbol.value);
      return Target{PlanBase::kImage, offset, 0, PieceOf(unit, symbol.section)};
    }
    std::int64_t within = 0;
    if (const auto host = TRY(HostOf(unit, symbol, &within))) {
      return Target{PlanBase::kProgram, static_cast<std::int64_t>(host->value) + within, 0, kNoPiece};
    }
    if (symbol.section == 0) {
      if (const auto added = added_.find(symbol.name); added != added_.end()) {
        const auto& [other, section, value] = added->second;
        return Target{PlanBase::kImage, static_cast<std::int64_t>(value), 0, PieceOf(other, section)};
      }
      return symbol.name.empty() ? Target{PlanBase::kNothing, 0, 0, kNoPiece}
                                 : Target{PlanBase::kImport, 0, image_.Import(symbol.name), kNoPiece};
    }
    if (RoomOf(after.section(symbol.section)) == Room::kVariable && !IsBag(after, symbol.section)) {
      return Refuse(after.NameOf(symbol.section), "livepatch.lost_variable");
    }
    // The release dropped it, or keeps it without a name.
    const auto offset = symbol.type == STT_SECTION ? 0 : static_cast<std::int64_t>(symbol.value);
    return Target{PlanBase::kImage, offset, 0, PieceOf(unit, symbol.section)};
  }

  // Does a reference to something of this file mean the thing as the release has it?
  [[nodiscard]] bool MeansRelease(std::size_t unit, std::uint32_t from, const Reference& reference) const {
    const Object& after = units_[unit].after;
    const auto place = *after.PlaceOf(reference);
    const Section& target = after.section(place.section);
    const Change change = differences_[unit].of[place.section];
    switch (RoomOf(target)) {
      case Room::kText:
        if (change == Change::kSame) {
          return true;
        }
        // A function's address is the same to everybody, and leads to the new one; a call may go there directly.
        return change == Change::kChanged && reference.type != R_X86_64_PLT32 && place.section != from &&
               IsEntry(after, place, reference);
      case Room::kVariable:
        return !IsBag(after, place.section) && units_[unit].before.Find(target.name).has_value();
      case Room::kConstant:
        return change == Change::kSame && !IsLiteral(target) && !after.DefinedIn(place.section).empty();
      case Room::kThread:
      case Room::kNone:
        break;
    }
    return true;
  }

  [[nodiscard]] static bool IsEntry(const Object& after, const Object::Place& place, const Reference& reference) {
    const bool named = after.symbol(reference.symbol).type != STT_SECTION;
    const std::int64_t beyond = named ? reference.addend + (IsRelative(reference.type) ? 4 : 0) : 0;
    return std::ranges::any_of(after.DefinedIn(place.section), [&](std::uint32_t defined) {
      return static_cast<std::int64_t>(after.symbol(defined).value) == place.offset + beyond;
    });
  }

  // --- unwinding

  // The unwind records of one function: its own, and the common one it refers to (.eh_frame, LSB 5.0 section 10.6).
  Status AddFrames(std::size_t unit, std::uint32_t text) {
    const Object& after = units_[unit].after;
    for (std::uint32_t index = 1; index < after.elf().sections.size(); ++index) {
      const Section& frames = after.section(index);
      if (frames.name != ".eh_frame") {
        continue;
      }
      for (const Reference& reference : frames.references) {
        const auto place = after.PlaceOf(reference);
        if (place && place->section == text) {
          TRY(AddFrame(unit, index, reference.offset - kFrameField));
        }
      }
    }
    return {};
  }

  Status AddFrame(std::size_t unit, std::uint32_t frames, std::uint64_t at) {
    const std::string_view bytes = units_[unit].after.section(frames).bytes;
    const auto record = RecordAt(bytes, at);
    if (record.size() < 2 * kFrameField) {
      return Refuse(units_[unit].after.NameOf(frames), "livepatch.bad_frames");
    }
    std::uint32_t back = 0;
    std::memcpy(&back, record.data() + 4, sizeof back);
    const std::uint64_t common_at = at + 4 - back;
    const auto common = back <= at + 4 ? RecordAt(bytes, common_at) : std::string_view();
    if (common.empty()) {
      return Refuse(units_[unit].after.NameOf(frames), "livepatch.bad_frames");
    }
    const auto [known, fresh] = common_frames_.try_emplace({unit, frames, common_at}, 0);
    if (fresh) {
      known->second = image_.AddFrame(common, std::nullopt);
      TRY(BindFrame(unit, frames, common_at, common.size(), known->second));
    }
    const std::uint64_t copy = image_.AddFrame(record, known->second);
    return BindFrame(unit, frames, at, record.size(), copy);
  }

  Status BindFrame(std::size_t unit, std::uint32_t frames, std::uint64_t at, std::uint64_t size, std::uint64_t copy) {
    for (const Reference& reference : units_[unit].after.section(frames).references) {
      if (reference.offset >= at && reference.offset < at + size) {
        // A record tells of the code it stands beside, never of the release's.
        if (reference.offset == at + kFrameField) {
          const auto place = *units_[unit].after.PlaceOf(reference);
          const Symbol& symbol = units_[unit].after.symbol(reference.symbol);
          const auto offset = symbol.type == STT_SECTION ? 0 : static_cast<std::int64_t>(symbol.value);
          const Target target{PlanBase::kImage, offset, 0, PieceOf(unit, place.section)};
          image_.Refer(image_.frames(), copy + kFrameField, PlanKind::kRelative32, target, reference.addend);
        } else {
          TRY(BindOne(unit, frames, reference, image_.frames(), copy + reference.offset - at));
        }
      }
    }
    return {};
  }

  static std::string_view RecordAt(std::string_view bytes, std::uint64_t at) {
    std::uint32_t length = 0;
    if (at > bytes.size() || bytes.size() - at < sizeof length) {
      return {};
    }
    std::memcpy(&length, bytes.data() + at, sizeof length);
    return length > bytes.size() - at - sizeof length ? std::string_view() : bytes.substr(at, length + sizeof length);
  }

  const Release& release_;
  const std::vector<Unit>& units_;
  bool overwrite_;
  std::vector<Difference> differences_;
  std::vector<std::uint32_t> groups_;
  std::map<std::string, std::tuple<std::size_t, std::uint32_t, std::uint64_t>> added_;
  std::map<std::pair<std::size_t, std::uint32_t>, Piece> pieces_;
  std::map<std::tuple<std::size_t, std::uint32_t, std::uint64_t>, std::uint64_t> common_frames_;
  std::vector<std::tuple<std::size_t, std::uint32_t, Piece>> queue_;
  std::uint32_t probe_offset_ = 0;
  Image image_;
  Linked linked_;
};

}  // namespace

Result<Linked> Link(const Release& release, const std::vector<Unit>& units, const LinkOptions& options) {
  return Linker(release, units, options.overwrite).Run(options);
}

}  // namespace propolis::livepatch
