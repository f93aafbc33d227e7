#include "store/sqlite/engine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "base/crypto.h"
#include "base/log.h"
#include "store/archive.h"
#include "store/sqlite/backup.h"
#include "store/sqlite/migrator.h"
#include "store/sqlite/transaction.h"

namespace propolis::store::sqlite {
namespace {

std::unexpected<Error> Unavailable(std::string why) {
  return Fail(Code::kUnavailable, "store.failed", {{"why", std::move(why)}});
}

int ReaderCount(int asked) {
  return asked > 0 ? asked : std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 4, 8);
}

ConnectionOptions ReadOnly(ConnectionOptions options) {
  options.access = Access::kReadOnly;
  options.max_pages = 0;
  return options;
}

std::function<void(Micros)> SlowWriteReport(const OpenOptions& options) {
  if (options.on_slow_write) {
    return options.on_slow_write;
  }
  return [](Micros held) { log::Warning("store.slow_write", {{"held_ms", held.count() / 1000}}); };
}

// The folder's lock of a server, or nothing for those who only visit.
Result<files::Descriptor> LockFolder(const std::string& folder, bool exclusive) {
  if (!exclusive) {
    return files::Descriptor();
  }
  const std::string path = folder + "/lock";
  files::Descriptor lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.IsOpen()) {
    return files::IoFailure(path);
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return Fail(Code::kConflict, "store.folder_in_use", {{"folder", folder}});
    }
    return files::IoFailure(path);
  }
  return lock;
}

// Creates what is missing and brings the schema forward; one process at a time by a lock on the folder itself.
Result<std::int64_t> Prepare(const OpenOptions& options, const ConnectionOptions& connection) {
  const files::Descriptor turn(open(options.location.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!turn.IsOpen() || flock(turn.get(), LOCK_EX) != 0) {
    return files::IoFailure(options.location);
  }
  TRY(files::MakeFolder(options.location + "/blobs"));
  if (!std::filesystem::exists(connection.file)) {
    TRY(files::Create(connection.file));  // by hand for its mode: the log and the index inherit it
    TRY(files::SyncFolder(options.location));
  }
  std::vector<Migration> migrations(EmbeddedMigrations().begin(), EmbeddedMigrations().end());
  if (options.migrations) {
    migrations.resize(1);
    migrations.insert(migrations.end(), options.migrations->begin(), options.migrations->end());
  }
  Connection writable(connection);
  TRY(Migrate(writable, migrations, *options.clock));
  return migrations.back().number;
}

}  // namespace

Result<std::unique_ptr<Store>> OpenFolder(const OpenOptions& asked) {
  OpenOptions options = asked;
  if (!options.clock) {
    options.clock = std::make_shared<SystemClock>();
  }
  crypto::Start();
  TRY(files::MakeFolder(options.location));
  files::Descriptor lock = TRY(LockFolder(options.location, options.exclusive));
  const ConnectionOptions connection{.file = options.location + "/desk.sqlite",
                                     .access = Access::kReadWrite,
                                     .durability = options.durability,
                                     .max_pages = options.max_pages};
  try {
    const std::int64_t schema = TRY(Prepare(options, connection));
    return std::make_unique<Engine>(options, connection, schema, std::move(lock));
  } catch (const EngineFailure& failure) {
    return Unavailable(failure.what());
  }
}

// Marks the thread as being inside one of this store's closures. A closure that asks the store again would wait for
// itself.
class Engine::Inside {
 public:
  explicit Inside(const Engine* engine) : before_(current_) {
    if (current_ == engine) {
      throw std::logic_error("a closure may not call Read or Write of its own store");
    }
    current_ = engine;
  }
  ~Inside() { current_ = before_; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  static bool Is(const Engine* engine) { return current_ == engine; }

 private:
  static thread_local const Engine* current_;
  const Engine* before_;
};
thread_local const Engine* Engine::Inside::current_ = nullptr;

Engine::Engine(const OpenOptions& options, ConnectionOptions connection, std::int64_t schema, files::Descriptor lock)
    : folder_(options.location),
      connection_(std::move(connection)),
      schema_(schema),
      invariants_(options.invariants),
      clock_(options.clock),
      lock_(std::move(lock)),
      notifier_(ReadOnly(connection_)),
      readers_(ReadOnly(connection_), ReaderCount(options.readers)),
      writer_({.connection = connection_,
               .clock = options.clock,
               .queue = static_cast<std::size_t>(std::max(1, options.write_queue)),
               .on_slow = SlowWriteReport(options),
               .committed = [this](std::int64_t last_event) { notifier_.Committed(last_event); }}),
      checkpointer_(connection_, [this] { return writer_.commits(); }) {}

Store::Subscription Engine::OnCommit(std::function<void(std::int64_t last_event)> listener) {
  return notifier_.Add(std::move(listener));
}

Status Engine::RunRead(const std::function<Status(ReadTx&)>& fn) {
  const Inside inside(this);
  try {
    const ReaderPool::Lease reader = readers_.Take();
    const Snapshot snapshot(*reader);
    SqliteReadTx tx(*reader);
    return fn(tx);
  } catch (const EngineFailure& failure) {
    return Unavailable(failure.what());
  }
}

Status Engine::RunWrite(const std::function<Status(WriteTx&)>& fn, Turn turn) {
  if (Inside::Is(this)) {
    throw std::logic_error("a closure may not call Write of its own store");
  }
  return writer_.Run(
      [&](WriteTx& tx) {
        const Inside inside(this);
        return fn(tx);
      },
      turn);
}

Health Engine::GetHealth() {
  Health health;
  health.engine = "sqlite";
  health.schema = schema_;
  for (const char* suffix : {"", "-wal"}) {
    struct stat about = {};
    if (stat((connection_.file + suffix).c_str(), &about) == 0) {
      health.size_bytes += about.st_size;
    }
  }
  health.queued_writes = writer_.queued();
  health.writable = writer_.writable();
  return health;
}

Status Engine::Backup(const std::string& path, const Progress& progress) {
  try {
    return BackupFolder({.folder = folder_, .database = ReadOnly(connection_), .schema = schema_, .now = clock_->Now()},
                        path, progress);
  } catch (const EngineFailure& failure) {
    return Unavailable(failure.what());
  }
}

Result<std::vector<std::string>> Engine::Verify(const Progress& progress) {
  try {
    Connection connection(ReadOnly(connection_));
    return VerifyDatabase(connection, invariants_, progress);
  } catch (const EngineFailure& failure) {
    return Unavailable(failure.what());
  }
}

}  // namespace propolis::store::sqlite
