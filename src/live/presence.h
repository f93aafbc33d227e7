// Who has which ticket open, and who is typing: kept in memory, forgotten on its own.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/mutex.h"
#include "base/time.h"

namespace propolis::live {

enum class Doing { kViewing, kTyping, kGone };

struct Present {
  StaffId staff;
  std::string name;
  Doing doing = Doing::kViewing;
  Time since;  // when she came
};

class Presence {
 public:
  // A person says from time to time that she is still there; who says nothing for kLeaves has left, and who types
  // nothing for kPauses reads.
  static constexpr Seconds kLeaves{75};
  static constexpr Seconds kPauses{12};

  // What `staff` does on a ticket now. True when others see something else than before.
  bool Say(std::int64_t ticket, StaffId staff, std::string name, Doing doing, Time now) PROPOLIS_EXCLUDES(mutex_);
  // Who is on a ticket, whoever came first in front.
  [[nodiscard]] std::vector<Present> On(std::int64_t ticket, Time now) const PROPOLIS_EXCLUDES(mutex_);

 private:
  struct Seen {
    StaffId staff;
    std::string name;
    Time since;
    Time said;
    Time typed;
    Doing shown = Doing::kViewing;  // as others were last told
  };
  static Doing DoingOf(const Seen& seen, Time now);
  // True when somebody was there no longer.
  static bool Forget(std::vector<Seen>& people, Time now);
  void ForgetAll(Time now) PROPOLIS_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::map<std::int64_t, std::vector<Seen>> tickets_ PROPOLIS_GUARDED_BY(mutex_);
  Time swept_ PROPOLIS_GUARDED_BY(mutex_);
};

}  // namespace propolis::live
