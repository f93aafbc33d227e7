// Times as people read them in a mail: in their zone and language. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/time.h"

namespace propolis::mail {

// "Today, 17:30", "Tomorrow, 09:00", "Friday 27 November, 09:00"; with `until` on the same day "Today, 17:30–18:00".
// `zone` is an IANA name; an unknown one is read as UTC and then said so.
std::string SayWhen(Time at, std::optional<Time> until, Time now, Language language, std::string_view zone);
std::string SayDay(Time at, Language language, std::string_view zone);    // "29 November"
std::string SayClock(Time at, Language language, std::string_view zone);  // "14:18"

}  // namespace propolis::mail
