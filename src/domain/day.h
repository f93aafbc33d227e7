// Days: "YYYY-MM-DD", which compare as text, and what day it is in a zone.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace propolis {

// Four digits, a real month, a day that it has.
bool IsDay(std::string_view text);
// The day in an IANA zone at `at`; in UTC when there is no such zone.
std::string DayIn(const std::string& zone, Time at);

}  // namespace propolis
