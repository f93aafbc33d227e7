#include "live/hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/json.h"
#include "base/log.h"
#include "livepatch/runtime/scope.h"

namespace propolis::live {
namespace {

constexpr int kBatch = 500;
constexpr std::chrono::seconds kRetry{1};

// A line break would end the field: JSON means the same with a blank.
std::string OneLine(std::string_view json) {
  std::string line(json);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line;
}

}  // namespace

Frame EventFrame(const store::StoredEvent& stored) {
  json::Writer data;
  data.BeginObject()
      .Field("seq", stored.seq)
      .Field("kind", stored.event.kind)
      .Field("ticket", stored.event.ticket)
      .Field("at", FormatTime(stored.at));
  data.Key("payload").Raw(OneLine(stored.event.payload)).EndObject();
  const std::string id = stored.seq > 0 ? fmt::format("id: {}\n", stored.seq) : "";
  return std::make_shared<const std::string>(
      fmt::format("{}event: {}\ndata: {}\n\n", id, stored.event.kind, data.Take()));
}

Frame ResetFrame(std::int64_t last_event) {
  return std::make_shared<const std::string>(fmt::format("id: {}\nevent: reset\ndata: {{}}\n\n", last_event));
}

Frame StartFrame(std::int64_t last_event) {
  return std::make_shared<const std::string>(fmt::format("id: {}\n\n", last_event));
}

struct Hub::Subscriber {
  std::recursive_mutex mutex;  // recursive: a sink may let go of its own handle
  std::shared_ptr<const Filter> filter;
  std::shared_ptr<const Sink> sink;  // null: the subscription is over
  std::optional<std::int64_t> after;

  void Send(const Frame& frame) {
    Guarded([&] {
      const auto call = sink;  // stays alive should it end itself
      if (call && !(*call)(frame)) {
        End();
      }
    });
  }
  void Offer(const store::StoredEvent& stored, const Frame& frame) {
    Guarded([&] {
      if (filter && (*filter)(stored.event, stored.seq)) {
        Send(frame);
      }
    });
  }
  void End() {
    const std::scoped_lock held(mutex);
    filter = nullptr;
    sink = nullptr;
  }

 private:
  template <class Fn>
  void Guarded(Fn call) {
    const std::scoped_lock held(mutex);
    try {
      call();
    } catch (const std::exception& error) {
      log::Error("live.subscriber_failed", {{"what", error.what()}});
      End();
    }
  }
};

Hub::Hub(store::Store& store, HubOptions options) : store_(store), options_(std::move(options)) {
  if (!options_.clock) {
    options_.clock = std::make_shared<SystemClock>();
  }
  // What happened before this process started can be resumed from, too.
  const auto remembered = static_cast<std::int64_t>(options_.remembered);
  const auto newest = store_.Read([&](store::ReadTx& tx) -> Result<std::int64_t> { return store::LastEvent(tx); });
  last_ = std::max<std::int64_t>(0, newest.value_or(0) - remembered);
  forgotten_ = last_;
  ReadNew();
  commits_ = store_.OnCommit([this](std::int64_t) {
    const MutexLock lock(mutex_);
    heard_ = true;
    changed_.NotifyOne();
  });
  thread_ = std::thread([this] { Loop(); });  // looks once by itself: for what was committed before the line above
}

Hub::~Hub() {
  commits_.reset();
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  thread_.join();
}

Subscription Hub::Subscribe(Filter filter, Sink sink, std::optional<std::int64_t> after) {
  auto subscriber = std::make_shared<Subscriber>();
  subscriber->filter = std::make_shared<const Filter>(std::move(filter));
  subscriber->sink = std::make_shared<const Sink>(std::move(sink));
  subscriber->after = after;
  ++*count_;
  {
    const MutexLock lock(mutex_);
    arriving_.push_back(subscriber);
    changed_.NotifyOne();
  }
  return {subscriber.get(), [subscriber, count = count_](void*) {
            subscriber->End();
            --*count;
          }};
}

void Hub::Tell(store::Event event) {
  const MutexLock lock(mutex_);
  if (told_.size() < kMaxTold) {
    told_.push_back(std::move(event));
    changed_.NotifyOne();
  }
}

std::size_t Hub::subscribers() const { return *count_; }

void Hub::Loop() {
  const livepatch::ThreadScope thread("live");
  while (true) {
    livepatch_safe_point();
    std::vector<std::shared_ptr<Subscriber>> arriving;
    std::deque<store::Event> told;
    {
      const MutexLock lock(mutex_);
      while (!heard_ && !stopping_ && arriving_.empty() && told_.empty()) {
        const livepatch::IdleScope idle;
        changed_.Wait(mutex_);
      }
      if (stopping_) {
        return;
      }
      heard_ = false;
      arriving.swap(arriving_);
      told.swap(told_);
    }
    ReadNew();
    for (const auto& subscriber : arriving) {
      Begin(subscriber);
    }
    for (store::Event& event : told) {
      const store::StoredEvent stored{0, options_.clock->Now(), std::move(event)};
      Deliver(stored, options_.event_frame(stored));
    }
    std::erase_if(active_, [](const auto& subscriber) { return subscriber.expired(); });
  }
}

// Everything committed since the last look: remembered and delivered.
void Hub::ReadNew() {
  while (true) {
    const auto events = store_.Read([&](store::ReadTx& tx) -> Result<std::vector<store::StoredEvent>> {
      return store::EventsAfter(tx, last_, kBatch);
    });
    if (!events) {
      log::Error("live.read_failed", events.error());
      const MutexLock lock(mutex_);
      if (!stopping_) {
        changed_.WaitFor(mutex_, kRetry);
      }
      heard_ = true;
      return;
    }
    for (const store::StoredEvent& stored : *events) {
      const Frame frame = options_.event_frame(stored);
      last_ = stored.seq;
      Remember(stored, frame);
      Deliver(stored, frame);
    }
    if (events->size() < static_cast<std::size_t>(kBatch)) {
      return;
    }
  }
}

void Hub::Remember(const store::StoredEvent& stored, const Frame& frame) {
  const auto size = [](const Remembered& entry) { return entry.frame->size() + entry.stored.event.payload.size(); };
  remembered_.push_back({stored, frame});
  remembered_bytes_ += size(remembered_.back());
  while (remembered_.size() > options_.remembered || remembered_bytes_ > kMaxRememberedBytes) {
    remembered_bytes_ -= size(remembered_.front());
    forgotten_ = remembered_.front().stored.seq;
    remembered_.pop_front();
  }
}

// Only the hub's thread sends, so nothing comes twice or out of order around the change from replay to live.
void Hub::Begin(const std::shared_ptr<Subscriber>& subscriber) {
  if (!subscriber->after) {
    subscriber->Send(options_.start_frame(last_));
  } else if (*subscriber->after < forgotten_ || *subscriber->after > last_) {
    subscriber->Send(options_.reset_frame(last_));
  } else {
    const auto missed = std::ranges::upper_bound(remembered_, *subscriber->after, {},
                                                 [](const Remembered& entry) { return entry.stored.seq; });
    for (auto entry = missed; entry != remembered_.end(); ++entry) {
      subscriber->Offer(entry->stored, entry->frame);
    }
  }
  active_.push_back(subscriber);
}

void Hub::Deliver(const store::StoredEvent& stored, const Frame& frame) {
  for (const auto& entry : active_) {
    if (const auto subscriber = entry.lock()) {
      subscriber->Offer(stored, frame);
    }
  }
}

}  // namespace propolis::live
