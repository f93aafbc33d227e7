#pragma once

#include "auth/actor.h"
#include "domain/calendars/calendar.h"
#include "store/store.h"

namespace propolis::calendars {

// The job by which open tickets follow other hours (ticket/recompute.h); its key is the calendar.
inline constexpr std::string_view kHoursChanged = "calendar.hours_changed";

// Errors: field errors on name (taken) and on the hours.
Result<Calendar> AddCalendar(store::WriteTx& tx, const auth::Actor& actor, const NewCalendar& request);
// Makes the next version. Tickets that are open keep the one by which they were promised.
Result<Calendar> ChangeCalendar(store::WriteTx& tx, const auth::Actor& actor, CalendarId id,
                                const CalendarChange& change, std::optional<std::int64_t> if_version);

// Adds the days off of an iCalendar file, of this year and the four to come, to those the calendar has; a date that is
// a day off already stays as it is. Makes the next version. Errors: field errors on ics, as DaysOffOf gives them, and
// field.too_many when the calendar would have more than it may.
Result<Calendar> ImportHolidays(store::WriteTx& tx, const auth::Actor& actor, CalendarId id,
                                const HolidayImport& request);

}  // namespace propolis::calendars
