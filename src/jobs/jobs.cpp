#include "jobs/jobs.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/crypto.h"
#include "jobs/jobs_sql.h"

namespace propolis::jobs {
namespace {

constexpr std::string_view kEnqueue =
    "INSERT INTO job (kind, key, state, run_at, attempts, payload, last_error, created_at)"
    " VALUES ($1, $2, 'waiting', $3, 0, $4, '', $5) ON CONFLICT (kind, key) DO UPDATE SET"
    " payload = excluded.payload,"
    " run_at = CASE WHEN job.state = 'running' THEN job.run_at ELSE excluded.run_at END,"
    " again_at = CASE WHEN job.state = 'running' THEN excluded.run_at END,"
    " attempts = CASE WHEN job.state = 'running' THEN job.attempts ELSE 0 END,"
    " state = CASE WHEN job.state = 'running' THEN 'running' ELSE 'waiting' END";
constexpr std::string_view kEnqueueOrKeep =
    "INSERT INTO job (kind, key, state, run_at, attempts, payload, last_error, created_at)"
    " VALUES ($1, $2, 'waiting', $3, 0, $4, '', $5) ON CONFLICT (kind, key) DO NOTHING";
constexpr std::string_view kCancel = "DELETE FROM job WHERE kind = $1 AND key = $2";
constexpr std::string_view kDead =
    "SELECT id, kind, key, run_at, attempts, payload, last_error FROM job WHERE state = 'dead' AND id > $1"
    " ORDER BY id LIMIT $2";
constexpr std::string_view kRetry =
    "UPDATE job SET state = 'waiting', run_at = $2, attempts = 0 WHERE id = $1 AND state = 'dead'";
constexpr std::string_view kDiscard = "DELETE FROM job WHERE id = $1 AND state = 'dead'";
constexpr std::string_view kCountWaiting = "SELECT count(*), min(run_at) FROM job WHERE state = 'waiting'";
constexpr std::string_view kCountRunning = "SELECT count(*) FROM job WHERE state = 'running'";
constexpr std::string_view kCountDead = "SELECT count(*) FROM job WHERE state = 'dead'";

}  // namespace

Job RowToJob(const store::Row& row) {
  return {row.Int(0), row.String(1), row.String(2), row.Time(3), static_cast<int>(row.Int(4)), row.String(5)};
}

bool Enqueue(store::WriteTx& tx, const NewJob& job, OnDuplicate duplicate) {
  return tx.Exec(duplicate == OnDuplicate::kReplace ? kEnqueue : kEnqueueOrKeep, job.kind, job.key, job.run_at,
                 job.payload, tx.Now()) > 0;
}

bool Cancel(store::WriteTx& tx, std::string_view kind, std::string_view key) { return tx.Exec(kCancel, kind, key) > 0; }

std::vector<DeadJob> DeadJobs(store::ReadTx& tx, std::int64_t after, int limit) {
  return tx.All(kDead, [](const store::Row& row) { return DeadJob{RowToJob(row), row.String(6)}; }, after, limit);
}

bool Retry(store::WriteTx& tx, std::int64_t id) { return tx.Exec(kRetry, id, tx.Now()) > 0; }

bool Discard(store::WriteTx& tx, std::int64_t id) { return tx.Exec(kDiscard, id) > 0; }

Counts Count(store::ReadTx& tx) {
  Counts counts;
  const auto number = [](const store::Row& row) { return row.Int(0); };
  tx.ForEach(kCountWaiting, [&](const store::Row& row) {
    counts.waiting = row.Int(0);
    counts.oldest_waiting = row.OptTime(1);
    return false;
  });
  counts.running = tx.One(kCountRunning, number).value_or(0);
  counts.dead = tx.One(kCountDead, number).value_or(0);
  return counts;
}

Micros Pause(const RetryPolicy& policy, int attempt, double chance) {
  const double doubled = static_cast<double>(Micros(policy.first).count()) * std::exp2(std::clamp(attempt - 1, 0, 60));
  const double bounded = std::min(doubled, static_cast<double>(Micros(policy.longest).count()));
  return Micros(static_cast<std::int64_t>(bounded * (0.8 + 0.4 * chance)));
}

double Chance() {
  std::uint32_t bits = 0;
  const std::string random = crypto::RandomBytes(sizeof bits);
  std::memcpy(&bits, random.data(), sizeof bits);
  return static_cast<double>(bits) / 4294967296.0;
}

}  // namespace propolis::jobs
