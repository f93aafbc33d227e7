#include "live/presence.h"

#include <algorithm>
#include <utility>

namespace propolis::live {

Doing Presence::DoingOf(const Seen& seen, Time now) {
  if (now - seen.said >= kLeaves) {
    return Doing::kGone;
  }
  return now - seen.typed < kPauses ? Doing::kTyping : Doing::kViewing;
}

bool Presence::Forget(std::vector<Seen>& people, Time now) {
  return std::erase_if(people, [&](const Seen& seen) { return DoingOf(seen, now) == Doing::kGone; }) > 0;
}

void Presence::ForgetAll(Time now) {
  if (now - swept_ < kLeaves) {
    return;
  }
  swept_ = now;
  for (auto each = tickets_.begin(); each != tickets_.end();) {
    Forget(each->second, now);
    each = each->second.empty() ? tickets_.erase(each) : std::next(each);
  }
}

bool Presence::Say(std::int64_t ticket, StaffId staff, std::string name, Doing doing, Time now) {
  const MutexLock lock(mutex_);
  bool changed = Forget(tickets_[ticket], now);  // before all others, of whom nobody is told
  ForgetAll(now);
  auto& people = tickets_[ticket];
  auto seen = std::ranges::find(people, staff, &Seen::staff);
  if (doing == Doing::kGone) {
    changed = changed || seen != people.end();
    if (seen != people.end()) {
      people.erase(seen);
    }
    if (people.empty()) {
      tickets_.erase(ticket);
    }
    return changed;
  }
  if (seen == people.end()) {
    people.push_back({.staff = staff, .name = {}, .since = now, .said = now, .typed = Time{}});
    seen = std::prev(people.end());
    changed = true;
  }
  seen->name = std::move(name);
  seen->said = now;
  if (doing == Doing::kTyping) {
    seen->typed = now;
  }
  const Doing shown = DoingOf(*seen, now);
  changed = changed || shown != seen->shown;
  seen->shown = shown;
  return changed;
}

std::vector<Present> Presence::On(std::int64_t ticket, Time now) const {
  const MutexLock lock(mutex_);
  std::vector<Present> there;
  const auto people = tickets_.find(ticket);
  if (people != tickets_.end()) {
    for (const Seen& seen : people->second) {
      if (const Doing doing = DoingOf(seen, now); doing != Doing::kGone) {
        there.push_back({seen.staff, seen.name, doing, seen.since});
      }
    }
  }
  return there;
}

}  // namespace propolis::live
