// Wall-clock readings in an IANA zone, and the instants they stand for.
//
// A reading stands for the first instant at which the clock shows it, or for the end of the jump when the clock leaps
// over it. So readings in order give instants in order, and two that one jump swallows give the same instant.
#pragma once

#include <chrono>
#include <string>

#include "base/time.h"

namespace date {
class time_zone;
}

namespace propolis {

// nullptr: this machine's database has no such zone.
const date::time_zone* FindZone(const std::string& name);

Time InstantOf(const date::time_zone& zone, std::chrono::local_seconds reading);
// What the clock shows at that instant; whole seconds.
std::chrono::local_seconds ReadingAt(const date::time_zone& zone, Time at);

}  // namespace propolis
