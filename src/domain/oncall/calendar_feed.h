// iCalendar (RFC 5545) of turns on call, for calendar programs.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace propolis::oncall {

struct FeedEvent {
  std::string uid;  // the same for the same event, whenever it is asked for
  Time from;
  Time to;
  std::string summary;
};

// The whole file, lines ended by CRLF and folded at 75 octets. `stamp`: when it was made.
std::string ToICalendar(const std::string& name, const std::vector<FeedEvent>& events, Time stamp);

}  // namespace propolis::oncall
