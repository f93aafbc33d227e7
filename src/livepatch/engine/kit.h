// The kit of a release: what is needed to make a patch for it later. Kept by build-id, beside the release.
#pragma once

#include <string>

#include "base/dto.h"
#include "livepatch/engine/link.h"
#include "livepatch/engine/patch.h"

namespace propolis::livepatch {

struct Kit {
  std::string build_id;  // hexadecimal
  std::string source;    // the folder that it was compiled from
  std::string build;     // the folder that it was compiled in
  Time created{};
  std::int64_t functions = 0;  // that can be replaced
  static const dto::Type& Dto();
};

// Writes <folder>/{program,kit.json,commands.json,dependencies}. `program` has its symbols; `build`, where
// compile_commands.json is, may be "" for a kit that patches are made for from object files only. `overwrite`: the
// program may be without room for jumps.
Result<Kit> MakeKit(const std::string& program, const std::string& source, const std::string& build,
                    const std::string& folder, Time now, bool overwrite);
Result<Kit> OpenKit(const std::string& folder);

struct BuildRequest {
  std::string kit;
  // Either two source trees, or pairs of object files compiled with -ffunction-sections -fdata-sections -g.
  std::string old_source;
  std::string new_source;
  std::vector<std::string> old_objects;
  std::vector<std::string> new_objects;
  std::string scratch;  // an empty folder
  std::string id;
  std::string title;
  std::vector<std::string> cves;
  std::vector<std::string> supersedes;
  std::int64_t level = 1;
  std::optional<Time> expires;
  std::string probe;
  bool overwrite = false;  // see LinkOptions
};

// A patch without signatures.
Result<PatchParts> BuildPatch(const BuildRequest& request, Time now);

}  // namespace propolis::livepatch
