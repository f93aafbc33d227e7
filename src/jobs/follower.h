// A durable consumer of the event table: it keeps its own position in the store, is called with the events after it in
// order, at least once, and goes on where it stood after a restart. One Follower a name at a time.
//
// When the handler fails, the same events come again after a growing pause, then one by one, so that everything before
// the one that cannot be handled gets through; `follower.failures` and `last_error` in the store show who is stuck and
// why.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "jobs/jobs.h"
#include "store/events.h"
#include "store/store.h"

namespace propolis::jobs {

using EventBatch = std::span<const store::StoredEvent>;

struct FollowerOptions {
  std::string name;
  int batch = 200;  // events at most
  // A batch is meant to hold the writer for no longer, because requests wait behind it: its size follows from how long
  // the one before took.
  std::chrono::milliseconds hold{10};
  // Where a follower begins that has no position yet: at the oldest event kept, or at what comes next.
  bool from_start = true;
  RetryPolicy retry = {.attempts = 0, .first = Seconds(1), .longest = Seconds(60)};  // never gives up
};

class Follower {
 public:
  // Outside of any transaction: for effects on the world. Must bear the same events twice.
  using Outside = std::function<Status(EventBatch)>;
  // In the transaction that moves the position: for effects in the store, which so happen exactly once.
  using Inside = std::function<Status(store::WriteTx&, EventBatch)>;

  Follower(store::Store& store, FollowerOptions options, Outside handler);
  Follower(store::Store& store, FollowerOptions options, Inside handler);
  ~Follower();  // as Stop()
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void Start();
  // Waits for the handler that runs.
  void Stop() PROPOLIS_EXCLUDES(mutex_);
  // Instead of Start(): handles everything there is, on this thread. Answers how many events; the first failure ends
  // it.
  Result<std::int64_t> RunPending();

 private:
  struct Work {
    std::int64_t position = 0;
    std::vector<store::StoredEvent> events;
  };
  void Loop() PROPOLIS_EXCLUDES(mutex_);
  // Handles one batch. Answers its size, 0 when there was nothing.
  Result<std::int64_t> Step();
  Result<Work> Load(int limit);
  Status Create();
  Status HandleBatch(const Work& work);
  void FitBatch(std::size_t events, std::chrono::steady_clock::duration held);
  void RecordFailure(const Error& error);

  store::Store& store_;
  FollowerOptions options_;
  Outside outside_;
  Inside inside_;
  bool created_ = false;
  int singly_ = 0;  // how many of the next events come one by one
  int batch_ = 0;   // how many events come at once now
  Mutex mutex_;
  CondVar changed_;
  std::int64_t newest_ PROPOLIS_GUARDED_BY(mutex_) = 0;  // heard of
  bool stopping_ PROPOLIS_GUARDED_BY(mutex_) = false;
  std::thread thread_;
  store::Store::Subscription commits_;
};

struct FollowerState {
  std::string name;
  std::int64_t position = 0;
  std::int64_t behind = 0;  // the newest event's number minus the position
  int failures = 0;
  std::string last_error;
};
std::vector<FollowerState> Followers(store::ReadTx& tx);
// An operator's way past an event that can never be handled. False when there is no such follower.
bool SkipEvent(store::WriteTx& tx, std::string_view name);
// Deletes events older than `before` that every follower has handled, at most `limit`. Answers how many.
std::int64_t TrimHandledEvents(store::WriteTx& tx, Time before, int limit);

}  // namespace propolis::jobs
