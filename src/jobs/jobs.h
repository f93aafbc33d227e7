// Durable work for later: a row in the same transaction as what asks for it, run at least once at or after its time.
//
//   jobs::Enqueue(tx, {.kind = "mail.send", .key = entry_id.ToString(), .run_at = tx.Now(), .payload = json});
//
// There is one job for each kind and key. Asking again replaces what waits (so a timer is moved by asking again); while
// it runs, it will run once more afterwards with the new payload. A job that fails is tried again with growing pauses
// and after its last attempt stays as a dead letter, for a person to retry or discard. Payloads are JSON and hold no
// secrets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "store/store.h"

namespace propolis::jobs {

struct NewJob {
  std::string kind;  // "mail.send"
  std::string key;   // what it is about
  Time run_at;
  std::string payload = "{}";
};

enum class OnDuplicate {
  kReplace,  // the newest request counts; dead letters come back to life
  kKeep,     // an existing job, even a dead one, stays as it is
};

// False when an existing job was kept.
bool Enqueue(store::WriteTx& tx, const NewJob& job, OnDuplicate duplicate = OnDuplicate::kReplace);
// A job that is running goes on, but will not be tried or run again. False when there was none.
bool Cancel(store::WriteTx& tx, std::string_view kind, std::string_view key);

// A job as its handler sees it.
struct Job {
  std::int64_t id = 0;
  std::string kind;
  std::string key;
  Time run_at;
  int attempt = 0;  // 1 for the first
  std::string payload;
};

struct DeadJob {
  Job job;
  std::string last_error;
};

// Dead letters with ids greater than `after`, oldest first.
std::vector<DeadJob> DeadJobs(store::ReadTx& tx, std::int64_t after, int limit);
// A dead letter runs again now. False when there is no such dead letter.
bool Retry(store::WriteTx& tx, std::int64_t id);
bool Discard(store::WriteTx& tx, std::int64_t id);

struct Counts {
  std::int64_t waiting = 0;
  std::int64_t running = 0;
  std::int64_t dead = 0;
  std::optional<Time> oldest_waiting;  // the earliest run_at
};
Counts Count(store::ReadTx& tx);

// How failures are tried again.
struct RetryPolicy {
  int attempts = 12;
  Seconds first{5};  // the pause after the first failure; doubles each time
  Seconds longest{3600};
};
// The pause after the given failed attempt. `chance` in [0, 1) spreads it by a fifth to both sides, so that jobs that
// failed together do not come back together.
Micros Pause(const RetryPolicy& policy, int attempt, double chance);
// A number for `chance`.
double Chance();

}  // namespace propolis::jobs
