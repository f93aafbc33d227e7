#include "store/sqlite/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "store/archive.h"
#include "store/files.h"
#include "store/sqlite/transaction.h"

namespace propolis::store::sqlite {
namespace {

constexpr int kPagesPerStep = 2048;
constexpr std::int64_t kPageSize = 4096;

std::unexpected<Error> Cancelled() { return Fail(Code::kTimeout, "store.cancelled"); }

// Bytes done of all bytes, for the caller's Progress.
struct Meter {
  const Progress& progress;
  std::int64_t total = 0;
  std::int64_t done = 0;
  [[nodiscard]] bool Add(std::int64_t bytes) {
    done += bytes;
    return !progress || progress(std::min(done, total), total);
  }
};

// SQLite's online backup. The source's transaction is held open around all steps: otherwise every commit of the desk
// would start the copy again.
Status CopyDatabase(Connection& source, const std::string& target_path, Meter& meter) {
  TRY(files::Create(target_path));
  sqlite3* target = nullptr;
  int code = sqlite3_open_v2(target_path.c_str(), &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)> closer(target, &sqlite3_close_v2);
  sqlite3_backup* backup = code == SQLITE_OK ? sqlite3_backup_init(target, "main", source.handle(), "main") : nullptr;
  if (backup == nullptr) {
    throw EngineFailure(fmt::format("{}: {}", target_path, sqlite3_errmsg(target)));
  }
  bool cancelled = false;
  do {
    code = sqlite3_backup_step(backup, kPagesPerStep);
    meter.done = std::int64_t{sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup)} * kPageSize;
    cancelled = !meter.Add(0);
  } while (code == SQLITE_OK && !cancelled);
  const int finished = sqlite3_backup_finish(backup);
  if (cancelled && code == SQLITE_OK) {
    return Cancelled();
  }
  if (finished != SQLITE_OK || code != SQLITE_DONE) {
    throw EngineFailure(fmt::format("{}: {}", target_path, sqlite3_errmsg(target)));
  }
  // One plain file, readable from a medium that cannot be written.
  if (sqlite3_exec(target, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw EngineFailure(fmt::format("{}: {}", target_path, sqlite3_errmsg(target)));
  }
  return {};
}

// The copy is opened as what it is now: a file of its own.
Status CheckCopy(const std::string& path) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)> closer(database, &sqlite3_close_v2);
  std::string answer;
  if (code == SQLITE_OK) {
    sqlite3_exec(
        database, "PRAGMA quick_check(1)",
        [](void* into, int, char** values, char**) {
          *static_cast<std::string*>(into) = values[0] == nullptr ? "" : values[0];
          return 0;
        },
        &answer, nullptr);
  }
  if (answer != "ok") {
    throw EngineFailure(fmt::format("the copy is not sound: {}: {}", path, answer));
  }
  return {};
}

Status MakeBackup(const BackupSource& source, const std::string& path, const Progress& progress) {
  Connection connection(source.database);
  const Snapshot snapshot(connection);
  Manifest manifest;
  manifest.engine = "sqlite";
  manifest.schema = source.schema;
  manifest.made_at = source.now;
  manifest.last_event = connection.Number("SELECT max(seq) FROM event");  // the first read fixes the snapshot
  const std::int64_t database_size = connection.Number("PRAGMA page_count") * kPageSize;
  Meter meter{progress, database_size + FolderSize(source.folder + "/blobs")};
  const std::string target = path + "/desk.sqlite";
  TRY(CopyDatabase(connection, target, meter));
  TRY(CheckCopy(target));
  files::Digested digested = TRY(files::Digest(target));
  {
    const files::Descriptor file = TRY(files::OpenToRead(target));
    TRY(files::Sync(file, target));
  }
  manifest.files.push_back({"desk.sqlite", digested.size, std::move(digested.sha256)});
  meter.done = database_size;
  TRY(ArchiveFolder(
      source.folder + "/blobs", path, "blobs", [&](std::int64_t bytes) { return meter.Add(bytes); }, manifest));
  return WriteManifest(manifest, path);
}

struct Cancel {
  const Progress& progress;
  std::int64_t done = 0;
  std::int64_t total = 0;
  bool asked = false;
};

int AskProgress(void* context) {
  auto* cancel = static_cast<Cancel*>(context);
  cancel->asked = cancel->asked || (cancel->progress && !cancel->progress(cancel->done, cancel->total));
  return cancel->asked ? 1 : 0;
}

}  // namespace

Status BackupFolder(const BackupSource& source, const std::string& path, const Progress& progress) {
  if (mkdir(path.c_str(), 0700) != 0) {
    if (errno == EEXIST) {
      return Fail(Code::kConflict, "store.backup_exists", {{"path", path}});
    }
    return files::IoFailure(path);
  }
  const auto remove = [&] {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  };
  try {
    Status status = MakeBackup(source, path, progress);
    if (!status) {
      remove();
    }
    return status;
  } catch (...) {
    remove();
    throw;
  }
}

Result<std::vector<std::string>> VerifyDatabase(Connection& connection, const std::vector<Invariant>& invariants,
                                                const Progress& progress) {
  std::vector<std::string> findings;
  Cancel cancel{progress, 0, static_cast<std::int64_t>(2 + invariants.size()), false};
  sqlite3_progress_handler(connection.handle(), 1'000'000, &AskProgress, &cancel);
  const Snapshot snapshot(connection);
  const auto step = [&](const std::function<void()>& check) {
    if (AskProgress(&cancel) == 0) {
      check();
      ++cancel.done;
    }
  };
  try {
    step([&] {
      connection.Run("PRAGMA integrity_check(100)", {}, [&](const Row& row) {
        if (row.Text(0) != "ok") {
          findings.push_back(row.String(0));
        }
        return true;
      });
    });
    step([&] {
      connection.Run("PRAGMA foreign_key_check", {}, [&](const Row& row) {
        findings.push_back(fmt::format("{} row {} refers to nothing in {}", row.Text(0), row.Int(1), row.Text(2)));
        return findings.size() < 200;
      });
    });
    SqliteReadTx tx(connection);
    for (const Invariant& invariant : invariants) {
      step([&] { invariant(tx, findings); });
    }
  } catch (const EngineFailure& failure) {
    if (!cancel.asked) {
      findings.push_back(failure.what());
    }
  }
  sqlite3_progress_handler(connection.handle(), 0, nullptr, nullptr);
  if (cancel.asked) {
    return Cancelled();
  }
  if (progress) {
    progress(cancel.total, cancel.total);
  }
  return findings;
}

}  // namespace propolis::store::sqlite
