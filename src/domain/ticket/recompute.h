// Open tickets follow a calendar whose hours changed.
#pragma once

#include <memory>

#include "jobs/worker.h"
#include "store/store.h"

namespace propolis::ticket {

// Folds the clocks of the open tickets after `after` that count by the calendar, at most `limit`, and keeps them.
// Answers the last ticket's number; nullopt when there are no more. What lies behind tells nobody anything: other hours
// count from now on at the earliest.
Result<std::optional<std::int64_t>> RecomputeOpen(store::WriteTx& tx, CalendarId calendar, std::int64_t after,
                                                  int limit);

// Has the worker do it for each calendar that changes, in portions that other writers hardly notice.
void HandleHoursChanged(jobs::Worker& worker, store::Store& store);

}  // namespace propolis::ticket
