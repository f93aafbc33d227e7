// SLA policies as people edit them, kept as versions of sla::Policy.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "domain/sla/policy.h"
#include "domain/vocabulary.h"

namespace propolis::calendars {

struct PolicyTarget {
  Priority priority = Priority::kP3;
  ClockKind clock = ClockKind::kFirstResponse;
  std::int64_t seconds = 0;                    // of working time
  std::optional<CalendarId> calendar_id = {};  // instead of the contract's: P1 day and night, the rest in office hours
  static const dto::Type& Dto();
};

struct PolicyPause {
  ClockKind clock = ClockKind::kResolution;
  std::vector<TicketState> states;  // in which the clock stands still
  static const dto::Type& Dto();
};

struct Policy {
  PolicyId id;
  std::string name;
  std::int64_t version = 0;
  std::vector<PolicyTarget> targets;
  std::vector<PolicyPause> pauses;
  std::vector<sla::Step> steps;  // warnings before and escalations after the due time
  static const dto::Type& Dto();
};

struct NewPolicy {
  std::string name;
  std::vector<PolicyTarget> targets;
  std::optional<std::vector<PolicyPause>> pauses;  // left out: waiting and scheduled pause resolution and keep_informed
  std::optional<std::vector<sla::Step>> steps = {};  // left out: each clock with a target warns at 80 %
  static const dto::Type& Dto();
};

struct PolicyChange {
  std::optional<std::string> name;
  std::optional<std::vector<PolicyTarget>> targets;
  std::optional<std::vector<PolicyPause>> pauses;
  std::optional<std::vector<sla::Step>> steps;  // left out: those of clocks that still have a target stay
  static const dto::Type& Dto();
};

using CalendarExists = std::function<bool(CalendarId)>;

// As the clocks want it; where a target names no calendar it is the contract's. Invalid with every wrong field: a
// target twice, an unknown calendar, a state that cannot pause, a step without a target, twice, or longer than a
// target.
Result<sla::Policy> ToRules(const NewPolicy& policy, const CalendarExists& exists);
NewPolicy FromRules(std::string name, const sla::Policy& rules);

// The calendar of a target by its name in sla's terms; nullopt: that of the contract.
std::optional<CalendarId> OwnCalendar(const sla::Target& target);

}  // namespace propolis::calendars
