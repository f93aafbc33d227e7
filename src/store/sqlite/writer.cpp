#include "store/sqlite/writer.h"

#include <fmt/format.h>

#include <utility>

#include "livepatch/runtime/scope.h"
#include "store/sqlite/transaction.h"

namespace propolis::store::sqlite {
namespace {

std::unexpected<Error> Unavailable(std::string why) {
  return Fail(Code::kUnavailable, "store.failed", {{"why", std::move(why)}});
}

}  // namespace

// A waiting caller. Lives on the caller's stack until `done`.
struct Writer::Job {
  const Closure* closure = nullptr;
  std::uint32_t epoch = livepatch_epoch();  // the code that the caller's request began with
  std::chrono::steady_clock::time_point came = std::chrono::steady_clock::now();
  Status status;
  std::exception_ptr bug;  // thrown by the closure: not the engine's business, so back to the caller

  Mutex mutex;
  CondVar finished;
  bool done PROPOLIS_GUARDED_BY(mutex) = false;

  void Answer() {
    const MutexLock lock(mutex);
    done = true;
    finished.NotifyOne();  // under the lock: once it is free the caller may be gone
  }
  void Wait() {
    const MutexLock lock(mutex);
    while (!done) {
      finished.Wait(mutex);
    }
  }
};

Writer::Writer(WriterOptions options)
    : options_(std::move(options)), connection_(options_.connection), thread_([this] { Loop(); }) {}

Writer::~Writer() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    arrived_.NotifyOne();
  }
  thread_.join();
}

Status Writer::Run(const Closure& closure, Turn turn) {
  Job job;
  job.closure = &closure;
  {
    const MutexLock lock(mutex_);
    if (stopping_ || queue_.size() >= options_.queue) {
      return Fail(Code::kUnavailable, "store.busy");
    }
    (turn == Turn::kNext ? queue_ : behind_).push_back(&job);
    arrived_.NotifyOne();
  }
  job.Wait();
  if (job.bug) {
    std::rethrow_exception(job.bug);
  }
  return std::move(job.status);
}

std::int64_t Writer::queued() const {
  const MutexLock lock(mutex_);
  return static_cast<std::int64_t>(queue_.size() + behind_.size());
}

void Writer::Loop() {
  const livepatch::ThreadScope thread("store-writer");
  while (true) {
    livepatch_safe_point();
    Job* first = nullptr;
    {
      const MutexLock lock(mutex_);
      while (Idle() && !stopping_) {
        const livepatch::IdleScope idle;
        arrived_.Wait(mutex_);
      }
      if (Idle()) {
        return;
      }
      first = Pop();
    }
    RunGroup(first);
  }
}

// The next waiting job without waiting for one.
Writer::Job* Writer::Next() {
  const MutexLock lock(mutex_);
  return Idle() ? nullptr : Pop();
}

Writer::Job* Writer::Pop() {
  const bool has_waited = !behind_.empty() && behind_.front()->came + kPatience <= std::chrono::steady_clock::now();
  std::deque<Job*>& from = queue_.empty() || has_waited ? behind_ : queue_;
  Job* job = from.front();
  from.pop_front();
  return job;
}

void Writer::RunGroup(Job* first) {
  std::vector<Job*> group;
  bool lost = false;
  std::int64_t last_event = 0;
  if (!Begin(*first)) {
    first->Answer();
    return;
  }
  const auto until = std::chrono::steady_clock::now() + kCollect;
  for (Job* job = first; job != nullptr;) {
    group.push_back(job);
    lost = RunClosure(*job, last_event) == Outcome::kGroupLost;
    const bool full = group.size() >= kGroup || std::chrono::steady_clock::now() >= until;
    job = lost || full ? nullptr : Next();
  }
  if (!lost) {
    const Status committed = Commit();
    lost = !committed;
    if (lost && group.size() == 1) {
      first->status = committed;
    }
  }
  if (lost) {
    Abandon();
    if (group.size() > 1) {
      for (Job* job : group) {
        RunAlone(*job);
        job->Answer();
      }
      return;
    }
    last_event = 0;
  }
  for (Job* job : group) {
    job->Answer();
  }
  Committed(last_event);
}

void Writer::RunAlone(Job& job) {
  std::int64_t last_event = 0;
  if (!Begin(job)) {
    return;
  }
  if (RunClosure(job, last_event) == Outcome::kGroupLost) {
    Abandon();
    return;
  }
  if (Status committed = Commit(); !committed) {
    job.status = std::move(committed);
    job.bug = nullptr;
    Abandon();
    return;
  }
  Committed(last_event);
}

bool Writer::Begin(Job& job) {
  try {
    connection_.Run("BEGIN IMMEDIATE", {}, nullptr);
    return true;
  } catch (const std::exception& error) {
    writable_ = false;
    job.status = Unavailable(error.what());
    return false;
  }
}

Writer::Outcome Writer::RunClosure(Job& job, std::int64_t& last_event) {
  job.status = {};
  job.bug = nullptr;
  const auto start = std::chrono::steady_clock::now();
  SqliteWriteTx tx(connection_, options_.clock->Now());
  Outcome outcome = Outcome::kKept;
  try {
    const livepatch::BorrowScope code(job.epoch);
    connection_.Run("SAVEPOINT closure", {}, nullptr);
    job.status = (*job.closure)(tx);
  } catch (const EngineFailure& failure) {
    job.status = Unavailable(failure.what());
  } catch (const ConstraintViolation& violation) {
    job.status = Fail(Code::kConflict, "store.constraint", {{"why", violation.what()}});
  } catch (...) {
    job.bug = std::current_exception();
  }
  if (!connection_.InTransaction()) {
    outcome = Outcome::kGroupLost;
    if (job.status && !job.bug) {
      job.status = Unavailable("the transaction was given up");
    }
  } else if (!job.status || job.bug) {
    outcome = UndoClosure();
  } else {
    try {
      connection_.Run("RELEASE closure", {}, nullptr);
      last_event = std::max(last_event, tx.last_event());
    } catch (const std::exception& error) {
      job.status = Unavailable(error.what());
      outcome = UndoClosure();
    }
  }
  const auto held = std::chrono::steady_clock::now() - start;
  if (held > kSlow && options_.on_slow) {
    options_.on_slow(std::chrono::duration_cast<Micros>(held));
  }
  return outcome;
}

Writer::Outcome Writer::UndoClosure() {
  try {
    connection_.Run("ROLLBACK TO closure", {}, nullptr);
    connection_.Run("RELEASE closure", {}, nullptr);
    return Outcome::kUndone;
  } catch (const std::exception&) {
    return Outcome::kGroupLost;
  }
}

Status Writer::Commit() {
  try {
    connection_.Run("COMMIT", {}, nullptr);
    writable_ = true;
    ++commits_;
    return {};
  } catch (const ConstraintViolation& violation) {
    return Fail(Code::kConflict, "store.constraint", {{"why", violation.what()}});
  } catch (const std::exception& error) {
    writable_ = false;
    return Unavailable(error.what());
  }
}

// Leaves the connection without a transaction, whatever state it was in.
void Writer::Abandon() {
  if (!connection_.InTransaction()) {
    return;
  }
  try {
    connection_.Execute("ROLLBACK");
  } catch (const std::exception&) {
    writable_ = false;  // the next BEGIN fails too, and says why
  }
}

void Writer::Committed(std::int64_t last_event) {
  if (last_event > 0 && options_.committed) {
    options_.committed(last_event);
  }
}

}  // namespace propolis::store::sqlite
