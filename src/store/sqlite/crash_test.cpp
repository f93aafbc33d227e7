// kill -9 in the middle of group commits: whatever was answered is there, once; whatever was not is there whole or not
// at all. The child is this same program, started anew.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "store/events.h"
#include "store/test_support.h"

namespace propolis::store {
namespace {

constexpr std::string_view kSchema =
    "CREATE TABLE line (id INTEGER PRIMARY KEY, writer INTEGER NOT NULL, n INTEGER NOT NULL, half TEXT NOT NULL)";
constexpr const char* kFolder = "PROPOLIS_CRASH_FOLDER";
constexpr const char* kPipe = "PROPOLIS_CRASH_PIPE";
constexpr int kWriters = 8;

struct Answered {
  std::int32_t writer = 0;
  std::int32_t n = 0;
};

OpenOptions Options(const std::string& folder) {
  OpenOptions options;
  options.location = folder;
  options.exclusive = true;
  options.migrations = {{1, "lines", kSchema}};
  return options;
}

std::map<int, int> NewestByWriter(Store& store) {
  std::map<int, int> newest;
  static_cast<void>(store.Read([&](ReadTx& tx) -> Status {
    tx.ForEach("SELECT writer, max(n) FROM line GROUP BY writer", [&](const Row& row) {
      newest[static_cast<int>(row.Int(0))] = static_cast<int>(row.Int(1));
      return true;
    });
    return {};
  }));
  return newest;
}

// Each write is two rows and an event; its number goes into the pipe after the store has answered.
TEST(SqliteCrash, DISABLED_Child) {
  const char* folder = std::getenv(kFolder);
  const char* pipe = std::getenv(kPipe);
  if (folder == nullptr || pipe == nullptr) {
    GTEST_SKIP() << "started by the test beside it";
  }
  auto opened = Open(Options(folder));
  ASSERT_TRUE(opened) << Describe(opened.error());
  Store& store = **opened;
  auto newest = NewestByWriter(store);
  const int out = std::atoi(pipe);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&store, out, writer, first = newest[writer] + 1] {
      for (int n = first;; ++n) {
        const auto status = store.Write([&](WriteTx& tx) -> Status {
          tx.Exec("INSERT INTO line (writer, n, half) VALUES ($1, $2, 'a')", writer, n);
          tx.Exec("INSERT INTO line (writer, n, half) VALUES ($1, $2, 'b')", writer, n);
          tx.Emit({.kind = "line.added", .organisation = std::nullopt, .ticket = n, .payload = "{}"});
          return {};
        });
        const Answered answered{writer, n};
        if (!status || write(out, &answered, sizeof answered) != sizeof answered) {
          std::_Exit(1);
        }
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
}

class Child {
 public:
  explicit Child(const std::string& folder) {
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) {
      throw std::runtime_error("no pipe");
    }
    setenv(kFolder, folder.c_str(), 1);
    setenv(kPipe, std::to_string(ends[1]).c_str(), 1);
    char name[] = "/proc/self/exe";
    char filter[] = "--gtest_filter=SqliteCrash.DISABLED_Child";
    char disabled[] = "--gtest_also_run_disabled_tests";
    char quiet[] = "--gtest_brief=1";
    char* const arguments[] = {name, filter, disabled, quiet, nullptr};
    id_ = fork();
    if (id_ == 0) {
      close(ends[0]);
      execv(name, arguments);
      _exit(127);
    }
    close(ends[1]);
    in_ = ends[0];
  }
  ~Child() { Kill(); }

  // False when the child has gone.
  bool Next(Answered& answered) const {
    return read(in_, &answered, sizeof answered) == static_cast<ssize_t>(sizeof answered);
  }
  void Kill() {
    if (id_ > 0) {
      kill(id_, SIGKILL);
      waitpid(id_, nullptr, 0);
      id_ = -1;
    }
  }
  void Close() { close(in_); }

 private:
  pid_t id_ = -1;
  int in_ = -1;
};

TEST(SqliteCrash, WhatWasAnsweredSurvivesKill) {
  TestFolder folder;
  const std::string desk = folder.path + "/desk";
  std::mt19937 random(20260302);  // fixed: the moments of death vary with the machine anyway
  std::map<int, int> answered_newest;
  std::int64_t total = 0;
  for (int round = 0; round < 6; ++round) {
    Child child(desk);
    Answered answered;
    const int lives = std::uniform_int_distribution<int>(1, 300)(random);
    for (int i = 0; i < lives; ++i) {
      ASSERT_TRUE(child.Next(answered)) << "the child could not write";
      answered_newest[answered.writer] = std::max(answered_newest[answered.writer], answered.n);
      ++total;
    }
    child.Kill();
    while (child.Next(answered)) {  // what it still said before it died
      answered_newest[answered.writer] = std::max(answered_newest[answered.writer], answered.n);
      ++total;
    }
    child.Close();

    auto opened = Open(Options(desk));
    ASSERT_TRUE(opened) << Describe(opened.error());
    Store& store = **opened;
    const auto newest = NewestByWriter(store);
    std::int64_t lines = 0;
    for (const auto& [writer, n] : newest) {
      EXPECT_GE(n, answered_newest[writer]) << "an answered write is lost";
      EXPECT_LE(n, answered_newest[writer] + 1) << "more than the one write under way";
      answered_newest[writer] = n;  // the child goes on after it
      lines += n;
    }
    const auto halves = store.Read([&](ReadTx& tx) -> Result<std::vector<std::int64_t>> {
      const auto number = [](const Row& row) { return row.Int(0); };
      return std::vector{
          tx.One("SELECT count(*) FROM line", number).value_or(-1),
          tx.One("SELECT count(*) FROM (SELECT DISTINCT writer, n, half FROM line)", number).value_or(-1),
          tx.One("SELECT count(*) FROM event", number).value_or(-1), LastEvent(tx)};
    });
    ASSERT_TRUE(halves);
    EXPECT_EQ(*halves, (std::vector<std::int64_t>{2 * lines, 2 * lines, lines, lines}));
    EXPECT_TRUE(store.Verify(nullptr)->empty());
  }
  EXPECT_GT(total, 6);
}

}  // namespace
}  // namespace propolis::store
