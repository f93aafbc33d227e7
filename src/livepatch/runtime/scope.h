// The runtime's calls as scopes, for C++.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "livepatch/runtime/runtime.h"

namespace propolis::livepatch {

// The body of a thread.
class ThreadScope {
 public:
  explicit ThreadScope(const char* name) { livepatch_thread_enter(name); }
  ~ThreadScope() { livepatch_thread_leave(); }
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;
};

// A wait: for a condition, a signal, a connection.
class IdleScope {
 public:
  IdleScope() { livepatch_idle_begin(); }
  ~IdleScope() { livepatch_idle_end(); }
  IdleScope(const IdleScope&) = delete;
  IdleScope& operator=(const IdleScope&) = delete;
};

// A request that is worked on in one go.
class RequestScope {
 public:
  explicit RequestScope(const char* what) : request_() {
    livepatch_request_begin(&request_, what);
    livepatch_request_resume(&request_);
  }
  ~RequestScope() {
    livepatch_request_suspend(&request_);
    livepatch_request_end(&request_);
  }
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;

 private:
  livepatch_request request_;
};

// Work of a request, done by another thread while the request waits.
class BorrowScope {
 public:
  explicit BorrowScope(std::uint32_t epoch) : previous_(livepatch_borrow(epoch)) {}
  ~BorrowScope() { livepatch_give_back(previous_); }
  BorrowScope(const BorrowScope&) = delete;
  BorrowScope& operator=(const BorrowScope&) = delete;

 private:
  std::uint32_t previous_;
};

// Waits idly. False when the thread is to stop.
inline bool Pause(const std::stop_token& stop, std::chrono::milliseconds how_long) {
  const IdleScope idle;
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, how_long, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace propolis::livepatch
