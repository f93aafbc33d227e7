#include "store/sqlite/reader_pool.h"

namespace propolis::store::sqlite {

ReaderPool::ReaderPool(const ConnectionOptions& options, int size) {
  for (int i = 0; i < size; ++i) {
    all_.push_back(std::make_unique<Connection>(options));
    const MutexLock lock(mutex_);
    free_.push_back(all_.back().get());
  }
}

ReaderPool::Lease ReaderPool::Take() {
  const MutexLock lock(mutex_);
  while (free_.empty()) {
    freed_.Wait(mutex_);
  }
  Connection* connection = free_.back();
  free_.pop_back();
  return {*this, connection};
}

void ReaderPool::Give(Connection* connection) {
  const MutexLock lock(mutex_);
  free_.push_back(connection);
  freed_.NotifyOne();
}

}  // namespace propolis::store::sqlite
