// What only the SQLite engine promises: its files, its locks, and what happens when the disk says no.
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "store/events.h"
#include "store/sqlite/connect_hook.h"
#include "store/test_support.h"

namespace propolis::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSchema = "CREATE TABLE item (id INTEGER PRIMARY KEY, data BLOB NOT NULL)";

class SqliteFaults : public testing::Test {
 protected:
  OpenOptions Options() const {
    OpenOptions options;
    options.location = folder_.path + "/desk";
    options.durability = Durability::kNone;
    options.migrations = {{1, "items", kSchema}};
    options.on_slow_write = [](Micros) {};
    return options;
  }
  static std::unique_ptr<Store> Must(Result<std::unique_ptr<Store>> opened) {
    EXPECT_TRUE(opened) << Describe(opened.error());
    return std::move(*opened);
  }
  static Status Put(Store& store, const std::string& data) {
    return store.Write([&](WriteTx& tx) -> Status {
      tx.Exec("INSERT INTO item (data) VALUES ($1)", Blob{data});
      return {};
    });
  }
  static std::int64_t Count(Store& store) {
    return store
        .Read([](ReadTx& tx) -> Result<std::int64_t> {
          return tx.One("SELECT count(*) FROM item", [](const Row& row) { return row.Int(0); }).value_or(-1);
        })
        .value_or(-1);
  }
  [[nodiscard]] unsigned ModeOf(const std::string& name) const {
    struct stat about = {};
    return stat((folder_.path + "/desk" + name).c_str(), &about) == 0 ? about.st_mode & 0777U : 0U;
  }

  TestFolder folder_;
};

TEST_F(SqliteFaults, FilesAreForTheOwnerOnly) {
  const auto store = Must(Open(Options()));
  ASSERT_TRUE(Put(*store, "x"));
  EXPECT_EQ(ModeOf(""), 0700U);
  EXPECT_EQ(ModeOf("/blobs"), 0700U);
  EXPECT_EQ(ModeOf("/desk.sqlite"), 0600U);
  EXPECT_EQ(ModeOf("/desk.sqlite-wal"), 0600U);
  EXPECT_EQ(ModeOf("/desk.sqlite-shm"), 0600U);
}

TEST_F(SqliteFaults, TwoServersCannotShareAFolderButVisitorsCan) {
  auto server_options = Options();
  server_options.exclusive = true;
  auto server = Must(Open(server_options));
  const auto second = Open(server_options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "store.folder_in_use");

  std::mutex mutex;
  std::condition_variable changed;
  std::int64_t heard = 0;
  const auto subscription = server->OnCommit([&](std::int64_t last) {
    const std::scoped_lock lock(mutex);
    heard = last;
    changed.notify_all();
  });
  {
    const auto visitor = Must(Open(Options()));
    ASSERT_TRUE(visitor->Write([](WriteTx& tx) -> Status {
      tx.Exec("INSERT INTO item (data) VALUES (x'00')");
      tx.Emit({.kind = "user.added", .organisation = std::nullopt, .ticket = 0, .payload = "{}"});
      return {};
    }));
  }
  EXPECT_EQ(Count(*server), 1);
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return heard == 1; }));
  }
  server.reset();
  EXPECT_TRUE(Open(server_options));
}

TEST_F(SqliteFaults, ManyOpenTheSameNewFolderAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const auto store = Open(Options());
      good += store && Put(**store, "x") ? 1 : 0;
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(good, 6);
  EXPECT_EQ(Count(*Must(Open(Options()))), 6);
}

TEST_F(SqliteFaults, WhatIsNoDatabaseIsRefused) {
  fs::create_directory(folder_.path + "/desk");
  std::ofstream(folder_.path + "/desk/desk.sqlite") << std::string(8192, 'x');
  const auto refused = Open(Options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  auto nowhere = Options();
  nowhere.location = "/proc/nowhere/desk";
  EXPECT_EQ(Open(nowhere).error().message, "store.io");
  nowhere.location = "postgres://host/desk";
  EXPECT_EQ(Open(nowhere).error().code, Code::kUnsupported);
}

TEST_F(SqliteFaults, AFullDatabaseRefusesWritesKeepsReadingAndRecovers) {
  auto options = Options();
  options.max_pages = 200;
  auto store = Must(Open(options));
  const std::string piece(20'000, 'x');
  std::int64_t kept = 0;
  Status status = Put(*store, piece);
  while (status && kept < 1000) {
    ++kept;
    status = Put(*store, piece);
  }
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kUnavailable);
  EXPECT_GT(kept, 10);
  EXPECT_EQ(Count(*store), kept);
  ASSERT_TRUE(store->Write([](WriteTx& tx) -> Status {
    tx.Exec("DELETE FROM item WHERE id IN (SELECT id FROM item LIMIT 5)");
    return {};
  }));
  EXPECT_TRUE(store->GetHealth().writable);
  EXPECT_TRUE(Put(*store, piece));
  EXPECT_EQ(Count(*store), kept - 4);
  EXPECT_TRUE(store->Verify(nullptr)->empty());
}

// The one that does not fit fails alone, though it was committed together with nineteen others and SQLite undoes the
// whole transaction when the disk is full.
TEST_F(SqliteFaults, OneTooManyDoesNotUndoItsNeighbours) {
  auto options = Options();
  options.max_pages = 300;
  const auto store = Must(Open(options));
  std::mutex mutex;
  std::condition_variable changed;
  bool running = false;
  bool release = false;
  std::thread plug([&] {
    ASSERT_TRUE(store->Write([&](WriteTx&) -> Status {
      std::unique_lock lock(mutex);
      running = true;
      changed.notify_all();
      changed.wait(lock, [&] { return release; });
      return {};
    }));
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return running; });
  }
  std::vector<std::thread> threads;
  std::atomic<int> refused = 0;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&, i] {
      const std::string data(i == 10 ? 5'000'000 : 100, 'x');
      const Status status = Put(*store, data);
      EXPECT_EQ(status.has_value(), i != 10);
      refused += status ? 0 : 1;
    });
  }
  while (store->GetHealth().queued_writes < 20) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  {
    const std::scoped_lock lock(mutex);
    release = true;
    changed.notify_all();
  }
  plug.join();
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(Count(*store), 19);
}

// The file system itself refuses, at whatever moment: nothing that was answered is lost, nothing refused is kept.
TEST_F(SqliteFaults, AFailingFileSystemIsAnErrorNotALoss) {
  std::signal(SIGXFSZ, SIG_IGN);
  auto store = Must(Open(Options()));
  struct rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  std::int64_t kept = 0;
  int failed = 0;
  for (rlim_t limit = 64 * 1024; limit <= 512 * 1024; limit += 50'001) {
    struct rlimit small = before;
    small.rlim_cur = limit;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    Status status;
    for (int i = 0; i < 40 && status; ++i) {
      status = Put(*store, std::string(15'000, 'x'));
      kept += status ? 1 : 0;
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    if (!status) {
      EXPECT_EQ(status.error().code, Code::kUnavailable);
      EXPECT_FALSE(store->GetHealth().writable);
      ++failed;
    }
    EXPECT_EQ(Count(*store), kept);
  }
  EXPECT_GT(failed, 3);
  EXPECT_TRUE(Put(*store, "works again"));
  EXPECT_TRUE(store->GetHealth().writable);
  store.reset();
  store = Must(Open(Options()));
  EXPECT_EQ(Count(*store), kept + 1);
  EXPECT_TRUE(store->Verify(nullptr)->empty());
}

TEST_F(SqliteFaults, VerifyFindsDamage) {
  auto options = Options();
  {
    const auto store = Must(Open(options));
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(Put(*store, std::string(1000, 'x')));
    }
  }
  {
    std::fstream file(options.location + "/desk.sqlite", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 12);
    file << std::string(2000, '\x55');
  }
  const auto store = Must(Open(options));
  const auto findings = store->Verify(nullptr);
  EXPECT_TRUE(!findings || !findings->empty());
}

TEST_F(SqliteFaults, TheLogMovesIntoTheDatabaseWhenNobodyWrites) {
  const auto store = Must(Open(Options()));
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(Put(*store, std::string(20'000, 'x')));
  }
  const auto size = [&] { return fs::file_size(folder_.path + "/desk/desk.sqlite"); };
  for (int i = 0; i < 1000 && size() < 1'000'000; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_GE(size(), 1'000'000U);
}

TEST_F(SqliteFaults, ASlowClosureIsReported) {
  std::atomic<std::int64_t> held = 0;
  auto options = Options();
  options.on_slow_write = [&](Micros micros) { held = micros.count(); };
  const auto store = Must(Open(options));
  ASSERT_TRUE(Put(*store, "quick"));
  EXPECT_EQ(held, 0);
  ASSERT_TRUE(store->Write([](WriteTx&) -> Status {
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
    return {};
  }));
  EXPECT_GE(held, 120'000);
}

TEST_F(SqliteFaults, MoreStatementsThanTheCacheHolds) {
  const auto store = Must(Open(Options()));
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 600; ++i) {
      const auto value = store->Read([&](ReadTx& tx) -> Result<std::int64_t> {
        return tx.One(fmt::format("SELECT {} + $1", i), [](const Row& row) { return row.Int(0); }, round).value_or(-1);
      });
      ASSERT_EQ(value.value_or(-1), i + round);
    }
  }
}

TEST_F(SqliteFaults, ConnectHooksReachEveryConnection) {
  static std::atomic<bool> on;
  on = true;
  sqlite::OnConnect([](sqlite3* database) {
    if (on) {
      sqlite3_create_function(
          database, "twice", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
          [](sqlite3_context* context, int, sqlite3_value** values) {
            sqlite3_result_int64(context, 2 * sqlite3_value_int64(values[0]));
          },
          nullptr, nullptr);
    }
  });
  auto options = Options();
  options.migrations->push_back({2, "uses_it", "CREATE INDEX doubled ON item (twice(id))"});
  const auto store = Must(Open(options));
  on = false;
  ASSERT_TRUE(Put(*store, "x"));
  const auto read = store->Read([](ReadTx& tx) -> Result<std::int64_t> {
    return tx.One("SELECT twice(21)", [](const Row& row) { return row.Int(0); }).value_or(0);
  });
  EXPECT_EQ(read.value_or(0), 42);
}

TEST(EmbeddedMigrations, AreNumberedOnce) {
  const auto all = EmbeddedMigrations();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().number, 0);
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(all[i - 1].number, all[i].number) << all[i].name;
  }
}

}  // namespace
}  // namespace propolis::store
