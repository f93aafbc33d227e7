// Days: "YYYY-MM-DD", which compare as text, what day it is in a zone, and weeks.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace propolis {

// Four digits, a real month, a day that it has.
bool IsDay(std::string_view text);
// The day in an IANA zone at `at`; in UTC when there is no such zone.
std::string DayIn(const std::string& zone, Time at);

// The week of `at` by its Monday, in UTC, and its name: "2026-W47" (ISO 8601).
Time MondayOf(Time at);
std::string NameOfWeek(Time monday);

}  // namespace propolis
