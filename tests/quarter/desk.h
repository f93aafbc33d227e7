// The desk of the simulated quarter: 12 customers with a calendar each, four policies, 40 engineers. Plain data, from
// which both the desk is made and the reference reckons.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "auth/actor.h"
#include "domain/vocabulary.h"
#include "store/store.h"

namespace propolis::quarter {

// Minutes of the local day.
using MinuteWindow = std::pair<int, int>;

struct CalendarPlan {
  std::string zone;
  std::array<std::vector<MinuteWindow>, 7> week;  // Sunday first
  std::set<std::string> holidays;                 // "2026-04-03"
  std::map<std::string, std::vector<MinuteWindow>> exceptions;
};

struct PolicyPlan {
  std::map<std::pair<ClockKind, Priority>, std::int64_t> targets;  // seconds
  std::set<std::pair<ClockKind, TicketState>> pauses;
  int warn_percent = 80;            // each clock warns then,
  std::int64_t warn_before = 0;     // so many seconds before it is due,
  std::int64_t escalate_after = 0;  // and calls for more people so many seconds after
};

const std::vector<CalendarPlan>& Calendars();
const std::vector<PolicyPlan>& Policies();
// Customer n has calendar n, and this policy.
std::size_t PolicyOf(std::size_t customer);
constexpr std::size_t kCustomers = 12;
std::string CustomerName(std::size_t customer);
std::string CustomerAddress(std::size_t customer);

struct People {
  std::vector<auth::Actor> engineers;
  std::vector<auth::Actor> contacts;  // by customer
  std::vector<OrganisationId> organisations;
};

// Once; the desk then knows everybody.
Status MakeDesk(store::WriteTx& tx);
People FindPeople(store::ReadTx& tx);

}  // namespace propolis::quarter
