// The event hub: tells subscribers of committed events, in order, from a thread of its own. It keeps the latest events
// in memory, so a subscriber that comes back says which one it saw last and gets what it missed, or, when that is too
// long ago, a `reset` frame that means "fetch again".
//
// The hub knows nothing of connections. A sink takes a frame that is shared by all receivers; it must not block, keeps
// its own bounded queue, and answers false when that is full or its client is gone: the subscription ends, and the
// client comes back with the last event it saw. Nobody slow can hold up the others or grow the memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "store/events.h"
#include "store/store.h"

namespace propolis::live {

using Frame = std::shared_ptr<const std::string>;
using Filter = std::function<bool(const store::Event& event, std::int64_t seq)>;  // pure and quick
using Sink = std::function<bool(const Frame& frame)>;

// Server-sent events (WHATWG HTML, section 9.2) as the hub makes them when nothing else is asked for.
// id: seq, event: kind, data: {"seq","kind","ticket","at","payload"}. Without an id when seq is 0.
Frame EventFrame(const store::StoredEvent& stored);
// event: reset, with the newest event as id.
Frame ResetFrame(std::int64_t last_event);
// Only an id: the client knows from where to resume, and nothing happens.
Frame StartFrame(std::int64_t last_event);

struct HubOptions {
  std::size_t remembered = 4096;  // events that can be replayed
  std::function<Frame(const store::StoredEvent&)> event_frame = &EventFrame;
  std::function<Frame(std::int64_t last_event)> reset_frame = &ResetFrame;
  std::function<Frame(std::int64_t last_event)> start_frame = &StartFrame;
  std::shared_ptr<const Clock> clock = nullptr;  // of what is only told; null: the system's
};

// No sink or filter is called after the handle is gone. A sink may let go of its own handle.
using Subscription = std::shared_ptr<void>;

class Hub {
 public:
  explicit Hub(store::Store& store, HubOptions options = {});
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  // `after`: the last event seen; nothing: from now on. First comes the start frame, or what was missed, or a reset.
  [[nodiscard]] Subscription Subscribe(Filter filter, Sink sink, std::optional<std::int64_t> after)
      PROPOLIS_EXCLUDES(mutex_);
  // Something that is not stored and cannot be replayed (who is typing). Dropped when too much waits.
  void Tell(store::Event event) PROPOLIS_EXCLUDES(mutex_);
  [[nodiscard]] std::size_t subscribers() const PROPOLIS_EXCLUDES(mutex_);

 private:
  struct Subscriber;
  struct Remembered {
    store::StoredEvent stored;
    Frame frame;
  };

  void Loop() PROPOLIS_EXCLUDES(mutex_);
  void ReadNew();
  void Remember(const store::StoredEvent& stored, const Frame& frame);
  void Begin(const std::shared_ptr<Subscriber>& subscriber);
  void Deliver(const store::StoredEvent& stored, const Frame& frame);

  static constexpr std::size_t kMaxTold = 10'000;
  static constexpr std::size_t kMaxRememberedBytes = 16U << 20;

  store::Store& store_;
  HubOptions options_;

  // Of the hub's thread.
  std::int64_t last_ = 0;              // the newest event delivered
  std::int64_t forgotten_ = 0;         // everything up to here can no longer be replayed
  std::deque<Remembered> remembered_;  // oldest first
  std::size_t remembered_bytes_ = 0;
  std::vector<std::weak_ptr<Subscriber>> active_;

  mutable Mutex mutex_;
  CondVar changed_;
  bool heard_ PROPOLIS_GUARDED_BY(mutex_) = true;  // there may be new events
  bool stopping_ PROPOLIS_GUARDED_BY(mutex_) = false;
  std::vector<std::shared_ptr<Subscriber>> arriving_ PROPOLIS_GUARDED_BY(mutex_);
  std::deque<store::Event> told_ PROPOLIS_GUARDED_BY(mutex_);
  std::shared_ptr<std::atomic<std::size_t>> count_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::thread thread_;
  store::Store::Subscription commits_;
};

}  // namespace propolis::live
