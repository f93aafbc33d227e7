// A bounded pool of threads for blocking work. Full means no: the caller answers 503 instead of queueing without end.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace propolis::net {

class WorkerPool {
 public:
  using Task = std::move_only_function<void()>;

  // `queue` is how many tasks may wait. Tasks must not throw.
  WorkerPool(std::string name, unsigned threads, std::size_t queue);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool has stopped: the task was not taken.
  [[nodiscard]] bool Submit(Task task);
  // Runs what waits, then joins. Safe to call again.
  void Stop();
  [[nodiscard]] std::size_t Waiting();

 private:
  void Work();

  std::string name_;
  std::size_t limit_;
  Mutex mutex_;
  CondVar wake_;
  std::deque<Task> tasks_ PROPOLIS_GUARDED_BY(mutex_);
  bool stopped_ PROPOLIS_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace propolis::net
