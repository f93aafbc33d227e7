// Backup and verification of a SQLite desk.
#pragma once

#include <string>
#include <vector>

#include "store/sqlite/connection.h"
#include "store/store.h"

namespace propolis::store::sqlite {

struct BackupSource {
  std::string folder;
  ConnectionOptions database;
  std::int64_t schema = 0;
  Time now;
};

// A consistent copy of the database as of the call, then the blobs (which are stored before rows refer to them, so none
// is missing), then the manifest; the copy's structure is checked. What was begun is removed when it fails.
Status BackupFolder(const BackupSource& source, const std::string& path, const Progress& progress);

// Structure, references, then the invariants.
Result<std::vector<std::string>> VerifyDatabase(Connection& connection, const std::vector<Invariant>& invariants,
                                                const Progress& progress);

}  // namespace propolis::store::sqlite
