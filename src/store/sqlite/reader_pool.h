// A fixed number of read-only connections. Take() waits until one is free.
#pragma once

#include <memory>
#include <vector>

#include "base/mutex.h"
#include "store/sqlite/connection.h"

namespace propolis::store::sqlite {

class ReaderPool {
 public:
  // Throws EngineFailure when a connection cannot be opened.
  ReaderPool(const ConnectionOptions& options, int size);

  // Gives its connection back at the end.
  class Lease {
   public:
    Lease(ReaderPool& pool, Connection* connection) : pool_(pool), connection_(connection) {}
    ~Lease() { pool_.Give(connection_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& operator*() const { return *connection_; }

   private:
    ReaderPool& pool_;
    Connection* connection_;
  };
  [[nodiscard]] Lease Take() PROPOLIS_EXCLUDES(mutex_);

 private:
  void Give(Connection* connection) PROPOLIS_EXCLUDES(mutex_);

  std::vector<std::unique_ptr<Connection>> all_;
  Mutex mutex_;
  CondVar freed_;
  std::vector<Connection*> free_ PROPOLIS_GUARDED_BY(mutex_);  // the last given is taken first: its cache is warm
};

}  // namespace propolis::store::sqlite
