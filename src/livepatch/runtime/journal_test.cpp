// The journal cut off at every byte: a start finds what was committed before the cut, and never a mixture.
#include "livepatch/runtime/journal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace propolis::livepatch {
namespace {

const std::string kOne(64, '1');
const std::string kTwo(64, '2');
constexpr uint8_t kBuild[] = {1, 2, 3, 4};
constexpr uint8_t kOther[] = {1, 2, 3, 5};

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = std::filesystem::temp_directory_path() / "journal-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
    folder_ = open(name.c_str(), O_RDONLY | O_DIRECTORY);
  }
  void TearDown() override {
    CloseJournal();
    close(folder_);
    std::filesystem::remove_all(path_);
  }

  JournalState Open(const uint8_t* build = kBuild) {
    JournalState state;
    CloseJournal();
    EXPECT_TRUE(OpenJournal(folder_, build, sizeof kBuild, &state));
    return state;
  }
  std::string Read() {
    std::ifstream file(path_ / "journal", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Write(const std::string& text) { std::ofstream(path_ / "journal", std::ios::binary | std::ios::trunc) << text; }

  std::filesystem::path path_;
  int folder_ = -1;
};

void Apply(const std::string& digest, uint32_t level) {
  for (const Step step : {Step::kLoading, Step::kArmed, Step::kCommitted, Step::kActive}) {
    ASSERT_TRUE(Record(step, digest.c_str(), level));
  }
}

TEST_F(JournalTest, CutAnywhere) {
  Open();
  Apply(kOne, 1);
  Apply(kTwo, 2);
  ASSERT_TRUE(Record(Step::kCommitted, "", 0));
  ASSERT_TRUE(Record(Step::kActive, "", 0));
  const std::string whole = Read();
  CloseJournal();
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    std::string expected;
    for (std::size_t at = 0, end; (end = cut.find('\n', at)) != cut.npos; at = end + 1) {
      const std::string line = cut.substr(at, end - at);
      if (line.starts_with("COMMITTED")) {
        expected = line.substr(10, 64).starts_with('-') ? "" : line.substr(10, 64);
      }
    }
    Write(cut);
    EXPECT_EQ(std::string(Open().wanted), expected) << "cut after " << size << " bytes";
    // What is written after the cut counts, whatever was torn before it.
    ASSERT_TRUE(Record(Step::kCommitted, kTwo.c_str(), 7));
    EXPECT_EQ(std::string(Open().wanted), kTwo);
    EXPECT_EQ(Open().highest, 7);
  }
}

TEST_F(JournalTest, ALineThatWasChangedDoesNotCount) {
  Open();
  Apply(kOne, 1);
  std::string text = Read();
  const auto at = text.find("COMMITTED");
  text[at + 12] = '9';
  Write(text);
  EXPECT_EQ(std::string(Open().wanted), "");
}

TEST_F(JournalTest, LevelsNeverSink) {
  Open();
  Apply(kTwo, 2);
  Apply("", 0);
  const JournalState state = Open();
  EXPECT_EQ(std::string(state.wanted), "");
  EXPECT_EQ(state.highest, 2);
  EXPECT_EQ(std::string(state.highest_digest), kTwo);
}

TEST_F(JournalTest, AnotherBuildStartsAnew) {
  Open();
  Apply(kTwo, 2);
  const JournalState state = Open(kOther);
  EXPECT_EQ(std::string(state.wanted), "");
  EXPECT_EQ(state.highest, 0);
  EXPECT_TRUE(state.superseded);
}

TEST_F(JournalTest, FailedStartsAreCounted) {
  Open();
  Apply(kOne, 1);
  EXPECT_EQ(Open().failed_starts, 0);
  for (uint32_t i = 1; i < 4; ++i) {
    ASSERT_TRUE(Record(Step::kStarting, kOne.c_str(), 1));
    EXPECT_EQ(Open().failed_starts, i);
  }
  ASSERT_TRUE(Record(Step::kActive, kOne.c_str(), 1));
  EXPECT_EQ(Open().failed_starts, 0);
}

// --- long ones

TEST_F(JournalTest, StaysShortAndSaysTheSame) {
  Open(kOther);
  Apply(kOne, 9);
  Open();
  Apply(kTwo, 5);
  Apply(kOne, 3);
  std::string lines = Read();
  const std::string last = lines.substr(lines.rfind("LOADING"));
  while (lines.size() < 31U << 10) {
    lines += last;
  }
  Write(lines);
  Open();
  std::size_t longest = 0;
  for (int i = 0; i < 16; ++i) {
    Apply(i % 2 == 0 ? kOne : "", i % 2 == 0 ? 3 : 0);
    longest = std::max(longest, std::filesystem::file_size(path_ / "journal"));
  }
  EXPECT_LT(std::filesystem::file_size(path_ / "journal"), 8U << 10);
  Apply(kOne, 4);
  EXPECT_LT(longest, 34U << 10);
  ASSERT_TRUE(Record(Step::kStarting, kOne.c_str(), 4));
  const JournalState state = Open();
  EXPECT_EQ(std::string(state.wanted), kOne);
  EXPECT_EQ(state.level, 4);
  EXPECT_EQ(state.highest, 5);
  EXPECT_EQ(std::string(state.highest_digest), kTwo);
  EXPECT_EQ(state.failed_starts, 1);
  EXPECT_EQ(Open(kOther).highest, 9) << "another build's levels do not sink either";
}

TEST_F(JournalTest, ALongOneIsMadeShortAtTheStart) {
  Open();
  Apply(kTwo, 5);
  ASSERT_TRUE(Record(Step::kCommitted, "", 0));
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Record(Step::kStarting, kOne.c_str(), 4));
  }
  Write(std::string(300 << 10, 'x') + "\n" + Read());
  for (int again = 0; again < 2; ++again) {
    const JournalState state = Open();
    EXPECT_EQ(std::string(state.wanted), "");
    EXPECT_EQ(state.highest, 5);
    EXPECT_EQ(state.failed_starts, 2);
    EXPECT_LT(std::filesystem::file_size(path_ / "journal"), 2000U);
  }
}

}  // namespace
}  // namespace propolis::livepatch
