#include "app/channels.h"

#include <chrono>
#include <functional>
#include <thread>

#include "app/audit_log.h"
#include "app/mail_settings.h"
#include "app/witness_push.h"
#include "base/log.h"
#include "channels/mail/intake.h"
#include "channels/mail/outbox.h"
#include "channels/notify/deliver.h"
#include "domain/aftermath/aftermath.h"
#include "domain/escalation/escalation.h"
#include "domain/evidence/evidence.h"
#include "domain/promise/promise.h"
#include "domain/survey/survey.h"
#include "domain/ticket/recompute.h"
#include "domain/ticket/steps.h"
#include "domain/ticket/timers.h"
#include "domain/triage/retraining.h"
#include "jobs/follower.h"
#include "livepatch/runtime/scope.h"
#include "search/index.h"

namespace propolis::app {

struct Channels::Parts {
  std::vector<std::unique_ptr<jobs::Follower>> followers;
  std::unique_ptr<mail::Intake> intake;
  std::unique_ptr<net::LineServer> lmtp;
  std::unique_ptr<mail::Sender> sender;
  std::jthread timer;
  std::jthread steps;
  std::jthread audit_tree;
  std::jthread witness;
  std::unique_ptr<jobs::Worker> retraining;
  std::unique_ptr<jobs::Worker> caller;
  std::unique_ptr<jobs::Worker> hours;
};

namespace {

constexpr std::chrono::seconds kTick{20};
constexpr std::chrono::milliseconds kStepTick{100};
constexpr int kMostStepsAtOnce = 20;
constexpr int kMostPerTick = 200;
constexpr int kMostEventsPerTick = 2000;
constexpr std::chrono::days kEventsKept{30};  // for browsers that come back, and for looking into what happened
constexpr std::chrono::milliseconds kGrace{5'000};

std::unique_ptr<jobs::Follower> Inside(store::Store& store, std::string name, jobs::Follower::Inside handler) {
  return std::make_unique<jobs::Follower>(store, jobs::FollowerOptions{.name = std::move(name)}, std::move(handler));
}

void Report(std::string_view what, const Result<int>& done) {
  if (!done) {
    log::Error(what, done.error());
  }
}

// What only time brings about.
void Tick(store::Store& store) {
  Report("timer.promises",
         store.Write([](store::WriteTx& tx) -> Result<int> { return promise::SettleOverdue(tx, kMostPerTick); }));
  Report("timer.wake",
         store.Write([](store::WriteTx& tx) -> Result<int> { return ticket::WakeScheduled(tx, kMostPerTick); }));
  Report("timer.close",
         store.Write([](store::WriteTx& tx) -> Result<int> { return ticket::CloseResolved(tx, kMostPerTick); }));
  Report("timer.events", store.Write([](store::WriteTx& tx) -> Result<int> {
    return static_cast<int>(jobs::TrimHandledEvents(tx, tx.Now() - kEventsKept, kMostEventsPerTick));
  }));
}

// What clocks have to do, in portions that other writers hardly notice.
void ActOnDueSteps(store::Store& store, const Clock& clock) {
  const auto due = [&] {
    return store.Read([&](store::ReadTx& tx) -> Result<bool> { return ticket::AnyStepDue(tx, clock.Now()); })
        .value_or(false);
  };
  while (due()) {
    const auto acted =
        store.Write([](store::WriteTx& tx) -> Result<int> { return ticket::ActOnDueSteps(tx, kMostStepsAtOnce); });
    Report("timer.steps", acted);
    if (!acted || *acted < kMostStepsAtOnce) {
      return;
    }
  }
}

// `name` lives as long as the program.
std::jthread Every(const char* name, std::chrono::milliseconds pause, std::function<void()> act) {
  return std::jthread([name, pause, act = std::move(act)](const std::stop_token& stop) {
    const livepatch::ThreadScope thread(name);
    while (livepatch::Pause(stop, pause)) {
      const livepatch::RequestScope request(name);
      act();
    }
  });
}

}  // namespace

mail::IntakeOptions IntakeOptionsFor(const mail::Desk& desk) {
  mail::IntakeOptions options;
  options.desk = desk;
  options.keep_file = [](store::WriteTx& tx, const auth::Actor& author, std::int64_t ticket, std::int64_t,
                         const mail::AttachedFile& file) -> Status {
    TRY(evidence::Add(tx, author, ticket,
                      {.sha256 = file.sha256,
                       .size = file.size,
                       .filename = file.name,
                       .media_type = file.type,
                       .source = "mail",
                       .note = "",
                       .visibility = Visibility::kPublic}));
    return {};
  };
  return options;
}

Channels::Channels(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Channels::~Channels() { Stop(); }

Result<std::unique_ptr<Channels>> Channels::Start(const Args& args, api::Desk& desk) {
  auto parts = std::make_unique<Parts>();
  TRY(search::Prepare(desk.store));
  const mail::Desk mail_desk = TRY(MailDesk(args, desk.store, desk.public_url));
  desk.mail_address = mail_desk.address;
  parts->followers.push_back(Inside(desk.store, "aftermath", aftermath::Follow));
  parts->followers.push_back(Inside(desk.store, "search", search::Index));
  parts->followers.push_back(
      mail::MakeOutbox(desk.store, {.desk = mail_desk, .survey_token = [](store::WriteTx& tx, std::int64_t ticket) {
                                      // The letter may be written before the follower that asks came by.
                                      (void)survey::AskFor(tx, ticket);
                                      const auto token = survey::TokenOf(tx, ticket);
                                      if (!token) {
                                        log::Error("survey.token", token.error());
                                      }
                                      return token && *token ? **token : std::string();
                                    }}));
  parts->followers.push_back(
      std::make_unique<jobs::Follower>(desk.store, jobs::FollowerOptions{.name = "escalation", .from_start = false},
                                       jobs::Follower::Inside(escalation::Follow)));
  for (const auto& follower : parts->followers) {
    follower->Start();
  }
  parts->sender = std::make_unique<mail::Sender>(desk.store, &desk.blobs, mail_desk, TRY(MailCarrier(args)));
  parts->sender->Start();
  parts->intake = std::make_unique<mail::Intake>(desk.store, desk.blobs, IntakeOptionsFor(mail_desk));
  if (args.Has("--lmtp")) {
    parts->lmtp = TRY(mail::StartLmtp(args.Get("--lmtp"), {.hostname = mail_desk.domain}, *parts->intake));
  }
  parts->retraining = TRY(triage::MakeRetraining(desk.store));
  parts->retraining->Start();
  parts->caller = notify::MakeCaller(desk.store, mail_desk);
  parts->caller->Start();
  parts->hours = std::make_unique<jobs::Worker>(desk.store, jobs::WorkerOptions());
  ticket::HandleHoursChanged(*parts->hours, desk.store);
  parts->hours->Start();
  parts->timer = Every("timer", kTick, [&store = desk.store] { Tick(store); });
  parts->steps = Every("steps", kStepTick, [&desk] { ActOnDueSteps(desk.store, desk.clock); });
  parts->audit_tree = StartAuditTree(desk.store, TRY(AuditKey(desk.data_folder)));
  if (args.Has("--witness")) {
    parts->witness =
        StartWitnessPush(desk.store, {.url = args.Get("--witness"), .key = args.Get("--witness-key")}, *desk.metrics);
  }
  return std::unique_ptr<Channels>(new Channels(std::move(parts)));
}

void Channels::Stop() {
  if (!parts_) {
    return;
  }
  if (parts_->lmtp) {
    parts_->lmtp->Stop(kGrace);
  }
  parts_->retraining->Stop();
  parts_->caller->Stop();
  parts_->hours->Stop();
  parts_->timer = {};
  parts_->steps = {};
  parts_->audit_tree = {};
  parts_->witness = {};
  parts_->sender->Stop();
  for (const auto& follower : parts_->followers) {
    follower->Stop();
  }
  parts_.reset();
}

}  // namespace propolis::app
