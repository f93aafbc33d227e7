#include "store/conformance.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "store/events.h"

namespace propolis::store {
namespace {

constexpr std::string_view kSchema = R"(
CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL CHECK (size >= 0), note TEXT,
                   data BLOB, weight REAL);
CREATE TABLE part (id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES item(id) DEFERRABLE INITIALLY DEFERRED);
)";

constexpr auto kStart = FromMicros(1'772'442'000'000'000);

std::int64_t Count(Store& store) {
  const auto count = store.Read([](ReadTx& tx) -> Result<std::int64_t> {
    return tx.One("SELECT count(*) FROM item", [](const Row& row) { return row.Int(0); }).value_or(-1);
  });
  return count.value_or(-1);
}

Status Put(Store& store, std::string_view name, std::int64_t size = 1) {
  return store.Write([&](WriteTx& tx) -> Status {
    tx.Exec("INSERT INTO item (name, size) VALUES ($1, $2)", name, size);
    return {};
  });
}

// A closure that keeps the writer busy until it is let go, so that others gather behind it.
class Plug {
 public:
  explicit Plug(Store& store)
      : thread_([this, &store] {
          status = store.Write([&](WriteTx&) -> Status {
            std::unique_lock lock(mutex_);
            running_ = true;
            changed_.notify_all();
            changed_.wait(lock, [&] { return released_; });
            return {};
          });
        }) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return running_; });
  }
  ~Plug() { Release(); }
  void Release() {
    {
      const std::scoped_lock lock(mutex_);
      released_ = true;
      changed_.notify_all();
    }
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  Status status;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  bool released_ = false;
  std::thread thread_;
};

void AwaitQueued(Store& store, std::int64_t count) {
  while (store.GetHealth().queued_writes < count) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

OpenOptions StoreConformance::Options() {
  OpenOptions options;
  options.clock = std::make_shared<ManualClock>(kStart);
  options.durability = Durability::kNone;
  options.readers = 4;
  options.migrations = {{1, "items", kSchema}};
  options.on_slow_write = [](Micros) {};
  return options;
}

void StoreConformance::SetUp() {
  database_ = GetParam()();
  Reopen(Options());
}

void StoreConformance::Reopen(const OpenOptions& options) {
  store_.reset();
  auto opened = database_->Open(options);
  ASSERT_TRUE(opened) << Describe(opened.error());
  store_ = std::move(*opened);
}

TEST_P(StoreConformance, KeepsEveryKindOfValue) {
  const std::string bytes("\0\xff\x01", 3);
  const std::string text("a\0b \xc3\xa9", 6);
  const auto id = store_->Write([&](WriteTx& tx) -> Result<std::int64_t> {
    const auto made = tx.One(
        "INSERT INTO item (name, size, note, data, weight) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        [](const Row& row) { return row.Int(0); }, text, INT64_MAX, std::nullopt, Blob{bytes}, 0.5);
    return made.value_or(0);
  });
  ASSERT_TRUE(id);
  const auto read = store_->Read([&](ReadTx& tx) -> Result<int> {
    int rows = 0;
    tx.ForEach(
        "SELECT name, size, note, data, weight FROM item WHERE id = $1",
        [&](const Row& row) {
          EXPECT_EQ(row.Text(0), text);
          EXPECT_EQ(row.Int(1), INT64_MAX);
          EXPECT_TRUE(row.IsNull(2));
          EXPECT_EQ(row.OptString(2), std::nullopt);
          EXPECT_EQ(row.Bytes(3), bytes);
          EXPECT_EQ(row.Double(4), 0.5);
          ++rows;
          return true;
        },
        *id);
    return rows;
  });
  EXPECT_EQ(read.value_or(0), 1);
}

TEST_P(StoreConformance, EmptyTextAndEmptyBytesAreNotNull) {
  ASSERT_TRUE(store_->Write([&](WriteTx& tx) -> Status {
    tx.Exec("INSERT INTO item (name, size, note, data) VALUES ($1, 1, $2, $3)", "x", std::string_view(),
            Blob{std::string_view()});
    return {};
  }));
  const auto found = store_->Read([](ReadTx& tx) -> Result<bool> {
    return tx.One("SELECT note, data FROM item", [](const Row& row) { return !row.IsNull(0) && !row.IsNull(1); })
        .value_or(false);
  });
  EXPECT_TRUE(found.value_or(false));
}

TEST_P(StoreConformance, ParametersGoByNumberNotByPlace) {
  const auto text = store_->Read([](ReadTx& tx) -> Result<std::string> {
    return tx.One("SELECT $2 || $1 || $2", [](const Row& row) { return row.String(0); }, "a", "b").value_or("");
  });
  EXPECT_EQ(text.value_or(""), "bab");
}

TEST_P(StoreConformance, OneStatementMayRunInsideItself) {
  ASSERT_TRUE(Put(*store_, "a"));
  ASSERT_TRUE(Put(*store_, "b"));
  const auto pairs = store_->Read([](ReadTx& tx) -> Result<int> {
    int count = 0;
    const auto inner = [&](const Row&) {
      ++count;
      return true;
    };
    tx.ForEach("SELECT id FROM item", [&](const Row&) {
      tx.ForEach("SELECT id FROM item", inner);
      return true;
    });
    return count;
  });
  EXPECT_EQ(pairs.value_or(0), 4);
}

TEST_P(StoreConformance, CountsChangedRows) {
  ASSERT_TRUE(Put(*store_, "a"));
  ASSERT_TRUE(Put(*store_, "b"));
  const auto changed = store_->Write(
      [](WriteTx& tx) -> Result<std::int64_t> { return tx.Exec("UPDATE item SET size = size + 1 WHERE size = 1"); });
  EXPECT_EQ(changed.value_or(0), 2);
}

TEST_P(StoreConformance, WrongSqlIsABugOfTheCaller) {
  EXPECT_THROW(static_cast<void>(store_->Read([](ReadTx& tx) -> Status {
                 tx.ForEach("SELECT nothing FROM nowhere", [](const Row&) { return true; });
                 return {};
               })),
               std::logic_error);
  EXPECT_THROW(static_cast<void>(store_->Read([](ReadTx& tx) -> Status {
                 tx.ForEach("SELECT id FROM item WHERE id = $1", [](const Row&) { return true; });
                 return {};
               })),
               std::logic_error);
  EXPECT_THROW(static_cast<void>(store_->Write([](WriteTx& tx) -> Status {
                 tx.Exec("DELETE FROM item; DELETE FROM part");
                 return {};
               })),
               std::logic_error);
  EXPECT_TRUE(Put(*store_, "still works"));
}

TEST_P(StoreConformance, AReadCannotWrite) {
  EXPECT_THROW(static_cast<void>(store_->Read([](ReadTx& tx) -> Status {
                 tx.ForEach("INSERT INTO item (name, size) VALUES ('x', 1) RETURNING id",
                            [](const Row&) { return true; });
                 return {};
               })),
               std::logic_error);
  EXPECT_EQ(Count(*store_), 0);
}

TEST_P(StoreConformance, AClosureMayNotAskItsOwnStore) {
  EXPECT_THROW(static_cast<void>(store_->Write([&](WriteTx&) -> Status { return Put(*store_, "inner"); })),
               std::logic_error);
  EXPECT_THROW(static_cast<void>(store_->Read([&](ReadTx&) -> Status { return Put(*store_, "inner"); })),
               std::logic_error);
  EXPECT_EQ(Count(*store_), 0);
}

TEST_P(StoreConformance, AnErrorUndoesItsClosure) {
  const auto status = store_->Write([](WriteTx& tx) -> Status {
    tx.Exec("INSERT INTO item (name, size) VALUES ('a', 1)");
    tx.Emit({.kind = "item.made", .organisation = std::nullopt, .ticket = 0, .payload = "{}"});
    return Fail(Code::kForbidden, "no");
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::kForbidden);
  EXPECT_EQ(status.error().message, "no");
  EXPECT_EQ(Count(*store_), 0);
  const auto last = store_->Read([](ReadTx& tx) -> Result<std::int64_t> { return LastEvent(tx); });
  EXPECT_EQ(last.value_or(-1), 0);
}

TEST_P(StoreConformance, AnExceptionUndoesItsClosureAndReachesTheCaller) {
  struct Surprise {};
  EXPECT_THROW(static_cast<void>(store_->Write([](WriteTx& tx) -> Status {
                 tx.Exec("INSERT INTO item (name, size) VALUES ('a', 1)");
                 throw Surprise();
               })),
               Surprise);
  EXPECT_EQ(Count(*store_), 0);
  EXPECT_TRUE(Put(*store_, "next"));
}

TEST_P(StoreConformance, AnEngineFailureIsUnavailable) {
  const auto wrote = store_->Write([](WriteTx&) -> Status { throw EngineFailure("made up"); });
  ASSERT_FALSE(wrote);
  EXPECT_EQ(wrote.error().code, Code::kUnavailable);
  const auto read = store_->Read([](ReadTx&) -> Status { throw EngineFailure("made up"); });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::kUnavailable);
}

TEST_P(StoreConformance, BrokenConstraintsAreConflicts) {
  ASSERT_TRUE(Put(*store_, "a"));
  for (const std::string_view sql :
       {"INSERT INTO item (name, size) VALUES ('a', 1)", "INSERT INTO item (name, size) VALUES ('b', -1)",
        "INSERT INTO item (name, size) VALUES (NULL, 1)", "INSERT INTO part (item) VALUES (77)"}) {
    const auto status = store_->Write([&](WriteTx& tx) -> Status {
      tx.Exec("INSERT INTO item (name, size) VALUES ('before', 1)");
      tx.Exec(sql);
      return {};
    });
    ASSERT_FALSE(status) << sql;
    EXPECT_EQ(status.error().code, Code::kConflict) << sql;
    EXPECT_EQ(Count(*store_), 1) << sql;
  }
}

// Twenty closures commit together; some fail in each possible way. Exactly the good ones are kept.
TEST_P(StoreConformance, ABadClosureDoesNotUndoItsNeighbours) {
  Plug plug(*store_);
  std::atomic<int> bugs = 0;
  std::atomic<int> errors = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&, i] {
      try {
        const auto status = store_->Write([&](WriteTx& tx) -> Status {
          tx.Exec("INSERT INTO item (id, name, size) VALUES ($1, $2, 1)", i + 1, fmt::format("n{}", i));
          switch (i % 5) {
            case 1:
              return Fail(Code::kInvalid, "no");
            case 2:
              throw std::runtime_error("bug");
            case 3:
              tx.Exec("INSERT INTO item (name, size) VALUES (NULL, 1)");
              break;
            case 4:
              tx.Exec("INSERT INTO part (item) VALUES (1000)");  // noticed by the commit only
              break;
            default:
              break;
          }
          return {};
        });
        errors += status ? 0 : 1;
      } catch (const std::runtime_error&) {
        ++bugs;
      }
    });
  }
  AwaitQueued(*store_, 20);
  plug.Release();
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_TRUE(plug.status);
  EXPECT_EQ(bugs, 4);
  EXPECT_EQ(errors, 12);
  const auto kept = store_->Read([](ReadTx& tx) -> Result<std::vector<std::int64_t>> {
    return tx.All("SELECT id FROM item ORDER BY id", [](const Row& row) { return row.Int(0); });
  });
  ASSERT_TRUE(kept);
  EXPECT_EQ(*kept, (std::vector<std::int64_t>{1, 6, 11, 16}));
}

TEST_P(StoreConformance, AFullQueueIsRefusedAtOnce) {
  auto options = Options();
  options.write_queue = 3;
  Reopen(options);
  std::vector<std::thread> threads;
  {
    Plug plug(*store_);
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, i] { EXPECT_TRUE(Put(*store_, fmt::format("n{}", i))); });
    }
    AwaitQueued(*store_, 3);
    const auto refused = Put(*store_, "too many");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::kUnavailable);
    EXPECT_EQ(refused.error().message, "store.busy");
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(Count(*store_), 3);
}

TEST_P(StoreConformance, AReadSeesOneMoment) {
  ASSERT_TRUE(Put(*store_, "a"));
  const auto counts = store_->Read([&](ReadTx& tx) -> Result<std::vector<std::int64_t>> {
    const auto count = [&] {
      return tx.One("SELECT count(*) FROM item", [](const Row& row) { return row.Int(0); }).value_or(-1);
    };
    const auto before = count();
    std::thread([&] { EXPECT_TRUE(Put(*store_, "b")); }).join();
    return std::vector{before, count()};
  });
  ASSERT_TRUE(counts);
  EXPECT_EQ(*counts, (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(Count(*store_), 2);
}

TEST_P(StoreConformance, OthersDoNotSeeWhatIsNotCommitted) {
  std::int64_t seen = -1;
  ASSERT_TRUE(store_->Write([&](WriteTx& tx) -> Status {
    tx.Exec("INSERT INTO item (name, size) VALUES ('a', 1)");
    std::thread([&] { seen = Count(*store_); }).join();
    return {};
  }));
  EXPECT_EQ(seen, 0);
  EXPECT_EQ(Count(*store_), 1);
}

TEST_P(StoreConformance, ManyThreadsLoseNothing) {
  ASSERT_TRUE(Put(*store_, "counter", 0));
  constexpr int kThreads = 16;
  constexpr int kWrites = 50;
  std::vector<std::thread> threads;
  std::atomic<int> bad = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      std::int64_t before = 0;
      for (int i = 0; i < kWrites; ++i) {
        const auto size = store_->Write([](WriteTx& tx) -> Result<std::int64_t> {
          const auto map = [](const Row& row) { return row.Int(0); };
          const auto now = tx.One("SELECT size FROM item WHERE name = 'counter'", map).value_or(0) + 1;
          tx.Exec("UPDATE item SET size = $1 WHERE name = 'counter'", now);
          return now;
        });
        const auto read = store_->Read([](ReadTx& tx) -> Result<std::int64_t> {
          return tx.One("SELECT size FROM item WHERE name = 'counter'", [](const Row& row) { return row.Int(0); })
              .value_or(0);
        });
        // An answered write is visible to the next read of the same thread, and numbers only grow.
        if (!size || !read || *size <= before || *read < *size) {
          ++bad;
        }
        before = size.value_or(before);
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(bad, 0);
  const auto total = store_->Read([](ReadTx& tx) -> Result<std::int64_t> {
    return tx.One("SELECT size FROM item WHERE name = 'counter'", [](const Row& row) { return row.Int(0); })
        .value_or(0);
  });
  EXPECT_EQ(total.value_or(0), kThreads * kWrites);
}

TEST_P(StoreConformance, EventsAreNumberedInCommitOrder) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        static_cast<void>(store_->Write([&](WriteTx& tx) -> Status {
          tx.Emit({.kind = "item.made", .organisation = std::nullopt, .ticket = t * 100 + i, .payload = "{\"a\":1}"});
          tx.Emit({.kind = "item.told", .organisation = std::nullopt, .ticket = t * 100 + i, .payload = "{}"});
          return i % 4 == 3 ? Status(Fail(Code::kInvalid, "no")) : Status();
        }));
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  const auto events =
      store_->Read([](ReadTx& tx) -> Result<std::vector<StoredEvent>> { return EventsAfter(tx, 0, 1000); });
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 8U * 15 * 2);
  for (std::size_t i = 0; i < events->size(); ++i) {
    EXPECT_EQ((*events)[i].seq, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ((*events)[i].at, kStart);
    EXPECT_EQ((*events)[i].event.kind, i % 2 == 0 ? "item.made" : "item.told");
    EXPECT_EQ((*events)[i].event.ticket, (*events)[i - i % 2].event.ticket);
  }
}

TEST_P(StoreConformance, TrimmedEventNumbersAreNotUsedAgain) {
  const auto emit = [](WriteTx& tx) -> Result<std::int64_t> {
    return tx.Emit({.kind = "a.b", .organisation = OrganisationId::New(kStart), .ticket = 0, .payload = "{}"});
  };
  for (int i = 1; i <= 5; ++i) {
    ASSERT_EQ(store_->Write(emit).value_or(0), i);
  }
  const auto trimmed = store_->Write([](WriteTx& tx) -> Result<std::int64_t> {
    return TrimEvents(tx, kStart + Seconds(1), /*up_to=*/100, /*limit=*/100);
  });
  EXPECT_EQ(trimmed.value_or(0), 4);
  EXPECT_EQ(store_->Write(emit).value_or(0), 6);
  EXPECT_EQ(store_->Read([](ReadTx& tx) -> Result<std::int64_t> { return FirstEvent(tx); }).value_or(0), 5);
}

TEST_P(StoreConformance, AnEventMustBeWellFormed) {
  EXPECT_THROW(static_cast<void>(store_->Write([](WriteTx& tx) -> Status {
                 tx.Emit({.kind = "Bad\nkind", .organisation = std::nullopt, .ticket = 0, .payload = "{}"});
                 return {};
               })),
               std::logic_error);
  EXPECT_THROW(static_cast<void>(store_->Write([](WriteTx& tx) -> Status {
                 tx.Emit({.kind = "a",
                          .organisation = std::nullopt,
                          .ticket = 0,
                          .payload = std::string(kMaxEventPayload + 1, ' ')});
                 return {};
               })),
               std::logic_error);
}

class Heard {
 public:
  void operator()(std::int64_t last) {
    const std::scoped_lock lock(mutex_);
    last_ = last;
    changed_.notify_all();
  }
  bool Reaches(std::int64_t wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return last_ >= wanted; });
  }
  std::int64_t last() {
    const std::scoped_lock lock(mutex_);
    return last_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t last_ = 0;
};

TEST_P(StoreConformance, SubscribersHearOfCommittedEvents) {
  Heard heard;
  std::atomic<std::int64_t> visible = 0;
  auto subscription = store_->OnCommit([&](std::int64_t last) {
    visible = store_->Read([](ReadTx& tx) -> Result<std::int64_t> { return LastEvent(tx); }).value_or(0);
    heard(last);
  });
  std::int64_t last = 0;
  for (int i = 0; i < 10; ++i) {
    last = store_
               ->Write([](WriteTx& tx) -> Result<std::int64_t> {
                 return tx.Emit({.kind = "a.b", .organisation = std::nullopt, .ticket = 0, .payload = "{}"});
               })
               .value_or(0);
  }
  EXPECT_EQ(last, 10);
  EXPECT_TRUE(heard.Reaches(10));
  EXPECT_EQ(visible, 10);  // what is told of can be read

  subscription.reset();
  ASSERT_TRUE(store_->Write([](WriteTx& tx) -> Status {
    tx.Emit({.kind = "a.b", .organisation = std::nullopt, .ticket = 0, .payload = "{}"});
    return {};
  }));
  Heard other;
  const auto second = store_->OnCommit([&](std::int64_t newest) { other(newest); });
  ASSERT_TRUE(store_->Write([](WriteTx& tx) -> Status {
    tx.Emit({.kind = "a.b", .organisation = std::nullopt, .ticket = 0, .payload = "{}"});
    return {};
  }));
  EXPECT_TRUE(other.Reaches(12));
  EXPECT_EQ(heard.last(), 10);
}

TEST_P(StoreConformance, ASubscriberMayEndItselfWhileItIsCalled) {
  Heard heard;
  Store::Subscription subscription;
  std::mutex mutex;
  {
    const std::scoped_lock lock(mutex);
    subscription = store_->OnCommit([&](std::int64_t last) {
      const std::scoped_lock held(mutex);
      subscription.reset();
      heard(last);
    });
  }
  ASSERT_TRUE(store_->Write([](WriteTx& tx) -> Status {
    tx.Emit({.kind = "a.b", .organisation = std::nullopt, .ticket = 0, .payload = "{}"});
    return {};
  }));
  EXPECT_TRUE(heard.Reaches(1));
  const std::scoped_lock returned(mutex);  // nothing waits for a listener that ended itself: what it uses lives here
}

TEST_P(StoreConformance, TheTransactionHasOneTime) {
  auto options = Options();
  auto clock = std::make_shared<ManualClock>(kStart);
  options.clock = clock;
  Reopen(options);
  const auto times = store_->Write([&](WriteTx& tx) -> Result<std::vector<Time>> {
    const Time first = tx.Now();
    clock->Advance(Seconds(5));
    return std::vector{first, tx.Now()};
  });
  ASSERT_TRUE(times);
  EXPECT_EQ(times->at(0), kStart);
  EXPECT_EQ(times->at(1), kStart);
}

TEST_P(StoreConformance, EverythingIsThereAfterOpeningAgain) {
  ASSERT_TRUE(Put(*store_, "a"));
  Reopen(Options());
  EXPECT_EQ(Count(*store_), 1);
  EXPECT_EQ(store_->GetHealth().schema, 1);
  EXPECT_TRUE(store_->GetHealth().writable);
}

TEST_P(StoreConformance, NewMigrationsRunOnOldData) {
  ASSERT_TRUE(Put(*store_, "a"));
  auto options = Options();
  options.migrations->push_back({2, "colour", "ALTER TABLE item ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'"});
  Reopen(options);
  const auto colour = store_->Read([](ReadTx& tx) -> Result<std::string> {
    return tx.One("SELECT colour FROM item", [](const Row& row) { return row.String(0); }).value_or("");
  });
  EXPECT_EQ(colour.value_or(""), "grey");
  EXPECT_EQ(store_->GetHealth().schema, 2);
}

TEST_P(StoreConformance, ANewerSchemaIsRefused) {
  auto newer = Options();
  newer.migrations->push_back({9, "future", "CREATE TABLE future (id INTEGER PRIMARY KEY)"});
  Reopen(newer);
  store_.reset();
  const auto refused = database_->Open(Options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_EQ(refused.error().message, "store.schema_newer");
}

TEST_P(StoreConformance, AChangedMigrationIsRefused) {
  store_.reset();
  auto changed = Options();
  changed.migrations = {{1, "items", "CREATE TABLE item (id INTEGER PRIMARY KEY)"}};
  const auto refused = database_->Open(changed);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kConflict);
  EXPECT_EQ(refused.error().message, "store.migration_changed");
}

TEST_P(StoreConformance, AFailedMigrationLeavesNothingBehind) {
  ASSERT_TRUE(Put(*store_, "a"));
  store_.reset();
  for (const std::string_view bad : {"CREATE TABLE half (id INTEGER PRIMARY KEY); SELECT nonsense FROM nowhere",
                                     "INSERT INTO item VALUES (1)", "INSERT INTO part (item) VALUES (999)"}) {
    auto options = Options();
    options.migrations->push_back({2, "bad", bad});
    const auto refused = database_->Open(options);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().message, "store.migration_failed") << bad;
  }
  auto options = Options();
  options.migrations->push_back({2, "good", "CREATE TABLE half (id INTEGER PRIMARY KEY)"});
  Reopen(options);
  EXPECT_EQ(Count(*store_), 1);
}

TEST_P(StoreConformance, VerifyReportsBrokenInvariants) {
  auto options = Options();
  options.invariants.push_back([](ReadTx& tx, std::vector<std::string>& findings) {
    tx.ForEach("SELECT name FROM item WHERE size > 100", [&](const Row& row) {
      findings.push_back(row.String(0) + " is too big");
      return true;
    });
  });
  Reopen(options);
  ASSERT_TRUE(Put(*store_, "fine", 1));
  auto findings = store_->Verify(nullptr);
  ASSERT_TRUE(findings) << Describe(findings.error());
  EXPECT_TRUE(findings->empty());
  ASSERT_TRUE(Put(*store_, "huge", 101));
  findings = store_->Verify(nullptr);
  ASSERT_TRUE(findings);
  EXPECT_EQ(*findings, std::vector<std::string>{"huge is too big"});
  const auto cancelled = store_->Verify([](std::int64_t, std::int64_t) { return false; });
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().message, "store.cancelled");
}

}  // namespace propolis::store
