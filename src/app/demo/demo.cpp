#include "app/demo/demo.h"

#include <filesystem>

#include "app/demo/cast.h"
#include "app/demo/plan.h"
#include "app/demo/play.h"
#include "auth/password.h"
#include "base/crypto.h"
#include "domain/aftermath/aftermath.h"
#include "jobs/follower.h"

namespace propolis::demo {
namespace {

bool AnyStaff(store::ReadTx& tx) {
  return tx.One("SELECT 1 FROM staff LIMIT 1", [](const store::Row&) { return true; }).has_value();
}

}  // namespace

Status FillDemo(store::Store& store, blob::Store& blobs, ManualClock& clock, Time ends, const std::string& password) {
  const std::string hash = TRY(auth::HashPassword(password));
  clock.Set(ends - kSpan - std::chrono::hours{1});
  const Cast cast = TRY(store.Write([&](store::WriteTx& tx) -> Result<Cast> {
    if (AnyStaff(tx)) {
      return Fail(Code::kConflict, "demo.not_empty");
    }
    return MakeCast(tx, hash, ends);
  }));
  Plan plan = MakePlan(cast, ends);
  // What follows from each change is done while the days go by, so that it has their dates.
  jobs::Follower aftermath(store, {.name = "aftermath"}, jobs::Follower::Inside(aftermath::Follow));
  for (const Step& step : plan.steps) {
    clock.Set(step.at);
    std::optional<blob::Stored> file;
    if (step.act == Act::kEvidence) {
      file = TRY(blobs.Put(EvidenceText(plan.lives[step.life], step.at)));
    }
    TRY(store.Write([&](store::WriteTx& tx) { return Play(tx, cast, plan, step, file); }));
    if (step.act == Act::kTick) {
      TRY(aftermath.RunPending());
    }
  }
  clock.Set(ends);
  return store.Write([&](store::WriteTx& tx) { return MarkOldAsRead(tx, cast, plan, ends - std::chrono::hours{20}); });
}

}  // namespace propolis::demo

namespace propolis::app {
namespace {

// A demo is for one's own machine: its password is known on purpose, and told at every start.
constexpr std::string_view kDemoPassword = "propolis demo desk";

}  // namespace

Status MakeDemo(const std::string& folder) {
  if (std::filesystem::exists(folder + "/desk.sqlite")) {
    return {};
  }
  crypto::Start();
  const Time ends = SystemClock().Now();
  const auto clock = std::make_shared<ManualClock>(ends - demo::kSpan);
  store::OpenOptions options;
  options.location = folder;
  options.clock = clock;
  // A demo that is cut short by a power failure is made again: no need to wait for the disk at each of its steps.
  options.durability = store::Durability::kNone;
  const auto store = TRY(store::Open(options));
  const auto blobs = TRY(blob::Store::OpenFolder(folder + "/blobs"));
  return demo::FillDemo(*store, *blobs, *clock, ends, std::string(kDemoPassword));
}

std::string DemoSignIn() {
  return "sign in as " + std::string(demo::kLeadEmail) + " with the password \"" + std::string(kDemoPassword) +
         "\" (a demo: never put it on a network)";
}

}  // namespace propolis::app
