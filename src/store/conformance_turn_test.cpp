// Whose write comes first.
#include <latch>
#include <thread>

#include "store/conformance.h"

namespace propolis::store {
namespace {

void AwaitQueued(Store& store, std::int64_t count) {
  while (store.GetHealth().queued_writes < count) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

Status Note(Store& store, std::string_view name, Turn turn = Turn::kNext) {
  return store.Write(
      [&](WriteTx& tx) -> Status {
        tx.Exec("INSERT INTO item (name, size) VALUES ($1, 1)", name);
        return {};
      },
      turn);
}

}  // namespace

TEST_P(StoreConformance, WhatNobodyWaitsForGoesBehind) {
  std::latch started(1);
  std::latch go(1);
  std::jthread holder([&] {
    (void)store_->Write([&](WriteTx&) -> Status {
      started.count_down();
      go.wait();
      return {};
    });
  });
  started.wait();
  std::jthread behind([&] { EXPECT_TRUE(Note(*store_, "follower", Turn::kBehind)); });
  AwaitQueued(*store_, 1);
  std::jthread first([&] { EXPECT_TRUE(Note(*store_, "person")); });
  AwaitQueued(*store_, 2);
  go.count_down();
  holder.join();
  behind.join();
  first.join();
  const auto order = store_->Read([](ReadTx& tx) -> Result<std::vector<std::string>> {
    return tx.All("SELECT name FROM item ORDER BY id", [](const Row& row) { return row.String(0); });
  });
  ASSERT_TRUE(order);
  EXPECT_EQ(*order, (std::vector<std::string>{"person", "follower"}));
}

TEST_P(StoreConformance, WhatGoesBehindIsNotPutOffForEver) {
  std::atomic<bool> stop = false;
  std::atomic<int> made = 0;
  std::vector<std::jthread> people;
  for (int i = 0; i < 8; ++i) {
    people.emplace_back([&] {
      while (!stop) {
        EXPECT_TRUE(Note(*store_, "p" + std::to_string(++made)));
      }
    });
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(Note(*store_, "f" + std::to_string(i), Turn::kBehind));
  }
  stop = true;
  people.clear();
  EXPECT_GT(made, 0);
}

TEST_P(StoreConformance, AnInsertAnswersTheKeyThatWasGiven) {
  const auto keys = store_->Write([](WriteTx& tx) -> Result<std::vector<std::int64_t>> {
    constexpr std::string_view kInsert = "INSERT INTO item (name, size) VALUES ($1, $2)";
    return std::vector{tx.Insert(kInsert, "id", "a", 1), tx.Insert(kInsert, "id", "b", 2)};
  });
  ASSERT_TRUE(keys);
  const auto names = store_->Read([&](ReadTx& tx) -> Result<std::string> {
    const auto name = [](const Row& row) { return row.String(0); };
    return tx.One("SELECT name FROM item WHERE id = $1", name, keys->at(0)).value_or("") +
           tx.One("SELECT name FROM item WHERE id = $1", name, keys->at(1)).value_or("");
  });
  EXPECT_EQ(names, "ab");
}

}  // namespace propolis::store
