#include "domain/triage/retraining.h"

#include "domain/triage/model_commands.h"

namespace propolis::triage {
namespace {

constexpr std::string_view kJob = "triage.retrain";
constexpr std::chrono::days kPause{7};
constexpr std::chrono::minutes kPoll{1};

Status Plan(store::Store& store, jobs::OnDuplicate duplicate) {
  return store.Write([&](store::WriteTx& tx) -> Status {
    jobs::Enqueue(tx, {.kind = std::string(kJob), .key = "weekly", .run_at = tx.Now() + kPause}, duplicate);
    return {};
  });
}

}  // namespace

Result<std::unique_ptr<jobs::Worker>> MakeRetraining(store::Store& store, std::shared_ptr<const Clock> clock) {
  jobs::WorkerOptions options;
  options.clock = std::move(clock);
  options.threads = 1;
  options.poll = kPoll;
  auto worker = std::make_unique<jobs::Worker>(store, std::move(options));
  worker->Handle(std::string(kJob), [&store](const jobs::Job&) -> Status {
    TRY(Retrain(store));
    return Plan(store, jobs::OnDuplicate::kReplace);  // asking again while it runs: once more, a week from now
  });
  TRY(Plan(store, jobs::OnDuplicate::kKeep));
  return worker;
}

}  // namespace propolis::triage
