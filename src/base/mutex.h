// Mutexes that the compiler checks (clang's thread-safety analysis). Declare what a mutex guards:
//
//   Mutex mutex_;
//   int count_ PROPOLIS_GUARDED_BY(mutex_) = 0;
//
// and touch it only under `MutexLock lock(mutex_);`. With other compilers the attributes vanish.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define PROPOLIS_TSA(x) __attribute__((x))
#else
#define PROPOLIS_TSA(x)
#endif
#define PROPOLIS_GUARDED_BY(x) PROPOLIS_TSA(guarded_by(x))
#define PROPOLIS_REQUIRES(...) PROPOLIS_TSA(requires_capability(__VA_ARGS__))
#define PROPOLIS_EXCLUDES(...) PROPOLIS_TSA(locks_excluded(__VA_ARGS__))

namespace propolis {

class PROPOLIS_TSA(capability("mutex")) Mutex {
 public:
  void lock() PROPOLIS_TSA(acquire_capability()) { mutex_.lock(); }
  void unlock() PROPOLIS_TSA(release_capability()) { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class PROPOLIS_TSA(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) PROPOLIS_TSA(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() PROPOLIS_TSA(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A condition on a Mutex that is held by the caller. Wakes spuriously: wait in a loop over the condition.
class CondVar {
 public:
  void Wait(Mutex& mutex) PROPOLIS_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  // False when the time ran out.
  template <class Rep, class Period>
  bool WaitFor(Mutex& mutex, std::chrono::duration<Rep, Period> how_long) PROPOLIS_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    const auto status = condition_.wait_for(lock, how_long);
    lock.release();
    return status == std::cv_status::no_timeout;
  }
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace propolis
