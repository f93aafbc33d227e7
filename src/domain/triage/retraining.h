// The desk learns by itself: once a week every model for which enough was taught is trained again.
#pragma once

#include <memory>

#include "jobs/worker.h"
#include "store/store.h"

namespace propolis::triage {

// A worker of that one job, to be started; the first run is a week from now. A desk that is down at the time trains
// when it is up. Without a clock: the system's.
Result<std::unique_ptr<jobs::Worker>> MakeRetraining(store::Store& store, std::shared_ptr<const Clock> clock = nullptr);

}  // namespace propolis::triage
