// The one thread that writes. Waiting closures are taken together into one transaction (group commit), each in its own
// SAVEPOINT, and every caller is answered after that transaction is durable. When a whole group fails (full disk, a
// deferred reference broken at the commit), its closures are run again one by one, so that only the guilty one fails.
#pragma once

#include <atomic>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "store/sqlite/connection.h"
#include "store/store.h"

namespace propolis::store::sqlite {

struct WriterOptions {
  ConnectionOptions connection;
  std::shared_ptr<const Clock> clock;
  std::size_t queue = 1024;
  std::function<void(Micros held)> on_slow;
  // After each durable commit with events, on the writer's thread: the newest event. Must be quick.
  std::function<void(std::int64_t last_event)> committed;
};

class Writer {
 public:
  using Closure = std::function<Status(WriteTx&)>;

  // Throws EngineFailure when the connection cannot be opened.
  explicit Writer(WriterOptions options);
  // Finishes what is queued.
  ~Writer();

  // Blocks until the closure's transaction is durable or undone. Code::kUnavailable "store.busy" when the queue is
  // full.
  Status Run(const Closure& closure, Turn turn = Turn::kNext) PROPOLIS_EXCLUDES(mutex_);

  [[nodiscard]] std::int64_t queued() const PROPOLIS_EXCLUDES(mutex_);
  // The last transaction that had to be written was written.
  [[nodiscard]] bool writable() const { return writable_; }
  // Counts commits, for those who wait for idle moments.
  [[nodiscard]] std::int64_t commits() const { return commits_; }

 private:
  struct Job;
  enum class Outcome { kKept, kUndone, kGroupLost };

  void Loop();
  Job* Next() PROPOLIS_EXCLUDES(mutex_);
  Job* Pop() PROPOLIS_REQUIRES(mutex_);
  [[nodiscard]] bool Idle() const PROPOLIS_REQUIRES(mutex_) { return queue_.empty() && behind_.empty(); }
  void RunGroup(Job* first);
  void RunAlone(Job& job);
  bool Begin(Job& job);
  Outcome RunClosure(Job& job, std::int64_t& last_event);
  Outcome UndoClosure();
  Status Commit();
  void Abandon();
  void Committed(std::int64_t last_event);

  static constexpr std::size_t kGroup = 64;
  static constexpr std::chrono::milliseconds kCollect{5};
  static constexpr std::chrono::milliseconds kSlow{100};
  static constexpr std::chrono::milliseconds kPatience{250};

  WriterOptions options_;
  Connection connection_;
  mutable Mutex mutex_;
  CondVar arrived_;
  std::deque<Job*> queue_ PROPOLIS_GUARDED_BY(mutex_);
  std::deque<Job*> behind_ PROPOLIS_GUARDED_BY(mutex_);  // Turn::kBehind
  bool stopping_ PROPOLIS_GUARDED_BY(mutex_) = false;
  std::atomic<bool> writable_ = true;
  std::atomic<std::int64_t> commits_ = 0;
  std::thread thread_;
};

}  // namespace propolis::store::sqlite
