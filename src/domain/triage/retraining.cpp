#include "domain/triage/retraining.h"

#include "domain/triage/model_commands.h"

namespace propolis::triage {
namespace {

constexpr std::string_view kJob = "triage.retrain";
constexpr std::chrono::days kPause{7};
constexpr std::chrono::minutes kPoll{1};

Status Plan(store::Store& store) {
  return store.Write([](store::WriteTx& tx) -> Status {
    jobs::Enqueue(tx, {.kind = std::string(kJob), .key = "weekly", .run_at = tx.Now() + kPause},
                  jobs::OnDuplicate::kKeep);
    return {};
  });
}

}  // namespace

Result<std::unique_ptr<jobs::Worker>> StartRetraining(store::Store& store) {
  jobs::WorkerOptions options;
  options.threads = 1;
  options.poll = kPoll;
  auto worker = std::make_unique<jobs::Worker>(store, std::move(options));
  worker->Handle(std::string(kJob), [&store](const jobs::Job& job) -> Status {
    TRY(Retrain(store));
    // While it runs, asking again moves it: the next one is a week after this one was due, or from now if that is past.
    return store.Write([&](store::WriteTx& tx) -> Status {
      jobs::Enqueue(tx, {.kind = job.kind, .key = job.key, .run_at = std::max(job.run_at, tx.Now() - kPause) + kPause});
      return {};
    });
  });
  TRY(Plan(store));
  worker->Start();
  return worker;
}

}  // namespace propolis::triage
