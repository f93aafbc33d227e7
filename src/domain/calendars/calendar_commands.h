#pragma once

#include "auth/actor.h"
#include "domain/calendars/calendar.h"
#include "store/store.h"

namespace propolis::calendars {

// Errors: field errors on name (taken) and on the hours.
Result<Calendar> AddCalendar(store::WriteTx& tx, const auth::Actor& actor, const NewCalendar& request);
// Makes the next version. Tickets that are open keep the one by which they were promised.
Result<Calendar> ChangeCalendar(store::WriteTx& tx, const auth::Actor& actor, CalendarId id,
                                const CalendarChange& change, std::optional<std::int64_t> if_version);

}  // namespace propolis::calendars
