// A person's rules as they are stored, for this room.
#pragma once

#include "domain/notify/reach.h"

namespace propolis::notify {

struct ReachRow {
  std::vector<Rule> rules;
  std::optional<QuietHours> quiet;
  std::string zone = "UTC";
  std::int64_t version = 0;  // 0: nothing is stored, the rules are those of everybody
};
ReachRow LoadReach(store::ReadTx& tx, StaffId staff);
// UTC where this machine does not know the person's zone.
const date::time_zone& ZoneOf(const ReachRow& reach);

}  // namespace propolis::notify
