// Where the public test corpora lie on this machine. They are not part of the repository.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

namespace propolis {

// The folder of one topic: below $PROPOLIS_CORPORA, else beside the source tree. nullopt when it is not there: a test
// then skips and says so.
inline std::optional<std::filesystem::path> Corpora(std::string_view topic) {
  if (const char* root = std::getenv("PROPOLIS_CORPORA"); root != nullptr && *root != '\0') {
    const auto folder = std::filesystem::path(root) / topic;
    return std::filesystem::is_directory(folder) ? std::optional(folder) : std::nullopt;
  }
#ifdef PROPOLIS_SOURCE_DIR
  for (const std::string_view above : {"..", "../.."}) {
    auto folder = std::filesystem::path(PROPOLIS_SOURCE_DIR) / above / "shared/corpora" / topic;
    if (std::filesystem::is_directory(folder)) {
      return folder;
    }
  }
#endif
  return std::nullopt;
}

}  // namespace propolis
