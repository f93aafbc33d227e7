// What clocks bring about by themselves: they warn before they are due, are over, and call for more people after.
//
// Whatever changes a ticket's clocks keeps the moment at which the next of them has something to do
// (ticket_detail.look_at). When that moment has come, every step reached since is written down, and told as an event,
// in one transaction: by a timer, or before anything else happens to the ticket, so that what was reached under the old
// terms is not judged by new ones. So each step happens once: over crashes (all of it or nothing is committed), several
// nodes (a step's row has a key) and clocks that are set back (its row is there). After a time without the desk all
// happen once, marked as late.
#pragma once

#include <string>
#include <vector>

#include "domain/sla/clocks.h"
#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// Acting on a step later than this after its time is late.
inline constexpr Seconds kLateAfter{60};

inline constexpr std::string_view kBreach = "breach";

// A step that a clock reached.
struct Step {
  std::string clock;  // "resolution/1"
  std::string step;   // "80%", "-1800s", "+3600s", "breach"
  Time at;
};

// The steps reached in [since, now], in order of time. A breach that a change of the target brought about is not among
// them: whoever changed it knows, and old tickets do not call anybody.
std::vector<Step> StepsReached(const std::vector<sla::TicketClock>& clocks, Time since, Time now);

// When the ticket's moment has come: writes down and tells what was reached, keeps the clocks as of tx.Now() and the
// next moment in the store, in `ticket` and in `detail`.
Status ActOnSteps(store::WriteTx& tx, Ticket& ticket, Detail& detail);

// Whether any ticket's moment has come.
bool AnyStepDue(store::ReadTx& tx, Time now);
// ActOnSteps for at most `limit` tickets whose moment has come, the longest waiting first. Answers how many there were.
Result<int> ActOnDueSteps(store::WriteTx& tx, int limit);

// A step as it is told: the payload of the event "clock.step".
struct StepTold {
  std::string id;     // the ticket's
  std::string clock;  // as above
  std::string step;
  Time at;
  bool late = false;
  static const dto::Type& Dto();
};

}  // namespace propolis::ticket
