#include "jobs/follower.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "store/test_support.h"

namespace propolis::jobs {
namespace {

class Following : public testing::Test {
 protected:
  std::int64_t Emit(std::int64_t ticket) {
    return desk_
        ->Write([&](store::WriteTx& tx) -> Result<std::int64_t> {
          return tx.Emit({.kind = "a.b", .organisation = std::nullopt, .ticket = ticket, .payload = "{}"});
        })
        .value_or(0);
  }
  FollowerState State(std::string_view name) {
    const auto all = desk_->Read([](store::ReadTx& tx) -> Result<std::vector<FollowerState>> { return Followers(tx); });
    for (const auto& state : all.value()) {
      if (state.name == name) {
        return state;
      }
    }
    return {};
  }
  Follower::Outside Note() {
    return [this](EventBatch batch) -> Status {
      for (const auto& stored : batch) {
        if (stored.event.ticket == poison_) {
          return Fail(Code::kInternal, "no");
        }
      }
      for (const auto& stored : batch) {
        seen_.push_back(stored.event.ticket);
      }
      return {};
    };
  }
  using Tickets = std::vector<std::int64_t>;

  store::TestStore desk_;
  Tickets seen_;
  std::int64_t poison_ = -1;
};

TEST_F(Following, EventsComeInOrderAndThePositionOutlivesTheFollower) {
  for (int i = 1; i <= 5; ++i) {
    Emit(i);
  }
  {
    Follower follower(*desk_, {.name = "mail", .batch = 2}, Note());
    EXPECT_EQ(follower.RunPending().value_or(-1), 5);
    EXPECT_EQ(follower.RunPending().value_or(-1), 0);
  }
  Emit(6);
  Follower follower(*desk_, {.name = "mail"}, Note());
  EXPECT_EQ(State("mail").behind, 1);
  EXPECT_EQ(follower.RunPending().value_or(-1), 1);
  EXPECT_EQ(seen_, (Tickets{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(State("mail").position, 6);
  EXPECT_EQ(State("mail").behind, 0);
}

TEST_F(Following, EachNameHasItsOwnPosition) {
  Emit(1);
  Follower first(*desk_, {.name = "first"}, Note());
  EXPECT_EQ(first.RunPending().value_or(-1), 1);
  Follower second(*desk_, {.name = "second"}, Note());
  EXPECT_EQ(second.RunPending().value_or(-1), 1);
  EXPECT_EQ(seen_, (Tickets{1, 1}));
}

TEST_F(Following, ANewFollowerMayBeginWithWhatComesNext) {
  Emit(1);
  Follower follower(*desk_, {.name = "late", .from_start = false}, Note());
  EXPECT_EQ(follower.RunPending().value_or(-1), 0);
  Emit(2);
  EXPECT_EQ(follower.RunPending().value_or(-1), 1);
  EXPECT_EQ(seen_, (Tickets{2}));
}

// Everything before the event that cannot be handled gets through; the follower stays at it, and says so.
TEST_F(Following, APoisonousEventStopsOnlyWhatComesAfterIt) {
  for (int i = 1; i <= 6; ++i) {
    Emit(i);
  }
  poison_ = 4;
  Follower follower(*desk_, {.name = "mail"}, Note());
  EXPECT_FALSE(follower.RunPending());
  EXPECT_EQ(seen_, Tickets{});
  EXPECT_FALSE(follower.RunPending());
  EXPECT_EQ(seen_, (Tickets{1, 2, 3}));
  const FollowerState stuck = State("mail");
  EXPECT_EQ(stuck.position, 3);
  EXPECT_EQ(stuck.behind, 3);
  EXPECT_EQ(stuck.failures, 1);
  EXPECT_EQ(stuck.last_error, "internal: no");
  ASSERT_TRUE(desk_->Write([](store::WriteTx& tx) -> Result<bool> { return SkipEvent(tx, "mail"); }).value_or(false));
  EXPECT_EQ(follower.RunPending().value_or(-1), 2);
  EXPECT_EQ(seen_, (Tickets{1, 2, 3, 5, 6}));
  EXPECT_EQ(State("mail").failures, 0);
  EXPECT_FALSE(desk_->Write([](store::WriteTx& tx) -> Result<bool> { return SkipEvent(tx, "mail"); }).value_or(true));
}

TEST_F(Following, AnExceptionIsAFailure) {
  Emit(1);
  Follower follower(*desk_, {.name = "mail"}, [](EventBatch) -> Status { throw std::runtime_error("a bug"); });
  EXPECT_FALSE(follower.RunPending());
  EXPECT_EQ(State("mail").failures, 1);
}

// A handler inside the transaction: its rows and the position move together or not at all.
TEST_F(Following, InsideTheTransactionEffectsHappenOnce) {
  for (int i = 1; i <= 4; ++i) {
    Emit(i);
  }
  bool fail = true;
  Follower follower(*desk_, {.name = "sum", .batch = 2}, [&](store::WriteTx& tx, EventBatch batch) -> Status {
    for (const auto& stored : batch) {
      tx.Exec("INSERT INTO setting (name, value) VALUES ($1, 'x')", fmt::format("t{}", stored.event.ticket));
    }
    if (batch.back().event.ticket == 4 && std::exchange(fail, false)) {
      return Fail(Code::kUnavailable, "later");
    }
    return {};
  });
  EXPECT_FALSE(follower.RunPending());
  EXPECT_EQ(State("sum").position, 2);
  EXPECT_EQ(follower.RunPending().value_or(-1), 2);
  const auto rows = desk_->Read([](store::ReadTx& tx) -> Result<std::int64_t> {
    return tx.One("SELECT count(*) FROM setting WHERE value = 'x'", [](const store::Row& row) { return row.Int(0); })
        .value_or(0);
  });
  EXPECT_EQ(rows.value_or(0), 4);
}

TEST_F(Following, TheThreadFollowsAndRecovers) {
  std::mutex mutex;
  std::condition_variable changed;
  Tickets seen;
  int failures = 2;
  Follower follower(*desk_, {.name = "mail", .retry = {.attempts = 0, .first = Seconds(0), .longest = Seconds(0)}},
                    [&](EventBatch batch) -> Status {
                      const std::scoped_lock lock(mutex);
                      if (batch.front().event.ticket == 3 && failures-- > 0) {
                        return Fail(Code::kUnavailable, "later");
                      }
                      for (const auto& stored : batch) {
                        seen.push_back(stored.event.ticket);
                      }
                      changed.notify_all();
                      return {};
                    });
  Emit(1);
  follower.Start();
  for (int i = 2; i <= 20; ++i) {
    Emit(i);
  }
  Tickets expected;
  for (int i = 1; i <= 20; ++i) {
    expected.push_back(i);
  }
  {
    std::unique_lock lock(mutex);
    EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return seen.size() >= 20; }));
    EXPECT_EQ(seen, expected);
  }
  follower.Stop();
  EXPECT_EQ(State("mail").position, 20);
}

TEST_F(Following, OnlyWhatAllHaveHandledIsTrimmed) {
  for (int i = 1; i <= 5; ++i) {
    Emit(i);
  }
  Follower quick(*desk_, {.name = "quick"}, Note());
  EXPECT_EQ(quick.RunPending().value_or(-1), 5);
  poison_ = 3;
  Follower slow(*desk_, {.name = "slow", .batch = 1}, Note());
  EXPECT_FALSE(slow.RunPending());
  const auto trim = [&](Time before) {
    return desk_->Write([&](store::WriteTx& tx) -> Result<std::int64_t> { return TrimHandledEvents(tx, before, 100); })
        .value_or(-1);
  };
  EXPECT_EQ(trim(desk_.clock->Now()), 0);
  EXPECT_EQ(trim(desk_.clock->Now() + Seconds(1)), 2);
  poison_ = -1;
  EXPECT_EQ(slow.RunPending().value_or(-1), 3);
}

}  // namespace
}  // namespace propolis::jobs
