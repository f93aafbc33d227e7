#include "app/channels.h"

#include <condition_variable>
#include <thread>

#include "base/log.h"
#include "domain/promise/promise.h"
#include "jobs/follower.h"
#include "jobs/worker.h"

namespace propolis::app {

struct Channels::Parts {
  explicit Parts(api::Desk& all) : desk(all) {}
  api::Desk& desk;
  std::vector<std::unique_ptr<jobs::Follower>> followers;
  std::jthread timer;
};

namespace {

constexpr std::chrono::seconds kTick{20};
constexpr int kMostPerTick = 200;

// Settles promises by what the tickets' entries say.
std::unique_ptr<jobs::Follower> PromiseFollower(store::Store& store) {
  return std::make_unique<jobs::Follower>(
      store, jobs::FollowerOptions{.name = "promise"},
      jobs::Follower::Inside([](store::WriteTx& tx, jobs::EventBatch events) -> Status {
        std::int64_t last = 0;
        for (const auto& stored : events) {
          if (stored.event.kind == "ticket.updated" && stored.event.ticket != last) {
            last = stored.event.ticket;
            TRY(promise::SettleTicket(tx, last));
          }
        }
        return {};
      }));
}

// What only time brings about.
void Tick(store::Store& store) {
  const auto settled =
      store.Write([](store::WriteTx& tx) -> Result<int> { return promise::SettleOverdue(tx, kMostPerTick); });
  if (!settled) {
    log::Error("timer.promises", settled.error());
  }
}

std::jthread StartTimer(store::Store& store) {
  return std::jthread([&store](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, stop, kTick, [&] { return stop.stop_requested(); })) {
      Tick(store);
    }
  });
}

}  // namespace

Channels::Channels(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Channels::~Channels() { Stop(); }

Result<std::unique_ptr<Channels>> Channels::Start(const Args&, api::Desk& desk) {
  auto parts = std::make_unique<Parts>(desk);
  parts->followers.push_back(PromiseFollower(desk.store));
  for (const auto& follower : parts->followers) {
    follower->Start();
  }
  parts->timer = StartTimer(desk.store);
  return std::unique_ptr<Channels>(new Channels(std::move(parts)));
}

void Channels::Stop() {
  if (!parts_) {
    return;
  }
  parts_->timer = {};
  for (const auto& follower : parts_->followers) {
    follower->Stop();
  }
  parts_.reset();
}

}  // namespace propolis::app
