// Things made from rows that seldom change, kept as long as what they were made from.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"

namespace propolis::triage {

// The last things made, by what they were made from. Several stores may live in one process (tests, restores).
template <class T>
class Cache {
 public:
  std::shared_ptr<const T> Find(const std::string& key, const std::function<std::shared_ptr<const T>()>& make) {
    {
      const MutexLock lock(mutex_);
      if (const auto at = std::ranges::find(kept_, key, &Kept::key); at != kept_.end()) {
        return at->value;
      }
    }
    auto value = make();
    const MutexLock lock(mutex_);
    if (kept_.size() == kMost) {
      kept_.erase(kept_.begin());
    }
    kept_.push_back({key, value});
    return value;
  }

 private:
  static constexpr std::size_t kMost = 4;
  struct Kept {
    std::string key;
    std::shared_ptr<const T> value;
  };
  Mutex mutex_;
  std::vector<Kept> kept_ PROPOLIS_GUARDED_BY(mutex_);
};

}  // namespace propolis::triage
