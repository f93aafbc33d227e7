// Days off out of an iCalendar file (RFC 5545), as public authorities and personnel offices publish them. The file is
// hostile: its size, its lines and what its rules give are bounded.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/sla/calendar.h"

namespace propolis::calendars {

constexpr std::size_t kLargestIcal = 256 * 1024;  // bytes
constexpr std::size_t kMostImported = 1000;       // days

// Every event's days from `first` to `last`, in order, each date once. Times of day are left aside; an event of several
// days gives each; a plain yearly one gives a yearly holiday; cancelled events give nothing.
// Errors: field errors on ics: no events in it, a date or a rule that cannot be read, too many days.
Result<std::vector<sla::Holiday>> DaysOffOf(std::string_view ics, sla::Date first, sla::Date last);

}  // namespace propolis::calendars
