#include "livepatch/engine/image.h"

#include <algorithm>
#include <cstring>

#include "livepatch/engine/link.h"

namespace propolis::livepatch {
namespace {

constexpr char kTrap = '\xcc';  // between functions

std::uint32_t WholePages(std::uint64_t size) {
  return static_cast<std::uint32_t>((size + kPageBytes - 1) / kPageBytes * kPageBytes);
}

template <class Record>
PlanTable Append(std::string& plan, const std::vector<Record>& records) {
  plan.resize((plan.size() + 7) / 8 * 8, '\0');
  const PlanTable table = {static_cast<std::uint32_t>(plan.size()), static_cast<std::uint32_t>(records.size())};
  if (!records.empty()) {
    plan.append(reinterpret_cast<const char*>(records.data()), records.size() * sizeof(Record));
  }
  return table;
}

PlanTable Append(std::string& plan, std::string_view bytes) {
  plan.resize((plan.size() + 7) / 8 * 8, '\0');
  const PlanTable table = {static_cast<std::uint32_t>(plan.size()), static_cast<std::uint32_t>(bytes.size())};
  plan += bytes;
  return table;
}

std::uint32_t AddString(std::string& strings, const std::string& text) {
  const auto at = static_cast<std::uint32_t>(strings.size());
  strings += text;
  strings += '\0';
  return at;
}

}  // namespace

Image::Image() : frames_(0) { pieces_.push_back({Room::kConstant, 8, "", 0}); }

std::size_t Image::Add(Room room, const Section& section) {
  std::string bytes(section.bytes);
  bytes.resize(section.size, '\0');
  pieces_.push_back({room, section.alignment, std::move(bytes), 0});
  return pieces_.size() - 1;
}

void Image::Refer(std::size_t piece, std::uint64_t offset, PlanKind kind, const Target& target, std::int64_t addend) {
  uses_.push_back({piece, offset, kind, target, addend});
}

std::uint32_t Image::Import(const std::string& name) {
  const auto found = std::ranges::find(imports_, name);
  if (found == imports_.end()) {
    imports_.push_back(name);
    return static_cast<std::uint32_t>(imports_.size() - 1);
  }
  return static_cast<std::uint32_t>(found - imports_.begin());
}

Target Image::Pointer(const Target& target) {
  const auto [at, fresh] = pointers_.try_emplace(KeyOf(target), Target{PlanBase::kImage, 0, 0, pieces_.size()});
  if (fresh) {
    pieces_.push_back({Room::kConstant, 8, std::string(8, '\0'), 0});
    const bool constant = target.base == PlanBase::kNothing;
    Refer(at->second.piece, 0, constant ? PlanKind::kConstant64 : PlanKind::kAbsolute64, target, 0);
  }
  return at->second;
}

Target Image::Callable(const Target& target) {
  if (target.base != PlanBase::kImport) {
    return target;
  }
  const Target pointer = Pointer(target);
  const auto [at, fresh] = thunks_.try_emplace(KeyOf(target), Target{PlanBase::kImage, 0, 0, pieces_.size()});
  if (fresh) {
    pieces_.push_back({Room::kText, 8, std::string("\xff\x25\0\0\0\0", 6), 0});  // jmp *pointer(%rip)
    Refer(at->second.piece, 2, PlanKind::kRelative32, pointer, -4);
  }
  return at->second;
}

std::uint64_t Image::AddFrame(std::string_view record, std::optional<std::uint64_t> common) {
  std::string& bytes = pieces_[frames_].bytes;
  const std::uint64_t at = bytes.size();
  bytes += record;
  if (common) {
    const auto back = static_cast<std::uint32_t>(at + 4 - *common);
    std::memcpy(bytes.data() + at + 4, &back, sizeof back);
  }
  return at;
}

void Image::Replace(std::string name, std::uint64_t entry, std::string_view code, std::size_t piece,
                    std::uint64_t offset) {
  functions_.push_back({std::move(name), entry, std::string(code), piece, offset});
}

std::uint32_t Image::LayOut(Room room, std::uint32_t at) {
  for (Piece& piece : pieces_) {
    if (piece.room == room) {
      at = static_cast<std::uint32_t>((at + piece.alignment - 1) / piece.alignment * piece.alignment);
      piece.at = at;
      at += static_cast<std::uint32_t>(piece.bytes.size());
    }
  }
  return WholePages(at);
}

std::vector<PlanRelocation> Image::Relocations() const {
  std::vector<PlanRelocation> relocations;
  for (const Use& use : uses_) {
    PlanRelocation relocation = {};
    relocation.where = pieces_[use.piece].at + static_cast<std::uint32_t>(use.offset);
    relocation.kind = use.kind;
    relocation.base = use.target.base;
    relocation.import = use.target.import;
    relocation.addend = use.target.offset + use.addend;
    if (use.target.base == PlanBase::kImage) {
      relocation.addend += pieces_[use.target.piece].at;
    }
    relocations.push_back(relocation);
  }
  return relocations;
}

bool Image::IsTooLarge() const {
  std::uint64_t total = 0;
  for (const Piece& piece : pieces_) {
    total += piece.bytes.size() + piece.alignment;
  }
  return total > kMaxPatchBytes / 4 || functions_.size() > kMaxFunctions;
}

// Gives every piece its place; answers the whole memory.
std::string Image::Render(PlanHeader& header) {
  header.text_size = LayOut(Room::kText, 0);
  header.read_only_size = LayOut(Room::kConstant, header.text_size) - header.text_size;
  const std::uint32_t variables = header.text_size + header.read_only_size;
  header.writable_size = LayOut(Room::kVariable, variables) - variables;
  std::string image(variables + header.writable_size, '\0');
  std::fill_n(image.begin(), header.text_size, kTrap);
  for (const Piece& piece : pieces_) {
    image.replace(piece.at, piece.bytes.size(), piece.bytes);
  }
  return image;
}

void Image::WriteTables(PlanHeader& header, std::string& plan) {
  std::string strings;
  std::string old_code;
  std::vector<PlanFunction> functions;
  std::ranges::sort(functions_, {}, &Function::entry);
  for (const Function& function : functions_) {
    functions.push_back({function.entry, static_cast<std::uint32_t>(function.code.size() - kPadBytes),
                         static_cast<std::uint32_t>(old_code.size()),
                         pieces_[function.piece].at + static_cast<std::uint32_t>(function.offset),
                         AddString(strings, function.name)});
    old_code += function.code;
  }
  std::vector<std::uint32_t> imports;
  for (const std::string& name : imports_) {
    imports.push_back(AddString(strings, name));
  }
  header.functions = Append(plan, functions);
  header.relocations = Append(plan, Relocations());
  header.imports = Append(plan, imports);
  header.strings = Append(plan, strings);
  header.old_code = Append(plan, old_code);
}

Result<std::string> Image::Write(std::string_view build_id, const LinkOptions& options, std::size_t probe,
                                 std::uint32_t probe_at) {
  if (!pieces_[frames_].bytes.empty()) {
    pieces_[frames_].bytes += std::string(4, '\0');  // the end of the table
  }
  if (IsTooLarge()) {
    return Fail(Code::kTooLarge, "livepatch.too_large");
  }
  PlanHeader header = {};
  std::memcpy(header.magic, kPlanMagic, sizeof header.magic);
  header.level = options.level;
  header.expires = options.expires;
  header.build_id_size = static_cast<std::uint32_t>(std::min(build_id.size(), sizeof header.build_id));
  std::memcpy(header.build_id, build_id.data(), header.build_id_size);
  std::string plan(sizeof header, '\0');
  const std::string image = Render(header);
  header.image = Append(plan, image);
  WriteTables(header, plan);
  header.frames = {pieces_[frames_].at, static_cast<std::uint32_t>(pieces_[frames_].bytes.size())};
  header.probe = probe == kNoPiece ? kNone : pieces_[probe].at + probe_at;
  header.size = static_cast<std::uint32_t>(plan.size());
  std::memcpy(plan.data(), &header, sizeof header);
  return plan;
}

}  // namespace propolis::livepatch
