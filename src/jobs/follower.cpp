#include "jobs/follower.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <utility>

#include "base/crypto.h"
#include "base/log.h"
#include "base/text.h"
#include "livepatch/runtime/scope.h"

namespace propolis::jobs {
namespace {

constexpr std::string_view kCreate =
    "INSERT INTO follower (name, seq, failures, last_error, updated_at) VALUES ($1, $2, 0, '', $3)"
    " ON CONFLICT (name) DO NOTHING";
constexpr std::string_view kPosition = "SELECT seq FROM follower WHERE name = $1";
constexpr std::string_view kAdvance =
    "UPDATE follower SET seq = $3, failures = 0, last_error = '', updated_at = $4 WHERE name = $1 AND seq = $2";
constexpr std::string_view kFail =
    "UPDATE follower SET failures = failures + 1, last_error = $2, updated_at = $3 WHERE name = $1";
constexpr std::string_view kAll = "SELECT name, seq, failures, last_error FROM follower ORDER BY name";
constexpr std::string_view kSlowest = "SELECT min(seq) FROM follower";
constexpr std::string_view kSkip =
    "UPDATE follower SET seq = (SELECT min(seq) FROM event WHERE seq > follower.seq), failures = 0, last_error = '',"
    " updated_at = $2 WHERE name = $1 AND EXISTS (SELECT 1 FROM event WHERE seq > follower.seq)";

constexpr std::chrono::seconds kPoll{1};
constexpr std::size_t kErrorLength = 500;
constexpr int kFirst = 20;  // events of the first batch that holds the writer

}  // namespace

Follower::Follower(store::Store& store, FollowerOptions options, Outside handler)
    : store_(store), options_(std::move(options)), outside_(std::move(handler)), batch_(options_.batch) {
  crypto::Start();
}

Follower::Follower(store::Store& store, FollowerOptions options, Inside handler)
    : store_(store),
      options_(std::move(options)),
      inside_(std::move(handler)),
      batch_(std::min(options_.batch, kFirst)) {
  crypto::Start();
}

Follower::~Follower() { Stop(); }

void Follower::Start() {
  commits_ = store_.OnCommit([this](std::int64_t last) {
    const MutexLock lock(mutex_);
    newest_ = last;
    changed_.NotifyOne();
  });
  if (const Status created = Create(); !created) {  // the thread tries again
    log::Error("jobs.follower_create_failed", created.error());
  }
  thread_ = std::thread([this] { Loop(); });
}

void Follower::Stop() {
  commits_.reset();
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyOne();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
}

Result<std::int64_t> Follower::RunPending() {
  std::int64_t handled = 0;
  while (true) {
    const std::int64_t step = TRY(Step());
    if (step == 0) {
      return handled;
    }
    handled += step;
  }
}

void Follower::Loop() {
  const livepatch::ThreadScope thread(options_.name.c_str());
  int failures = 0;
  while (true) {
    livepatch_safe_point();
    std::int64_t heard = 0;
    {
      const MutexLock lock(mutex_);
      if (stopping_) {
        return;
      }
      heard = newest_;
    }
    const auto step = [this] {
      const livepatch::RequestScope request("follower");  // its reads, its work and its writes run the same code
      return Step();
    }();
    if (step && *step > 0) {
      failures = 0;
      continue;
    }
    failures = step ? 0 : failures + 1;
    const Micros pause = step ? Micros(kPoll) : Pause(options_.retry, failures, Chance());
    const auto until = std::chrono::steady_clock::now() + pause;
    const MutexLock lock(mutex_);
    const livepatch::IdleScope idle;
    // New events end the wait for work, but not the pause after a failure.
    while (!stopping_ && (!step || newest_ == heard) && std::chrono::steady_clock::now() < until) {
      changed_.WaitFor(mutex_, until - std::chrono::steady_clock::now());
    }
  }
}

Result<std::int64_t> Follower::Step() {
  if (!created_) {
    TRY(Create());
  }
  const Work work = TRY(Load(singly_ > 0 ? 1 : batch_));
  if (work.events.empty()) {
    return 0;
  }
  if (Status handled = HandleBatch(work); !handled) {
    RecordFailure(handled.error());
    singly_ = std::max(singly_, static_cast<int>(work.events.size()));
    return std::unexpected(std::move(handled).error());
  }
  singly_ = std::max(0, singly_ - 1);
  return static_cast<std::int64_t>(work.events.size());
}

Status Follower::Create() {
  TRY(store_.Write([&](store::WriteTx& tx) -> Status {
    const std::int64_t start = options_.from_start ? 0 : store::LastEvent(tx);
    tx.Exec(kCreate, options_.name, start, tx.Now());
    return {};
  }));
  created_ = true;
  return {};
}

Result<Follower::Work> Follower::Load(int limit) {
  return store_.Read([&](store::ReadTx& tx) -> Result<Work> {
    Work work;
    work.position = tx.One(kPosition, [](const store::Row& row) { return row.Int(0); }, options_.name).value_or(0);
    work.events = store::EventsAfter(tx, work.position, limit);
    return work;
  });
}

Status Follower::HandleBatch(const Work& work) {
  const auto advance = [&](store::WriteTx& tx) -> Status {
    if (tx.Exec(kAdvance, options_.name, work.position, work.events.back().seq, tx.Now()) == 0) {
      return Fail(Code::kConflict, "jobs.follower_moved", {{"name", options_.name}});
    }
    return {};
  };
  try {
    if (inside_) {
      return store_.Write(
          [&](store::WriteTx& tx) -> Status {
            const auto start = std::chrono::steady_clock::now();
            TRY(advance(tx));
            TRY(inside_(tx, work.events));
            FitBatch(work.events.size(), std::chrono::steady_clock::now() - start);
            return {};
          },
          store::Turn::kBehind);
    }
    TRY(outside_(work.events));
  } catch (const std::exception& error) {
    return Fail(Code::kInternal, "jobs.exception", {{"what", error.what()}});
  }
  return store_.Write(advance);
}

void Follower::FitBatch(std::size_t events, std::chrono::steady_clock::duration held) {
  if (held > options_.hold) {
    batch_ = std::max(1, batch_ / 2);
  } else if (held < options_.hold / 2 && std::cmp_greater_equal(events, batch_)) {
    batch_ = std::min(options_.batch, batch_ * 2);
  }
}

void Follower::RecordFailure(const Error& error) {
  const std::string description = Describe(error);
  log::Warning("jobs.follower_failed", {{"name", options_.name}, {"error", description}});
  const Status recorded = store_.Write([&](store::WriteTx& tx) -> Status {
    tx.Exec(kFail, options_.name, text::Prefix(text::ToValidUtf8(description), kErrorLength), tx.Now());
    return {};
  });
  if (!recorded) {
    log::Error("jobs.follower_record_failed", recorded.error());
  }
}

std::vector<FollowerState> Followers(store::ReadTx& tx) {
  const std::int64_t newest = store::LastEvent(tx);
  return tx.All(kAll, [&](const store::Row& row) {
    return FollowerState{row.String(0), row.Int(1), std::max<std::int64_t>(0, newest - row.Int(1)),
                         static_cast<int>(row.Int(2)), row.String(3)};
  });
}

bool SkipEvent(store::WriteTx& tx, std::string_view name) { return tx.Exec(kSkip, name, tx.Now()) > 0; }

std::int64_t TrimHandledEvents(store::WriteTx& tx, Time before, int limit) {
  const auto slowest = tx.One(kSlowest, [](const store::Row& row) { return row.OptInt(0); });
  const std::int64_t up_to = slowest && *slowest ? **slowest : std::numeric_limits<std::int64_t>::max();
  return store::TrimEvents(tx, before, up_to, limit);
}

}  // namespace propolis::jobs
