// Moves the write-ahead log into the database while nobody writes, so that commits seldom have to.
#pragma once

#include <functional>
#include <thread>

#include "base/mutex.h"
#include "store/sqlite/connection.h"

namespace propolis::store::sqlite {

class Checkpointer {
 public:
  // `commits` counts up with every commit of this process. Throws EngineFailure when the connection cannot be opened.
  Checkpointer(const ConnectionOptions& options, std::function<std::int64_t()> commits);
  ~Checkpointer();

 private:
  void Loop() PROPOLIS_EXCLUDES(mutex_);

  Connection connection_;  // used by the thread only
  std::function<std::int64_t()> commits_;
  Mutex mutex_;
  CondVar stopped_;
  bool stopping_ PROPOLIS_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace propolis::store::sqlite
