// Tells listeners of new events on a thread of its own. Commits of this process come at once; commits of other
// processes are noticed about once a second by PRAGMA data_version.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "store/sqlite/connection.h"
#include "store/store.h"

namespace propolis::store::sqlite {

class Notifier {
 public:
  using Listener = std::function<void(std::int64_t last_event)>;

  // Throws EngineFailure when the connection cannot be opened.
  explicit Notifier(const ConnectionOptions& options);
  ~Notifier();

  // No call is under way or comes after the handle is gone. The listener itself may let go of the handle.
  Store::Subscription Add(Listener listener) PROPOLIS_EXCLUDES(mutex_);
  void Committed(std::int64_t last_event) PROPOLIS_EXCLUDES(mutex_);

 private:
  struct Entry;
  // `announced`: the newest event that needs no announcement.
  void Loop(std::int64_t announced) PROPOLIS_EXCLUDES(mutex_);
  std::int64_t Poll();

  Connection connection_;  // used by the thread only
  std::int64_t data_version_ = 0;
  Mutex mutex_;
  CondVar changed_;
  std::int64_t newest_ PROPOLIS_GUARDED_BY(mutex_) = 0;
  std::vector<std::weak_ptr<Entry>> entries_ PROPOLIS_GUARDED_BY(mutex_);
  bool stopping_ PROPOLIS_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace propolis::store::sqlite
