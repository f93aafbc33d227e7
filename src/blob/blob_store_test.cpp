#include "blob/blob_store.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "store/test_support.h"

namespace propolis::blob {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEmptySha = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kAbcSha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";  // FIPS 180-2

class BlobStore : public testing::Test {
 protected:
  BlobStore() { blobs_ = Make({}); }
  std::unique_ptr<Store> Make(Limits limits) {
    auto made = Store::OpenFolder(folder_.path + "/blobs", limits);
    EXPECT_TRUE(made);
    return std::move(*made);
  }
  std::string PathOf(std::string_view sha) const {
    return fmt::format("{}/blobs/{}/{}/{}", folder_.path, sha.substr(0, 2), sha.substr(2, 2), sha);
  }
  std::size_t Temporaries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_.path + "/blobs/tmp"), fs::directory_iterator()));
  }
  std::string Spool(std::string_view bytes) const {
    std::ofstream(folder_.path + "/spooled") << bytes;
    return folder_.path + "/spooled";
  }

  store::TestFolder folder_;
  std::unique_ptr<Store> blobs_;
};

TEST_F(BlobStore, ABlobIsNamedByItsContent) {
  const auto stored = blobs_->Put("abc");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->sha256, kAbcSha);
  EXPECT_EQ(stored->size, 3);
  EXPECT_EQ(blobs_->Read(kAbcSha, 3).value_or(""), "abc");
  EXPECT_TRUE(blobs_->Exists(kAbcSha));
  EXPECT_TRUE(fs::exists(PathOf(kAbcSha)));
  EXPECT_EQ(Temporaries(), 0U);
  struct stat about = {};
  ASSERT_EQ(stat(PathOf(kAbcSha).c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(BlobStore, TheEmptyBlobIsABlob) {
  EXPECT_EQ(blobs_->Put("")->sha256, kEmptySha);
  EXPECT_EQ(blobs_->Read(kEmptySha, 0).value_or("x"), "");
}

TEST_F(BlobStore, EqualBlobsAreKeptOnceAndHealed) {
  ASSERT_TRUE(blobs_->Put("abc"));
  std::ofstream(PathOf(kAbcSha)) << "abd";
  EXPECT_EQ(blobs_->Read(kAbcSha, 100).error().message, "blob.damaged");
  ASSERT_TRUE(blobs_->Put("abc"));
  EXPECT_EQ(blobs_->Read(kAbcSha, 100).value_or(""), "abc");
}

TEST_F(BlobStore, StreamsOfManyPiecesComeBackWhole) {
  std::string all;
  int pieces = 0;
  const auto stored = blobs_->PutStream([&]() -> Result<std::string_view> {
    static std::string piece;
    piece = pieces == 9 ? "" : std::string(100'000, static_cast<char>('a' + pieces));
    ++pieces;
    all += piece;
    return piece;
  });
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->size, 900'000);
  EXPECT_EQ(blobs_->Read(stored->sha256, 900'000).value_or(""), all);
  EXPECT_EQ(blobs_->CheckedPath(stored->sha256).value_or(""), PathOf(stored->sha256));
}

TEST_F(BlobStore, ABrokenStreamLeavesNothing) {
  bool first = true;
  const auto stored = blobs_->PutStream([&]() -> Result<std::string_view> {
    if (std::exchange(first, false)) {
      return "some";
    }
    return Fail(Code::kTimeout, "gone");
  });
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().message, "gone");
  EXPECT_EQ(Temporaries(), 0U);
}

TEST_F(BlobStore, LimitsHoldForStreamsFilesAndReads) {
  blobs_ = Make({.largest = 10});
  EXPECT_TRUE(blobs_->Put("0123456789"));
  EXPECT_EQ(blobs_->Put("0123456789a").error().code, Code::kTooLarge);
  EXPECT_EQ(blobs_->TakeFile(Spool("0123456789a")).error().code, Code::kTooLarge);
  EXPECT_EQ(blobs_->Read(blobs_->Put("0123")->sha256, 3).error().code, Code::kTooLarge);
  EXPECT_EQ(Temporaries(), 0U);
}

TEST_F(BlobStore, ASpooledFileIsMovedIn) {
  const std::string spooled = Spool("abc");
  ASSERT_EQ(blobs_->TakeFile(spooled)->sha256, kAbcSha);
  EXPECT_FALSE(fs::exists(spooled));
  EXPECT_EQ(blobs_->Read(kAbcSha, 3).value_or(""), "abc");
}

TEST_F(BlobStore, AFileOfAnotherFileSystemIsCopiedIn) {
  const fs::path other = fmt::format("/dev/shm/propolis-blob-test-{}", getpid());
  std::ofstream(other) << "abc";
  if (!fs::exists(other)) {
    GTEST_SKIP() << "no second file system at /dev/shm";
  }
  ASSERT_EQ(blobs_->TakeFile(other.string())->sha256, kAbcSha);
  EXPECT_FALSE(fs::exists(other));
  EXPECT_EQ(blobs_->Read(kAbcSha, 3).value_or(""), "abc");
}

TEST_F(BlobStore, LinksAndFoldersAreNotTakenIn) {
  const std::string secret = Spool("secret");
  const std::string link = folder_.path + "/link";
  fs::create_symlink(secret, link);
  EXPECT_FALSE(blobs_->TakeFile(link));
  EXPECT_FALSE(blobs_->TakeFile(folder_.path));
  EXPECT_FALSE(blobs_->TakeFile(folder_.path + "/absent"));
  EXPECT_TRUE(fs::exists(secret));
}

TEST_F(BlobStore, NamesFromOutsideCannotLeaveTheFolder) {
  Spool("secret");
  for (const std::string_view name : {"", "../spooled", "../../../../etc/passwd", "ABCDEF",
                                      "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"}) {
    EXPECT_EQ(blobs_->Read(name, 1000).error().message, "blob.missing") << name;
    EXPECT_FALSE(blobs_->Exists(name)) << name;
    EXPECT_FALSE(blobs_->Remove(name)) << name;
  }
  EXPECT_EQ(blobs_->Read(kAbcSha, 1000).error().code, Code::kNotFound);
}

// A reader never hands out the last piece of a blob that is not what its name says, wherever the damage is.
TEST_F(BlobStore, DamageIsNoticedBeforeTheLastPiece) {
  const std::string big(600'000, 'x');
  const std::string sha = blobs_->Put(big)->sha256;
  for (const std::size_t at : {std::size_t{0}, std::size_t{300'000}, big.size() - 1}) {
    std::string bad = big;
    bad[at] = 'y';
    std::ofstream(PathOf(sha)) << bad;
    auto reader = blobs_->Open(sha);
    ASSERT_TRUE(reader);
    std::size_t given = 0;
    Result<std::string_view> piece = reader->Next();
    while (piece && !piece->empty()) {
      given += piece->size();
      piece = reader->Next();
    }
    ASSERT_FALSE(piece);
    EXPECT_EQ(piece.error().message, "blob.damaged");
    EXPECT_LT(given, big.size());
    EXPECT_FALSE(blobs_->CheckedPath(sha));
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, big.size() - 1}) {
    std::ofstream(PathOf(sha)) << big.substr(0, size);
    EXPECT_EQ(blobs_->Read(sha, 1'000'000).error().message, "blob.damaged") << size;
  }
}

TEST_F(BlobStore, VerifyNamesWhatIsWrong) {
  ASSERT_TRUE(blobs_->Put("abc"));
  ASSERT_TRUE(blobs_->Put("def"));
  EXPECT_TRUE(blobs_->Verify(nullptr)->empty());
  std::ofstream(PathOf(kAbcSha)) << "abd";
  std::ofstream(folder_.path + "/blobs/stray") << "?";
  const auto findings = blobs_->Verify(nullptr);
  ASSERT_TRUE(findings);
  ASSERT_EQ(findings->size(), 2U);
  EXPECT_THAT(findings->at(0), testing::HasSubstr("is damaged"));
  EXPECT_THAT(findings->at(1), testing::HasSubstr("stray is not a blob"));
  EXPECT_EQ(blobs_->Verify([](std::int64_t, std::int64_t) { return false; }).error().message, "store.cancelled");
}

TEST_F(BlobStore, SweepRemovesOnlyOldBlobsThatNothingNames) {
  const std::string named = blobs_->Put("named")->sha256;
  const std::string orphan = blobs_->Put("orphan")->sha256;
  const auto is_named = [&](std::string_view sha) { return sha == named; };
  EXPECT_EQ(blobs_->Sweep(is_named, FromMicros(0)).value_or(-1), 0);  // all are younger
  EXPECT_EQ(blobs_->Sweep(is_named, SystemClock().Now() + Seconds(10)).value_or(-1), 1);
  EXPECT_TRUE(blobs_->Exists(named));
  EXPECT_FALSE(blobs_->Exists(orphan));
}

TEST_F(BlobStore, RemovingTwiceIsFine) {
  ASSERT_TRUE(blobs_->Put("abc"));
  EXPECT_TRUE(blobs_->Remove(kAbcSha));
  EXPECT_TRUE(blobs_->Remove(kAbcSha));
  EXPECT_FALSE(blobs_->Exists(kAbcSha));
}

TEST_F(BlobStore, ManyThreadsPutTheSameBlobs) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const auto stored = blobs_->Put(fmt::format("blob {}", i));
        ASSERT_TRUE(stored);
        ASSERT_EQ(blobs_->Read(stored->sha256, 100).value_or(""), fmt::format("blob {}", i));
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_TRUE(blobs_->Verify(nullptr)->empty());
  EXPECT_EQ(Temporaries(), 0U);
}

// The file system refuses in the middle of a write: an error for the caller, nothing left behind, and then it works
// again.
TEST_F(BlobStore, AFullDiskIsAnErrorAndLeavesNothing) {
  std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 64 * 1024;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto refused = blobs_->Put(std::string(200'000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_EQ(refused.error().message, "store.io");
  EXPECT_EQ(Temporaries(), 0U);
  EXPECT_TRUE(blobs_->Put(std::string(200'000, 'x')));
}

}  // namespace
}  // namespace propolis::blob
