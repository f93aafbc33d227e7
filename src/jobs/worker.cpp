#include "jobs/worker.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

#include "base/crypto.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "jobs/jobs_sql.h"
#include "livepatch/runtime/scope.h"

namespace propolis::jobs {
namespace {

constexpr std::string_view kAnythingDue =
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM job WHERE state = 'waiting' AND run_at <= $1"
    " AND kind IN (SELECT value FROM json_each($2)))"
    " OR EXISTS (SELECT 1 FROM job WHERE state = 'running' AND lease_until < $1)";
constexpr std::string_view kRenew = "UPDATE job SET lease_until = $3 WHERE id = $1 AND claim = $2";
constexpr std::string_view kExpire =
    "UPDATE job SET state = CASE WHEN attempts >= $2 THEN 'dead' ELSE 'waiting' END, claim = NULL,"
    " run_at = coalesce(again_at, $1), again_at = NULL, last_error = 'lost: its worker stopped without an answer'"
    " WHERE state = 'running' AND lease_until < $1";
constexpr std::string_view kClaim =
    "UPDATE job SET state = 'running', claim = $1, lease_until = $2, attempts = attempts + 1 WHERE id IN"
    " (SELECT id FROM job WHERE state = 'waiting' AND run_at <= $3 AND kind IN (SELECT value FROM json_each($4))"
    " ORDER BY run_at, id LIMIT $5) RETURNING id, kind, key, run_at, attempts, payload";
constexpr std::string_view kDone = "DELETE FROM job WHERE id = $1 AND claim = $2 AND again_at IS NULL";
constexpr std::string_view kAgain =
    "UPDATE job SET state = 'waiting', run_at = again_at, again_at = NULL, claim = NULL, attempts = 0, last_error = ''"
    " WHERE id = $1 AND claim = $2 AND again_at IS NOT NULL";
constexpr std::string_view kFailed =
    "UPDATE job SET state = 'waiting', run_at = $3, claim = NULL, last_error = $4 WHERE id = $1 AND claim = $2";
constexpr std::string_view kDied =
    "UPDATE job SET state = 'dead', claim = NULL, last_error = $3 WHERE id = $1 AND claim = $2";
constexpr std::string_view kGiveBack =
    "UPDATE job SET state = 'waiting', claim = NULL, attempts = attempts - 1,"
    " run_at = coalesce(again_at, run_at), again_at = NULL WHERE id = $1 AND claim = $2";
constexpr std::string_view kRecover = "UPDATE job SET lease_until = 0 WHERE state = 'running'";

constexpr std::size_t kErrorLength = 500;  // code points kept of an error's description

std::int64_t NewClaim() {
  std::uint64_t bits = 0;
  const std::string random = crypto::RandomBytes(sizeof bits);
  std::memcpy(&bits, random.data(), sizeof bits);
  return static_cast<std::int64_t>(bits >> 1U);
}

}  // namespace

Worker::Worker(store::Store& store, WorkerOptions options) : store_(store), options_(std::move(options)) {
  crypto::Start();
  if (!options_.clock) {
    options_.clock = std::make_shared<SystemClock>();
  }
}

Worker::~Worker() { Stop(); }

void Worker::Handle(std::string kind, Handler handler) { Handle(std::move(kind), std::move(handler), options_.retry); }

void Worker::Handle(std::string kind, Handler handler, RetryPolicy retry) {
  handlers_[std::move(kind)] = {std::move(handler), retry};
  json::Writer writer;
  writer.BeginArray();
  for (const auto& [name, entry] : handlers_) {
    writer.String(name);
  }
  writer.EndArray();
  kinds_ = writer.Take();
}

void Worker::Start() {
  if (options_.alone) {
    if (const Status recovered = Recover(); !recovered) {
      log::Error("jobs.recover_failed", recovered.error());
    }
  }
  commits_ = store_.OnCommit([this](std::int64_t) { Poke(); });
  dispatcher_ = std::thread([this] { Dispatch(); });
  for (int i = 0; i < std::max(1, options_.threads); ++i) {
    executors_.emplace_back([this] { Execute(); });
  }
}

void Worker::Stop() {
  commits_.reset();
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    dispatch_.NotifyAll();
    ready_changed_.NotifyAll();
  }
  if (dispatcher_.joinable()) {
    dispatcher_.join();
  }
  for (std::thread& executor : executors_) {
    executor.join();
  }
  executors_.clear();
  std::deque<Claimed> unbegun;
  {
    const MutexLock lock(mutex_);
    unbegun.swap(ready_);
  }
  GiveBack(unbegun);
}

void Worker::Poke() {
  const MutexLock lock(mutex_);
  poked_ = true;
  dispatch_.NotifyOne();
}

Result<std::int64_t> Worker::RunDue() {
  if (options_.alone) {
    TRY(Recover());
  }
  std::int64_t ran = 0;
  while (TRY(AnythingToClaim())) {
    const std::vector<Claimed> batch = TRY(ClaimBatch(options_.batch, {}));
    if (batch.empty()) {
      break;
    }
    for (const Claimed& claimed : batch) {
      RunOne(claimed);
      ++ran;
    }
  }
  return ran;
}

void Worker::Dispatch() {
  const livepatch::ThreadScope thread("jobs");
  while (true) {
    livepatch_safe_point();
    {
      const MutexLock lock(mutex_);
      if (!poked_ && !stopping_) {
        const livepatch::IdleScope idle;
        dispatch_.WaitFor(mutex_, options_.poll);
      }
      poked_ = false;
      if (stopping_) {
        return;
      }
    }
    const Status claimed = [this] {
      const livepatch::RequestScope request("jobs");
      return Claim();
    }();
    if (!claimed) {
      log::Error("jobs.claim_failed", claimed.error());
      std::this_thread::sleep_for(options_.poll);
    }
  }
}

// Fills up what the executors have to do, and renews the leases of what they hold.
Status Worker::Claim() {
  std::map<std::int64_t, std::int64_t> held;
  int room = 0;
  {
    const MutexLock lock(mutex_);
    held = held_;
    room = std::max(0, options_.batch - static_cast<int>(ready_.size()));
  }
  const auto now = std::chrono::steady_clock::now();
  const bool renew = !held.empty() && now - renewed_ > options_.lease / 3;
  if (!renew && (room == 0 || !TRY(AnythingToClaim()))) {
    return {};
  }
  std::vector<Claimed> batch = TRY(ClaimBatch(room, held));
  renewed_ = now;
  const MutexLock lock(mutex_);
  for (Claimed& claimed : batch) {
    held_[claimed.job.id] = claimed.claim;
    ready_.push_back(std::move(claimed));
  }
  ready_changed_.NotifyAll();
  return {};
}

Result<bool> Worker::AnythingToClaim() {
  return store_.Read([&](store::ReadTx& tx) -> Result<bool> {
    return tx.One(kAnythingDue, [](const store::Row&) { return true; }, options_.clock->Now(), kinds_).value_or(false);
  });
}

Result<std::vector<Worker::Claimed>> Worker::ClaimBatch(int limit, const std::map<std::int64_t, std::int64_t>& held) {
  return store_.Write([&](store::WriteTx& tx) -> Result<std::vector<Claimed>> {
    const Time now = options_.clock->Now();
    for (const auto& [id, claim] : held) {  // before expired leases are looked for: the clock may have jumped
      tx.Exec(kRenew, id, claim, now + options_.lease);
    }
    tx.Exec(kExpire, now, options_.retry.attempts);
    const std::int64_t claim = NewClaim();
    std::vector<Claimed> batch = tx.All(
        kClaim, [&](const store::Row& row) { return Claimed{RowToJob(row), claim}; }, claim, now + options_.lease, now,
        kinds_, limit);
    std::ranges::sort(batch, {}, [](const Claimed& claimed) { return std::pair(claimed.job.run_at, claimed.job.id); });
    return batch;
  });
}

Status Worker::Recover() {
  return store_.Write([](store::WriteTx& tx) -> Status {
    tx.Exec(kRecover);
    return {};
  });
}

void Worker::Execute() {
  const livepatch::ThreadScope thread("job");
  while (true) {
    livepatch_safe_point();
    Claimed claimed;
    {
      const MutexLock lock(mutex_);
      while (ready_.empty() && !stopping_) {
        const livepatch::IdleScope idle;
        ready_changed_.Wait(mutex_);
      }
      if (stopping_) {
        return;
      }
      claimed = std::move(ready_.front());
      ready_.pop_front();
    }
    RunOne(claimed);
    const MutexLock lock(mutex_);
    held_.erase(claimed.job.id);
    if (ready_.empty()) {
      poked_ = true;
      dispatch_.NotifyOne();
    }
  }
}

void Worker::RunOne(const Claimed& claimed) {
  const livepatch::RequestScope request("job");
  Status outcome;
  try {
    outcome = handlers_.find(claimed.job.kind)->second.handler(claimed.job);
  } catch (const std::exception& error) {
    outcome = Fail(Code::kInternal, "jobs.exception", {{"what", error.what()}});
  }
  if (!outcome) {
    log::Warning("jobs.failed", {{"kind", claimed.job.kind},
                                 {"key", claimed.job.key},
                                 {"attempt", claimed.job.attempt},
                                 {"error", Describe(outcome.error())}});
  }
  // When the answer cannot be stored the lease runs out, and the job runs once more.
  if (const Status finished = Finish(claimed, outcome); !finished) {
    log::Error("jobs.finish_failed", finished.error());
  }
}

// Every statement names the claim: a worker that lost its lease changes nothing.
Status Worker::Finish(const Claimed& claimed, const Status& outcome) {
  const Job& job = claimed.job;
  const RetryPolicy& retry = handlers_.find(job.kind)->second.retry;
  const std::string error =
      outcome ? "" : std::string(text::Prefix(text::ToValidUtf8(Describe(outcome.error())), kErrorLength));
  const double chance = Chance();
  return store_.Write([&](store::WriteTx& tx) -> Status {
    if (outcome) {
      if (tx.Exec(kDone, job.id, claimed.claim) == 0) {
        tx.Exec(kAgain, job.id, claimed.claim);
      }
    } else if (job.attempt < retry.attempts) {
      tx.Exec(kFailed, job.id, claimed.claim, options_.clock->Now() + Pause(retry, job.attempt, chance), error);
    } else if (tx.Exec(kAgain, job.id, claimed.claim) == 0) {
      tx.Exec(kDied, job.id, claimed.claim, error);
    }
    return {};
  });
}

void Worker::GiveBack(const std::deque<Claimed>& unbegun) {
  if (unbegun.empty()) {
    return;
  }
  const Status given = store_.Write([&](store::WriteTx& tx) -> Status {
    for (const Claimed& claimed : unbegun) {
      tx.Exec(kGiveBack, claimed.job.id, claimed.claim);
    }
    return {};
  });
  if (!given) {
    log::Error("jobs.give_back_failed", given.error());
  }
}

}  // namespace propolis::jobs
