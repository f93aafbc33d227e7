#include "domain/wall_clock.h"

#include <date/tz.h>

namespace propolis {

const date::time_zone* FindZone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

Time InstantOf(const date::time_zone& zone, std::chrono::local_seconds reading) {
  const date::local_seconds local{reading.time_since_epoch()};
  const date::local_info info = zone.get_info(local);
  if (info.result == date::local_info::nonexistent) {
    return Time{info.first.end};
  }
  return Time{local.time_since_epoch() - info.first.offset};
}

std::chrono::local_seconds ReadingAt(const date::time_zone& zone, Time at) {
  const auto second = std::chrono::floor<Seconds>(at);
  return std::chrono::local_seconds{second.time_since_epoch() + zone.get_info(second).offset};
}

}  // namespace propolis
