#include "store/sqlite/checkpointer.h"

#include <utility>

#include "livepatch/runtime/scope.h"

namespace propolis::store::sqlite {
namespace {

constexpr std::chrono::milliseconds kIdle{500};

}  // namespace

Checkpointer::Checkpointer(const ConnectionOptions& options, std::function<std::int64_t()> commits)
    : connection_(options), commits_(std::move(commits)), thread_([this] { Loop(); }) {}

Checkpointer::~Checkpointer() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    stopped_.NotifyOne();
  }
  thread_.join();
}

void Checkpointer::Loop() {
  const livepatch::ThreadScope thread("checkpoint");
  std::int64_t done = 0;
  std::int64_t seen = 0;
  while (true) {
    {
      const MutexLock lock(mutex_);
      if (!stopping_) {
        const livepatch::IdleScope idle;
        stopped_.WaitFor(mutex_, kIdle);
      }
      if (stopping_) {
        return;
      }
    }
    const std::int64_t now = commits_();
    if (now == seen && now != done) {  // nothing came since the last look, but something did before
      try {
        connection_.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        done = now;
      } catch (const EngineFailure&) {  // the writer meets the same trouble and reports it
      }
    }
    seen = now;
  }
}

}  // namespace propolis::store::sqlite
