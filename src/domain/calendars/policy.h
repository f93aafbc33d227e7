// SLA policies as people edit them, kept as versions of sla::Policy.
#pragma once

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
  std::int64_t seconds = 0;  // of working time
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
  int warn_percent = 80;  // of the target, from which a clock is told as due soon
  static const dto::Type& Dto();
};

struct NewPolicy {
  std::string name;
  std::vector<PolicyTarget> targets;
  std::optional<std::vector<PolicyPause>> pauses;  // left out: waiting and scheduled pause resolution and keep_informed
  int warn_percent = 80;
  static const dto::Type& Dto();
};

struct PolicyChange {
  std::optional<std::string> name;
  std::optional<std::vector<PolicyTarget>> targets;
  std::optional<std::vector<PolicyPause>> pauses;
  std::optional<int> warn_percent;
  static const dto::Type& Dto();
};

// As the clocks want it; the calendar is the contract's. Invalid with every wrong field.
Result<sla::Policy> ToRules(const NewPolicy& policy);
NewPolicy FromRules(std::string name, const sla::Policy& rules);

}  // namespace propolis::calendars
