// The desk learns by itself: once a week every model for which enough was taught is trained again.
#pragma once

#include <memory>

#include "jobs/worker.h"
#include "store/store.h"

namespace propolis::triage {

// A worker of that one job; the first run is a week from now. A desk that is down at the time trains when it is up.
Result<std::unique_ptr<jobs::Worker>> StartRetraining(store::Store& store);

}  // namespace propolis::triage
