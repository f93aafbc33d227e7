// What deadlines bring about by themselves: a clock warns before it is due, is over, and calls for more people after.
//
// Whatever changes a ticket's clocks keeps the moment at which the next of them has something to do
// (ticket_detail.look_at). When that moment has come, every step reached since is written down and acted on in one
// transaction, and the next moment is kept. So each step happens once: over crashes (all of it or nothing is
// committed), several nodes (writers are in a row, and a step's row has a key) and clocks that are set back (its row is
// there). After a time without the desk they all happen once, told as late.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "domain/sla/clocks.h"
#include "store/store.h"

namespace propolis::deadline {

// Acting on a step later than this after its time is told as late.
inline constexpr Seconds kLateAfter{60};

inline constexpr std::string_view kBreach = "breach";

enum class Outcome {
  kTold,
  kToldLate,
  kMoot,  // the clock had stopped before the desk looked: nobody needs to hear of it
};

// A step that a clock reached.
struct Reached {
  std::string clock;  // "resolution/1"
  ClockKind kind = ClockKind::kFirstResponse;
  int instance = 1;
  std::string step;  // "80%", "-1800s", "+3600s", "breach"
  Time at;
  bool open = true;  // the clock has not stopped since
};

// The steps reached in [since, now], in order of time. A breach that a change of the target brought about is not among
// them: whoever changed it knows, and old tickets do not call anybody.
std::vector<Reached> ReachedSince(const std::vector<sla::TicketClock>& clocks, Time since, Time now);
Outcome OutcomeOf(const Reached& step, Time now);

// Whether any ticket's moment has come.
bool AnyDue(store::ReadTx& tx, Time now);
// Acts on the steps of at most `limit` tickets whose moment has come, the longest waiting first. Answers how many
// tickets it looked at.
Result<int> Act(store::WriteTx& tx, int limit);

}  // namespace propolis::deadline

namespace propolis {

template <>
struct Names<deadline::Outcome> {
  using O = deadline::Outcome;
  static constexpr std::array kTable = {std::pair{O::kTold, std::string_view("told")},
                                        std::pair{O::kToldLate, std::string_view("told_late")},
                                        std::pair{O::kMoot, std::string_view("moot")}};
};

}  // namespace propolis
