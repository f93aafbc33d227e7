#include "net/worker_pool.h"

#include <pthread.h>

#include "livepatch/runtime/scope.h"

namespace propolis::net {

WorkerPool::WorkerPool(std::string name, unsigned threads, std::size_t queue) : name_(std::move(name)), limit_(queue) {
  for (unsigned i = 0; i < std::max(1U, threads); ++i) {
    threads_.emplace_back([this] { Work(); });
    pthread_setname_np(threads_.back().native_handle(), name_.substr(0, 15).c_str());
  }
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::Submit(Task task) {
  {
    MutexLock lock(mutex_);
    if (stopped_ || tasks_.size() >= limit_) {
      return false;
    }
    tasks_.push_back(std::move(task));
  }
  wake_.NotifyOne();
  return true;
}

void WorkerPool::Stop() {
  {
    MutexLock lock(mutex_);
    stopped_ = true;
  }
  wake_.NotifyAll();
  for (auto& thread : threads_) {
    if (thread.joinable()) {
      thread.join();
    }
  }
}

std::size_t WorkerPool::Waiting() {
  MutexLock lock(mutex_);
  return tasks_.size();
}

void WorkerPool::Work() {
  const livepatch::ThreadScope thread(name_.c_str());
  while (true) {
    livepatch_safe_point();
    Task task;
    {
      MutexLock lock(mutex_);
      while (tasks_.empty() && !stopped_) {
        const livepatch::IdleScope idle;
        wake_.Wait(mutex_);
      }
      if (tasks_.empty()) {
        return;
      }
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace propolis::net
