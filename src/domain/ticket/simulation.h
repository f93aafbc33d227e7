// What would have become of past tickets under another policy or calendar: each is replayed from its entries, as it was
// and as it would have been. Nothing is stored, and nothing waits for it: it reads in short transactions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/calendars/calendar.h"
#include "domain/calendars/policy.h"
#include "store/store.h"

namespace propolis::ticket {

struct Simulate {
  Time from;  // tickets opened from here
  Time to;    // to here, without it
  std::optional<PolicyId> policy_id;
  std::optional<CalendarId> calendar_id;
  std::optional<OrganisationId> organisation_id;
  std::optional<calendars::NewPolicy> policy;
  std::optional<calendars::NewCalendar> calendar;
  static const dto::Type& Dto();
};

enum class ClockOutcome { kKept, kBreached, kOpen };

// Clocks of one priority and kind: how many were kept and breached, and would have been.
struct SimulatedSum {
  Priority priority = Priority::kP4;
  ClockKind clock = ClockKind::kResolution;
  std::int64_t kept_before = 0;
  std::int64_t breached_before = 0;
  std::int64_t kept_after = 0;
  std::int64_t breached_after = 0;
  static const dto::Type& Dto();
};

// One clock that comes out otherwise, or, while it is open, is due at another time.
struct SimulatedClock {
  TicketId id;
  std::string number;
  std::string subject;
  Priority priority = Priority::kP4;
  ClockKind clock = ClockKind::kResolution;
  ClockOutcome before = ClockOutcome::kOpen;
  ClockOutcome after = ClockOutcome::kOpen;
  std::optional<Time> due_before;
  std::optional<Time> due_after;
  static const dto::Type& Dto();
};

struct Simulation {
  std::int64_t tickets = 0;  // replayed
  bool complete = true;      // false: the bound of tickets or of time was reached
  std::vector<SimulatedSum> sums;
  std::int64_t flips = 0;               // clocks that are kept instead of breached, or the other way
  std::vector<SimulatedClock> flipped;  // the first of them
  std::int64_t moves = 0;               // clocks still open whose due time moves
  std::vector<SimulatedClock> moved;    // the first of them
  static const dto::Type& Dto();
};

struct SimulationBounds {
  std::int64_t tickets = 10'000;
  std::function<bool()> goes_on;  // asked between batches; false: no more time
};

// Errors: kForbidden; field errors on a period that is empty or longer than a year, when there is neither a policy nor
// a calendar, and those of the drafts themselves ("policy/targets/0", "calendar/week/1").
Result<Simulation> RunSimulation(store::Store& store, const auth::Actor& actor, const Simulate& request, Time now,
                                 const SimulationBounds& bounds);

}  // namespace propolis::ticket

namespace propolis {
template <>
struct Names<ticket::ClockOutcome> {
  using O = ticket::ClockOutcome;
  static constexpr std::array kTable = {std::pair{O::kKept, std::string_view("kept")},
                                        std::pair{O::kBreached, std::string_view("breached")},
                                        std::pair{O::kOpen, std::string_view("open")}};
};
}  // namespace propolis
