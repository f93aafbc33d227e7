// Runs due jobs. Jobs are claimed in batches under a lease that is renewed while they run; a worker that dies loses its
// lease and the job is run by another (or by the next start): handlers must bear being called twice.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "jobs/jobs.h"

namespace propolis::jobs {

// Success ends the job. A failure is tried again by the policy; a job that cannot ever succeed should record that in
// the store itself and answer success. Runs on a worker's thread, outside of any transaction. An exception is a
// failure.
using Handler = std::function<Status(const Job&)>;

struct WorkerOptions {
  std::shared_ptr<const Clock> clock;
  int threads = 2;
  int batch = 20;
  Seconds lease{60};
  std::chrono::milliseconds poll{250};
  RetryPolicy retry;
  // No other process runs jobs of this store: what is running at the start was left behind by a crash, and runs at
  // once.
  bool alone = false;
};

class Worker {
 public:
  Worker(store::Store& store, WorkerOptions options);
  ~Worker();  // as Stop()
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Before Start or RunDue. Jobs of kinds without a handler are left alone.
  void Handle(std::string kind, Handler handler);
  void Handle(std::string kind, Handler handler, RetryPolicy retry);

  void Start();
  // Begins nothing more, waits for the handlers that run, gives back what was claimed but not begun.
  void Stop() PROPOLIS_EXCLUDES(mutex_);
  // Looks for due jobs now instead of at the next poll. Any thread.
  void Poke() PROPOLIS_EXCLUDES(mutex_);

  // Instead of Start(): runs everything that is due, on this thread, until nothing is. Answers how many handlers ran.
  Result<std::int64_t> RunDue();

 private:
  struct Entry {
    Handler handler;
    RetryPolicy retry;
  };
  struct Claimed {
    Job job;
    std::int64_t claim = 0;
  };

  void Dispatch() PROPOLIS_EXCLUDES(mutex_);
  void Execute() PROPOLIS_EXCLUDES(mutex_);
  Status Claim() PROPOLIS_EXCLUDES(mutex_);
  Result<std::vector<Claimed>> ClaimBatch(int limit, const std::map<std::int64_t, std::int64_t>& held);
  Result<bool> AnythingToClaim();
  Status Recover();
  void RunOne(const Claimed& claimed);
  Status Finish(const Claimed& claimed, const Status& outcome);
  void GiveBack(const std::deque<Claimed>& unbegun);

  store::Store& store_;
  WorkerOptions options_;
  std::map<std::string, Entry, std::less<>> handlers_;
  std::string kinds_ = "[]";  // JSON list of the kinds handled
  std::chrono::steady_clock::time_point renewed_;

  Mutex mutex_;
  CondVar dispatch_;
  CondVar ready_changed_;
  std::deque<Claimed> ready_ PROPOLIS_GUARDED_BY(mutex_);
  std::map<std::int64_t, std::int64_t> held_ PROPOLIS_GUARDED_BY(mutex_);  // claimed and not finished: id to claim
  bool poked_ PROPOLIS_GUARDED_BY(mutex_) = false;
  bool stopping_ PROPOLIS_GUARDED_BY(mutex_) = false;
  std::thread dispatcher_;
  std::vector<std::thread> executors_;
  store::Store::Subscription commits_;
};

}  // namespace propolis::jobs
