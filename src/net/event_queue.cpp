#include "net/event_queue.h"

namespace propolis::net {

bool EventQueue::Send(Message message) {
  MutexLock lock(mutex_);
  if (closed_) {
    return false;
  }
  if (messages_.size() >= kMaxQueued || bytes_ + message->size() > kMaxQueuedBytes) {
    closed_ = true;  // too slow: what is queued is worthless without the rest
    messages_.clear();
    bytes_ = 0;
    WakeLocked();
    return false;
  }
  bytes_ += message->size();
  messages_.push_back(std::move(message));
  WakeLocked();
  return true;
}

void EventQueue::Close() {
  MutexLock lock(mutex_);
  if (!closed_) {
    closed_ = true;
    WakeLocked();
  }
}

void EventQueue::OnClose(std::function<void()> closed) {
  {
    MutexLock lock(mutex_);
    if (!gone_) {
      on_close_ = std::move(closed);
      return;
    }
  }
  closed();
}

void EventQueue::Attach(std::function<void()> wake) {
  MutexLock lock(mutex_);
  wake_ = std::move(wake);
}

EventQueue::Taken EventQueue::Take() {
  MutexLock lock(mutex_);
  Taken taken;
  taken.messages = std::exchange(messages_, {});
  bytes_ = 0;
  asleep_ = taken.messages.empty();
  taken.closed = closed_;
  return taken;
}

void EventQueue::Gone() {
  std::function<void()> on_close;
  {
    MutexLock lock(mutex_);
    gone_ = true;
    closed_ = true;
    wake_ = nullptr;
    messages_.clear();
    on_close = std::exchange(on_close_, nullptr);
  }
  if (on_close) {
    on_close();
  }
}

void EventQueue::WakeLocked() {
  if (asleep_ && wake_) {
    asleep_ = false;
    wake_();
  }
}

}  // namespace propolis::net
