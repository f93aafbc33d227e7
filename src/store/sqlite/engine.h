// The SQLite engine: a folder with desk.sqlite and blobs/. One writer thread, a pool of readers, a notifier, a
// checkpointer.
#pragma once

#include <memory>
#include <string>

#include "store/files.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/notifier.h"
#include "store/sqlite/reader_pool.h"
#include "store/sqlite/writer.h"
#include "store/store.h"

namespace propolis::store::sqlite {

Result<std::unique_ptr<Store>> OpenFolder(const OpenOptions& options);

class Engine final : public Store {
 public:
  // Throws EngineFailure.
  Engine(const OpenOptions& options, ConnectionOptions connection, std::int64_t schema, files::Descriptor lock);

  [[nodiscard]] Subscription OnCommit(std::function<void(std::int64_t last_event)> listener) override;
  Status Backup(const std::string& path, const Progress& progress) override;
  Result<std::vector<std::string>> Verify(const Progress& progress) override;
  [[nodiscard]] Health GetHealth() override;

 protected:
  Status RunRead(const std::function<Status(ReadTx&)>& fn) override;
  Status RunWrite(const std::function<Status(WriteTx&)>& fn, Turn turn) override;

 private:
  class Inside;
  std::string folder_;
  ConnectionOptions connection_;
  std::int64_t schema_;
  std::vector<Invariant> invariants_;
  std::shared_ptr<const Clock> clock_;
  files::Descriptor lock_;  // held by those who opened exclusively
  Notifier notifier_;
  ReaderPool readers_;
  Writer writer_;
  Checkpointer checkpointer_;
};

}  // namespace propolis::store::sqlite
