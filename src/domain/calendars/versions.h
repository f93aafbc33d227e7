// A calendar through time: its versions, each from the moment from which it counts. A version never changes, so what
// was read once is kept for the whole process, up to a bound.
#pragma once

#include <memory>
#include <vector>

#include "base/ids.h"
#include "domain/sla/calendar.h"
#include "domain/sla/working_time.h"
#include "store/store.h"

namespace propolis::calendars {

struct Hours {
  sla::Calendar calendar;
  sla::WorkingTime working;
};

struct Version {
  std::int64_t number = 0;
  Time from;  // the first counts for what lies before it as well
  std::shared_ptr<const Hours> hours;
};

// All versions, the oldest first; their `from` never goes back. Empty: there is no such calendar. Do not ask in a
// transaction that changes the calendar: one that is undone would leave its version behind.
std::shared_ptr<const std::vector<Version>> VersionsOf(store::ReadTx& tx, CalendarId id);

// What counts at `at`; nullptr: there is no such calendar.
std::shared_ptr<const Hours> HoursAt(store::ReadTx& tx, CalendarId id, Time at);

}  // namespace propolis::calendars
