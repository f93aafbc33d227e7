// Backup while the desk works, and the way back.
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/crypto.h"
#include "store/archive.h"
#include "store/events.h"
#include "store/test_support.h"

namespace propolis::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSchema =
    "CREATE TABLE item (id INTEGER PRIMARY KEY, pair INTEGER NOT NULL, data TEXT NOT NULL)";

class SqliteBackup : public testing::Test {
 protected:
  SqliteBackup() {
    options_.location = folder_.path + "/desk";
    options_.durability = Durability::kNone;
    options_.migrations = {{1, "items", kSchema}};
    options_.clock = std::make_shared<ManualClock>(FromMicros(1'772'442'000'000'000));
    store_ = OpenAt(options_.location);
  }
  std::unique_ptr<Store> OpenAt(const std::string& location) {
    auto options = options_;
    options.location = location;
    auto opened = Open(options);
    EXPECT_TRUE(opened) << Describe(opened.error());
    return std::move(*opened);
  }
  void PutPair(int pair, std::size_t size = 500) {
    ASSERT_TRUE(store_->Write([&](WriteTx& tx) -> Status {
      for (int i = 0; i < 2; ++i) {
        tx.Exec("INSERT INTO item (pair, data) VALUES ($1, $2)", pair, std::string(size, 'x'));
      }
      tx.Emit({.kind = "pair.put", .organisation = std::nullopt, .ticket = pair, .payload = "{}"});
      return {};
    }));
  }
  static std::vector<std::int64_t> Numbers(Store& store) {
    return store
        .Read([](ReadTx& tx) -> Result<std::vector<std::int64_t>> {
          const auto number = [](const Row& row) { return row.Int(0); };
          return std::vector{tx.One("SELECT count(*) FROM item", number).value_or(-1),
                             tx.One("SELECT count(DISTINCT pair) FROM item", number).value_or(-1), LastEvent(tx)};
        })
        .value_or(std::vector<std::int64_t>{});
  }
  std::string PutBlob(std::string_view bytes) const {
    const std::string sha = crypto::Hex(crypto::Sha256(bytes));
    const std::string path = fmt::format("blobs/{}/{}", sha.substr(0, 2), sha);
    fs::create_directories(fs::path(options_.location + "/" + path).parent_path());
    std::ofstream(options_.location + "/" + path) << bytes;
    return path;
  }
  static std::string Content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TestFolder folder_;
  OpenOptions options_;
  std::unique_ptr<Store> store_;
  std::string backup_ = folder_.path + "/backup";
};

TEST_F(SqliteBackup, IsOneMomentWhileTheDeskWrites) {
  for (int i = 0; i < 300; ++i) {
    PutPair(i);
  }
  const std::string blob = PutBlob("evidence");
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 1000; !stop; ++i) {
      PutPair(i);
    }
  });
  std::int64_t last_done = -1;
  std::int64_t last_total = 0;
  const Status made = store_->Backup(backup_, [&](std::int64_t done, std::int64_t total) {
    EXPECT_GE(done, last_done);
    EXPECT_LE(done, total);
    last_done = done;
    last_total = total;
    return true;
  });
  stop = true;
  writer.join();
  ASSERT_TRUE(made) << Describe(made.error());
  EXPECT_EQ(last_done, last_total);

  const auto manifest = ReadManifest(backup_);
  ASSERT_TRUE(manifest) << Describe(manifest.error());
  EXPECT_EQ(manifest->schema, 1);
  EXPECT_EQ(manifest->engine, "sqlite");
  EXPECT_EQ(manifest->files.size(), 2U);

  const std::string restored = folder_.path + "/restored";
  const Status back = Restore(backup_, restored, nullptr);
  ASSERT_TRUE(back) << Describe(back.error());
  EXPECT_EQ(Content(restored + "/" + blob), "evidence");
  const auto copy = OpenAt(restored);
  const auto numbers = Numbers(*copy);
  ASSERT_EQ(numbers.size(), 3U);
  EXPECT_GE(numbers[1], 300);
  EXPECT_EQ(numbers[0], 2 * numbers[1]);  // no half transaction
  EXPECT_EQ(numbers[2], numbers[1]);
  EXPECT_EQ(numbers[2], manifest->last_event);
  EXPECT_TRUE(copy->Verify(nullptr)->empty());
  struct stat about = {};
  ASSERT_EQ(stat((restored + "/desk.sqlite").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(SqliteBackup, TheBackupIsIndependentOfTheDesk) {
  PutPair(1);
  ASSERT_TRUE(store_->Backup(backup_, nullptr));
  PutPair(2);
  store_.reset();
  fs::remove_all(options_.location);
  ASSERT_TRUE(Restore(backup_, folder_.path + "/restored", nullptr));
  EXPECT_EQ(Numbers(*OpenAt(folder_.path + "/restored")), (std::vector<std::int64_t>{2, 1, 1}));
}

TEST_F(SqliteBackup, NothingIsOverwritten) {
  PutPair(1);
  fs::create_directory(backup_);
  EXPECT_EQ(store_->Backup(backup_, nullptr).error().message, "store.backup_exists");
  EXPECT_TRUE(fs::is_empty(backup_));
  fs::remove(backup_);
  ASSERT_TRUE(store_->Backup(backup_, nullptr));
  EXPECT_EQ(Restore(backup_, options_.location, nullptr).error().message, "store.restore_target_used");
  EXPECT_EQ(store_->Backup("/proc/nowhere", nullptr).error().code, Code::kUnavailable);
}

TEST_F(SqliteBackup, ACancelledBackupLeavesNothing) {
  PutPair(1);
  PutBlob("evidence");
  for (int stop_at = 1; stop_at <= 3; ++stop_at) {
    int calls = 0;
    const Status status = store_->Backup(backup_, [&](std::int64_t, std::int64_t) { return ++calls < stop_at; });
    if (calls < stop_at) {
      EXPECT_TRUE(status);
      break;
    }
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "store.cancelled");
    EXPECT_FALSE(fs::exists(backup_));
  }
}

TEST_F(SqliteBackup, DamageIsFoundBeforeAnythingIsRestored) {
  PutPair(1);
  const std::string blob = PutBlob("evidence");
  const std::string restored = folder_.path + "/restored";
  const auto expect_refused = [&](const std::string& message) {
    const Status status = Restore(backup_, restored, nullptr);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, message);
    EXPECT_FALSE(fs::exists(restored));
    fs::remove_all(backup_);
  };
  ASSERT_TRUE(store_->Backup(backup_, nullptr));
  {
    std::fstream file(backup_ + "/desk.sqlite", std::ios::in | std::ios::out);
    file.seekp(5000);
    file << "!";
  }
  expect_refused("store.backup_damaged");

  ASSERT_TRUE(store_->Backup(backup_, nullptr));
  fs::remove(backup_ + "/" + blob);
  expect_refused("store.io");

  ASSERT_TRUE(store_->Backup(backup_, nullptr));
  fs::remove(backup_ + "/MANIFEST.json");
  expect_refused("store.manifest_missing");

  ASSERT_TRUE(store_->Backup(backup_, nullptr));
  fs::resize_file(backup_ + "/MANIFEST.json", 20);
  expect_refused("store.manifest_broken");
}

TEST_F(SqliteBackup, AManifestCannotReachOutsideItsFolder) {
  PutPair(1);
  std::ofstream(folder_.path + "/secret") << "s";
  const std::string sha = crypto::Hex(crypto::Sha256("s"));
  for (const std::string path : {"../secret", "blobs/../../secret", "/etc/passwd", "blobs//x", "blobs/",
                                 "desk.sqlite-wal", "blobs/a\\nb", "desk.sqlite"}) {
    fs::remove_all(backup_);
    ASSERT_TRUE(store_->Backup(backup_, nullptr));
    std::string manifest = Content(backup_ + "/MANIFEST.json");
    const std::string extra = fmt::format(R"({{"path":"{}","size":1,"sha256":"{}"}},)", path, sha);
    manifest.insert(manifest.find('[') + 1, extra);
    std::ofstream(backup_ + "/MANIFEST.json") << manifest;
    const Status status = Restore(backup_, folder_.path + "/restored", nullptr);
    ASSERT_FALSE(status) << path;
    EXPECT_EQ(status.error().message, "store.manifest_broken") << path;
  }
  fs::remove_all(backup_);
  const std::string blob = PutBlob("evidence");
  ASSERT_TRUE(store_->Backup(backup_, nullptr));
  fs::remove(backup_ + "/" + blob);
  fs::create_symlink(folder_.path + "/secret", backup_ + "/" + blob);
  EXPECT_EQ(Restore(backup_, folder_.path + "/restored", nullptr).error().message, "store.io");
}

TEST_F(SqliteBackup, HalfWrittenBlobsAndLinksStayBehind) {
  PutPair(1);
  fs::create_directory(options_.location + "/blobs/tmp");
  std::ofstream(options_.location + "/blobs/tmp/half") << "half";
  fs::create_symlink("/etc/passwd", options_.location + "/blobs/link");
  ASSERT_TRUE(store_->Backup(backup_, nullptr));
  EXPECT_EQ(ReadManifest(backup_)->files.size(), 1U);
}

}  // namespace
}  // namespace propolis::store
