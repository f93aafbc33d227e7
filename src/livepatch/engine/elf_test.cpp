// Damaged object files and programs: every one of the kept corpus, bent in thousands of ways that are always the same.
#include "livepatch/engine/elf.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <random>

#include "livepatch/engine/elf_test_support.h"

namespace propolis::livepatch {
namespace {

constexpr int kRounds = 1500;

std::vector<std::string> Corpus() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(PROPOLIS_SOURCE_DIR "/tests/livepatch/corpus/livepatch_engine_elf_fuzz")) {
    const auto bytes = ReadFileWhole(entry.path().string());
    if (bytes) {
      files.push_back(**bytes);
    }
  }
  std::ranges::sort(files);
  return files;
}

// A field in one of the tables, or any byte, becomes something else.
void Bend(std::string& file, std::mt19937& random) {
  static constexpr std::uint64_t kValues[] = {0, 1, 7, 0xff, 0xffff, 0x7fffffff, 0xffffffff, ~0ULL, 1ULL << 63, 4097};
  const std::size_t at = random() % 3 == 0 ? random() % sizeof(Elf64_Ehdr) : random() % file.size();
  const std::uint64_t value = kValues[random() % std::size(kValues)];
  const std::size_t size = std::min<std::size_t>(std::size_t{1} << (random() % 4), file.size() - at);
  std::memcpy(file.data() + at, &value, size);
}

TEST(ElfTest, TheCorpusIsRead) {
  const auto files = Corpus();
  ASSERT_GE(files.size(), 3U);
  std::size_t followed = 0;
  for (const std::string& file : files) {
    const auto one = WalkElf(file);
    ASSERT_TRUE(one);
    followed += *one;
  }
  EXPECT_GT(followed, 10U);
}

TEST(ElfTest, DamagedFilesAreRefusedOrRead) {
  std::mt19937 random(20261123);
  std::size_t refused = 0;
  std::size_t read = 0;
  for (const std::string& file : Corpus()) {
    for (int round = 0; round < kRounds; ++round) {
      std::string bent = file;
      for (auto times = random() % 4 + 1; times > 0; --times) {
        Bend(bent, random);
      }
      if (random() % 8 == 0) {
        bent.resize(random() % bent.size());
      }
      (WalkElf(std::move(bent)) ? read : refused) += 1;
    }
  }
  EXPECT_GT(refused, 100U);
  EXPECT_GT(read, 100U);
}

// What a merged section says of its entries is a number like any other.
TEST(ElfTest, EntriesOfAnySize) {
  Section section;
  section.flags = SHF_MERGE | SHF_STRINGS;
  section.bytes = std::string_view("one\0two\0", 8);
  section.entry_size = ~0ULL;
  EXPECT_FALSE(LiteralAt(section, 0));
  section.entry_size = 1;
  EXPECT_EQ(LiteralAt(section, 4), "two");
}

}  // namespace
}  // namespace propolis::livepatch
