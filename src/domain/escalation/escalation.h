// Where time and tickets meet escalation: what a clock's step, a new P1 and an end of the work bring about.
//
//   warning of a clock        tells the assignee, or the team when nobody is assigned
//   breach, steps after it    start the team's escalation policy (page_commands.h)
//   a ticket becomes P1       does the same
//   answered or resolved      ends the page
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "domain/vocabulary.h"
#include "jobs/follower.h"
#include "store/store.h"

namespace propolis::escalation {

struct ClockStep {
  std::int64_t ticket = 0;
  ClockKind clock = ClockKind::kFirstResponse;
  int instance = 0;
  std::string step;      // "80%", "-1800s", "+3600s", "breach"
  bool warning = false;  // before the breach
  bool late = false;     // it was due while the desk was down
  std::string key;       // the same for the same step of the same clock
};

// Idempotent by key. A ticket that is no longer open is left alone.
Status OnClockStep(store::WriteTx& tx, const ClockStep& step);

// A follower of events (Inside): acts on clocks' steps, begins a page for each ticket that becomes P1, ends those that
// were answered or whose ticket is done.
Status Follow(store::WriteTx& tx, jobs::EventBatch events);

}  // namespace propolis::escalation
