// Versions of calendars and policies by which clocks run. A version never changes, so what was read once is kept for
// the whole process, up to a bound.
#pragma once

#include <memory>

#include "base/ids.h"
#include "domain/sla/calendar.h"
#include "domain/sla/working_time.h"
#include "store/store.h"

namespace propolis::calendars {

struct Hours {
  sla::Calendar calendar;
  sla::WorkingTime working;
};

// nullptr: there is no such version. Do not ask for a version in the transaction that makes it: a transaction that is
// undone would leave it behind.
std::shared_ptr<const Hours> CalendarVersion(store::ReadTx& tx, CalendarId id, std::int64_t version);

}  // namespace propolis::calendars
