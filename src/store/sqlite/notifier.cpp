#include "store/sqlite/notifier.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "livepatch/runtime/scope.h"

namespace propolis::store::sqlite {
namespace {

constexpr std::chrono::seconds kPoll{1};

}  // namespace

struct Notifier::Entry {
  std::recursive_mutex mutex;  // recursive: a listener may end its own subscription
  Listener listener;
};

Notifier::Notifier(const ConnectionOptions& options) : connection_(options) {
  const std::int64_t before = Poll();
  newest_ = before;
  thread_ = std::thread([this, before] { Loop(before); });
}

Notifier::~Notifier() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  thread_.join();
}

Store::Subscription Notifier::Add(Listener listener) {
  auto entry = std::make_shared<Entry>();
  entry->listener = std::move(listener);
  {
    const MutexLock lock(mutex_);
    std::erase_if(entries_, [](const auto& old) { return old.expired(); });
    entries_.push_back(entry);
  }
  return {entry.get(), [entry](void*) mutable {
            const std::scoped_lock held(entry->mutex);
            entry->listener = nullptr;
          }};
}

void Notifier::Committed(std::int64_t last_event) {
  const MutexLock lock(mutex_);
  if (last_event > newest_) {
    newest_ = last_event;
    changed_.NotifyOne();
  }
}

// The newest event that is stored, 0 when nothing changed since the last poll.
std::int64_t Notifier::Poll() {
  try {
    const std::int64_t version = connection_.Number("PRAGMA data_version");
    if (version == data_version_) {
      return 0;
    }
    data_version_ = version;
    return connection_.Number("SELECT max(seq) FROM event");
  } catch (const EngineFailure&) {
    return 0;  // tried again at the next poll
  }
}

void Notifier::Loop(std::int64_t announced) {
  const livepatch::ThreadScope thread("store-notify");
  while (true) {
    livepatch_safe_point();
    std::vector<std::shared_ptr<Entry>> listeners;
    bool poll = false;
    {
      const MutexLock lock(mutex_);
      if (newest_ == announced && !stopping_) {
        const livepatch::IdleScope idle;
        poll = !changed_.WaitFor(mutex_, kPoll);
      }
      if (stopping_) {
        return;
      }
    }
    const std::int64_t polled = poll ? Poll() : 0;
    {
      const MutexLock lock(mutex_);
      newest_ = std::max(newest_, polled);
      if (newest_ <= announced) {
        continue;
      }
      announced = newest_;
      for (const auto& entry : entries_) {
        if (auto alive = entry.lock()) {
          listeners.push_back(std::move(alive));
        }
      }
    }
    for (const auto& entry : listeners) {
      const std::scoped_lock held(entry->mutex);
      if (const Listener listener = entry->listener) {
        listener(announced);
      }
    }
  }
}

}  // namespace propolis::store::sqlite
