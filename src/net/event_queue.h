// The sender's end of an event stream: a bounded queue that exists before the connection is ready for it and outlives
// it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "net/http.h"

namespace propolis::net {

class EventQueue final : public EventStream {
 public:
  using Message = std::shared_ptr<const std::string>;

  bool Send(Message message) override PROPOLIS_EXCLUDES(mutex_);
  void Close() override PROPOLIS_EXCLUDES(mutex_);
  void OnClose(std::function<void()> closed) override PROPOLIS_EXCLUDES(mutex_);

  // For the connection. `wake` is called (from any thread, under the queue's lock) when there is something to take and
  // the last Take() found nothing left.
  void Attach(std::function<void()> wake) PROPOLIS_EXCLUDES(mutex_);
  struct Taken {
    std::vector<Message> messages;
    bool closed = false;  // nothing will follow
  };
  Taken Take() PROPOLIS_EXCLUDES(mutex_);
  // The client is gone: forgets everything and runs the OnClose function. Safe to call again.
  void Gone() PROPOLIS_EXCLUDES(mutex_);

 private:
  void WakeLocked() PROPOLIS_REQUIRES(mutex_);

  Mutex mutex_;
  std::vector<Message> messages_ PROPOLIS_GUARDED_BY(mutex_);
  std::size_t bytes_ PROPOLIS_GUARDED_BY(mutex_) = 0;
  bool closed_ PROPOLIS_GUARDED_BY(mutex_) = false;  // takes no more
  bool gone_ PROPOLIS_GUARDED_BY(mutex_) = false;
  bool asleep_ PROPOLIS_GUARDED_BY(mutex_) = false;  // the connection waits for a wake
  std::function<void()> wake_ PROPOLIS_GUARDED_BY(mutex_);
  std::function<void()> on_close_ PROPOLIS_GUARDED_BY(mutex_);
};

}  // namespace propolis::net
