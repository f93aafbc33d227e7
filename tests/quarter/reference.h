// The clocks of a ticket once more, written a second time for the comparison: slowly, minute by minute, from the rows
// of its entries and the plain data of the desk, with nothing of domain/sla.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "desk.h"
#include "domain/vocabulary.h"

namespace propolis::quarter {

using Instant = std::int64_t;  // microseconds since 1970

// One line of a ticket's history, as far as clocks mind it.
struct Line {
  Instant at = 0;
  enum What { kCreated, kAnswer, kCustomer, kState, kPriority, kCustomerIs } what = kCreated;
  TicketState state = TicketState::kNew;
  Priority priority = Priority::kP4;
  std::size_t customer = 0;
};

struct ReferenceClock {
  ClockKind kind = ClockKind::kFirstResponse;
  int instance = 1;
  std::string state;  // running, paused, met, breached, cancelled
  Instant started = 0;
  std::optional<Instant> due;
  std::optional<Instant> met;
  std::int64_t target = 0;   // seconds
  std::int64_t elapsed = 0;  // whole seconds
  std::string cause;
  int reopens = 0;
};

struct ReferenceResult {
  std::vector<ReferenceClock> clocks;
  std::map<std::pair<std::string, std::string>, Instant> steps;  // (clock, step) -> when it was reached
};

// `lines` in order of time, the creation first.
ReferenceResult Reckon(const std::vector<Line>& lines, Instant now);

}  // namespace propolis::quarter
