#pragma once

#include "auth/actor.h"
#include "domain/calendars/calendar.h"
#include "store/store.h"

namespace propolis::calendars {

// All, by name, each as it stands at `now`.
Result<std::vector<Calendar>> Calendars(store::ReadTx& tx, const auth::Actor& actor, Time now);
// Error: kNotFound.
Result<Calendar> GetCalendar(store::ReadTx& tx, const auth::Actor& actor, CalendarId id, Time now);

// Is the current version of this calendar open? false when there is no such calendar.
bool IsOpen(store::ReadTx& tx, CalendarId id, Time now);

}  // namespace propolis::calendars
