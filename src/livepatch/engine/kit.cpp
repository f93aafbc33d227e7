#include "livepatch/engine/kit.h"

#include <cxxabi.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/crypto.h"
#include "livepatch/engine/compile.h"
#include "livepatch/engine/debug_info.h"
#include "livepatch/runtime/plan.h"

namespace propolis::livepatch {
namespace {

namespace fs = std::filesystem;

Status WriteFileWhole(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? Status() : Fail(Code::kInternal, "cli.bad_file", {{"file", path}, {"why", "it cannot be written"}});
}

std::string Readable(const std::string& name) {
  int status = 0;
  char* readable = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  std::string text = status == 0 && readable != nullptr ? readable : name;
  std::free(readable);
  return text;
}

std::int64_t CountPads(const ElfFile& program) {
  std::set<std::uint64_t> entries;
  const std::string pad(kPadBytes, '\x90');
  for (const Symbol& symbol : program.symbols) {
    if (symbol.IsFunction() && symbol.section != 0 && BytesAt(program, symbol.value - kPadBytes, kPadBytes) == pad) {
      entries.insert(symbol.value);
    }
  }
  return static_cast<std::int64_t>(entries.size());
}

// --- refusals that only debugging information shows

Result<std::vector<FieldError>> LayoutChanges(const std::string& before, const std::string& after) {
  const auto old_layouts = TRY(ClassLayouts(before));
  const auto new_layouts = TRY(ClassLayouts(after));
  std::vector<FieldError> refusals;
  for (const auto& [name, layout] : new_layouts) {
    const auto old = old_layouts.find(name);
    if (old != old_layouts.end() && old->second != layout) {
      refusals.push_back({name, "livepatch.layout", {}});
    }
  }
  return refusals;
}

// "ns::Class::Name<int>(long)" -> "Name".
std::string PlainName(const std::string& name) {
  constexpr std::string_view kUnnamed = "(anonymous namespace)::";
  std::string text = Readable(name);
  for (auto at = text.find(kUnnamed); at != text.npos; at = text.find(kUnnamed)) {
    text.erase(at, kUnnamed.size());
  }
  text = text.substr(0, std::min(text.find('('), text.find('<')));
  const auto scope = text.rfind("::");
  return scope == text.npos ? text : text.substr(scope + 2);
}

// Copies in files that were not given: what was given has been compared, copies included.
Result<std::vector<FieldError>> CopiesLeftOut(const std::string& program, const Release& release,
                                              const std::vector<Unit>& units, const Linked& linked) {
  std::set<std::string> names;
  std::set<std::uint64_t> entries;
  for (const Replaced& replaced : linked.replaced) {
    names.insert(replaced.name);
    names.insert(PlainName(replaced.name));
    entries.insert(replaced.entry);
  }
  std::set<std::string> looked_at;
  for (const Unit& unit : units) {
    for (const Symbol& symbol : unit.before.elf().symbols) {
      if (symbol.IsFunction() && symbol.section != 0) {
        looked_at.insert(symbol.name);
      }
    }
  }
  std::map<std::uint64_t, std::string> at;
  for (const Symbol& symbol : release.elf().symbols) {
    if (symbol.IsFunction() && symbol.section != 0) {
      at.emplace(symbol.value, symbol.name);
    }
  }
  std::vector<FieldError> refusals;
  const auto copies = TRY(InlinedCopies(program, names));
  for (const InlinedCopy& copy : copies) {
    const std::string into = at.contains(copy.entry) ? at[copy.entry] : "?";
    if (!entries.contains(copy.entry) && !looked_at.contains(into)) {
      refusals.push_back({Readable(copy.name), "livepatch.inlined", {{"into", Readable(into)}}});
    }
  }
  return refusals;
}

Status RefuseIfAny(std::vector<FieldError> refusals) {
  for (FieldError& refusal : refusals) {
    refusal.field = Readable(refusal.field);
  }
  return refusals.empty() ? Status()
                          : std::unexpected(Error{Code::kConflict, "livepatch.refused", {}, std::move(refusals)});
}

Result<std::vector<std::pair<std::string, std::string>>> ObjectsOf(const BuildRequest& request, const Kit& kit) {
  if (!request.old_source.empty()) {
    return CompileBoth(kit, request.kit, request);
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t i = 0; i < request.old_objects.size(); ++i) {
    pairs.emplace_back(request.old_objects[i], request.new_objects[i]);
  }
  return pairs;
}

Manifest Describe(const BuildRequest& request, const Kit& kit, Linked linked, Time now) {
  Manifest manifest;
  manifest.id = request.id;
  manifest.title = request.title;
  manifest.level = request.level;
  manifest.supersedes = request.supersedes;
  manifest.cves = request.cves;
  manifest.build_id = kit.build_id;
  manifest.expires = request.expires;
  manifest.created = now;
  manifest.plan_digest = crypto::Hex(crypto::Sha256(linked.plan));
  for (const Replaced& replaced : linked.replaced) {
    manifest.functions.push_back(
        {replaced.name, Readable(replaced.name), static_cast<std::int64_t>(replaced.size), replaced.digest});
  }
  manifest.added = std::move(linked.added);
  manifest.imports = std::move(linked.imported);
  manifest.probe = request.probe;
  return manifest;
}

}  // namespace

const dto::Type& Kit::Dto() {
  static const dto::Type type = dto::Object<Kit>("Kit", "What patches for a release are made from.")
                                    .Required("build_id", &Kit::build_id, "The release.", dto::Text(2, 64))
                                    .Required("source", &Kit::source, "Where its sources were.", dto::Text(0, 4096))
                                    .Required("build", &Kit::build, "Where it was built.", dto::Text(0, 4096))
                                    .Required("created", &Kit::created, "When.")
                                    .Required("functions", &Kit::functions, "How many functions can be replaced.")
                                    .Done();
  return type;
}

Result<Kit> MakeKit(const std::string& program, const std::string& source, const std::string& build,
                    const std::string& folder, Time now, bool overwrite) {
  const auto bytes = TRY(ReadFileWhole(program));
  const ElfFile elf = TRY(ReadElf(bytes));
  Kit kit{text::HexEncode(elf.build_id), source, build, now, CountPads(elf)};
  if (elf.build_id.empty() || elf.symbols.empty() || (kit.functions == 0 && !overwrite)) {
    return Fail(Code::kInvalid, "livepatch.not_patchable", {{"file", program}});
  }
  std::error_code failed;
  fs::create_directories(folder, failed);
  TRY(WriteFileWhole(folder + "/program", *bytes));
  if (!build.empty()) {
    const auto commands = TRY(ReadFileWhole(build + "/compile_commands.json"));
    TRY(WriteFileWhole(folder + "/commands.json", *commands));
    TRY(KeepDependencies(build, folder));
  }
  TRY(WriteFileWhole(folder + "/kit.json", dto::ToJson(kit)));
  return kit;
}

Result<Kit> OpenKit(const std::string& folder) {
  const auto text = TRY(ReadFileWhole(folder + "/kit.json"));
  return dto::Parse<Kit>(*text);
}

Result<PatchParts> BuildPatch(const BuildRequest& request, Time now) {
  const Kit kit = TRY(OpenKit(request.kit));
  const std::string program = request.kit + "/program";
  const Release release(TRY(OpenElf(program)));
  if (text::HexEncode(release.elf().build_id) != kit.build_id) {
    return Fail(Code::kInvalid, "livepatch.damaged_kit");
  }
  std::vector<Unit> units;
  std::vector<FieldError> refusals;
  const auto objects = TRY(ObjectsOf(request, kit));
  for (const auto& [before, after] : objects) {
    auto old_elf = TRY(OpenElf(before));
    auto new_elf = TRY(OpenElf(after));
    Object old_object(std::move(old_elf));
    if (!request.old_source.empty() && !release.Contains(old_object)) {
      continue;  // of another program from the same sources
    }
    units.push_back({std::move(old_object), Object(std::move(new_elf))});
    auto more = TRY(LayoutChanges(before, after));
    refusals.insert(refusals.end(), more.begin(), more.end());
  }
  TRY(RefuseIfAny(std::move(refusals)));
  const std::int64_t expires =
      request.expires ? std::chrono::floor<Seconds>(*request.expires).time_since_epoch().count() : 0;
  auto linked =
      Link(release, units, {static_cast<std::uint32_t>(request.level), expires, request.probe, request.overwrite});
  if (!linked) {
    return linked.error().fields.empty() ? std::unexpected(linked.error())
                                         : std::unexpected(RefuseIfAny(linked.error().fields).error());
  }
  auto left_out = TRY(CopiesLeftOut(program, release, units, *linked));
  TRY(RefuseIfAny(std::move(left_out)));
  PatchParts parts;
  parts.plan = linked->plan;
  parts.manifest = dto::ToJson(Describe(request, kit, std::move(*linked), now));
  TRY(Examine(parts));
  return parts;
}

}  // namespace propolis::livepatch
