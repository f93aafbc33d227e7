// A backup as a folder of files with a manifest: MANIFEST.json lists every file with its size and SHA-256. It is
// written last, so a folder without it is no backup.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace propolis::store {

struct ArchivedFile {
  std::string path;  // relative: "desk.sqlite" or "blobs/..."
  std::int64_t size = 0;
  std::string sha256;
};

struct Manifest {
  std::string engine;
  std::int64_t schema = 0;
  std::int64_t last_event = 0;
  Time made_at;
  std::vector<ArchivedFile> files;
};

// Adds all files below `from` (but those in a folder "tmp") to the archive `to` under `prefix`: hard links where the
// file system can, copies elsewhere. The files are immutable. `pieces` is told of the bytes.
Status ArchiveFolder(const std::string& from, const std::string& to, const std::string& prefix,
                     const std::function<bool(std::int64_t bytes)>& pieces, Manifest& manifest);
Status WriteManifest(const Manifest& manifest, const std::string& folder);
// Code::kInvalid "store.manifest_missing", "store.manifest_broken".
Result<Manifest> ReadManifest(const std::string& folder);
// Sum of the sizes of all files below a folder.
std::int64_t FolderSize(const std::string& folder);

}  // namespace propolis::store
