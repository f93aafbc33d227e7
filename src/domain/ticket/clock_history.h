// A ticket's entries read as the events its clocks depend on.
#pragma once

#include <set>
#include <utility>

#include "domain/calendars/policy.h"
#include "domain/sla/clocks.h"
#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// Which policy and calendar a ticket's clocks follow. A contract joins the two, so together they are one policy for
// sla.
struct Terms {
  PolicyId policy;
  std::int64_t policy_version = 0;
  CalendarId calendar;
  auto operator<=>(const Terms&) const = default;

  // The name of the pair in sla's terms.
  [[nodiscard]] std::string Key() const;
};

struct History {
  std::vector<sla::ClockEvent> events;
  std::set<Terms> terms;  // every one that ever held
};

// `first` held when the ticket was opened (unless a later entry says otherwise); an empty ticket gives no events.
History ReadHistory(store::ReadTx& tx, std::int64_t number, const Terms& current);

// Loads the versions that `terms` name, as sla wants them. Kept for the process: versions never change.
Status LoadTerms(store::ReadTx& tx, const std::set<Terms>& terms, sla::ClockHistory& into);

// All versions of a calendar, each from when it counts: an edit moves the deadlines of open tickets from then on.
std::vector<sla::CalendarVersion> HoursOf(store::ReadTx& tx, CalendarId id);
// Unless they are there.
void AddHours(std::vector<sla::CalendarVersion> hours, sla::ClockHistory& into);

}  // namespace propolis::ticket
