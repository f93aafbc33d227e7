// An SLA policy: how long each clock may run, by priority; in which calendar; what pauses it; when to warn.
// Policies are versioned values: a change makes a new version, and a clock that has its result stays with the old one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "domain/sla/calendar.h"
#include "domain/sla/working_time.h"
#include "domain/vocabulary.h"

namespace propolis::sla {

constexpr std::int64_t kMaxTargetSeconds = 10LL * 366 * 86400;

// How long one clock may run at one priority. No row, no clock.
struct Target {
  Priority priority = Priority::kP3;
  ClockKind clock = ClockKind::kFirstResponse;
  std::int64_t seconds = 0;             // of working time
  std::optional<std::string> calendar;  // instead of the policy's: P1 day and night, the rest in office hours
  static const dto::Type& Dto();
};

// While the ticket is in `state`, `clock` stands still.
struct PauseRule {
  TicketState state = TicketState::kWaitingCustomer;
  ClockKind clock = ClockKind::kResolution;
  static const dto::Type& Dto();
};

// A warning before the due time, or an escalation after it: exactly one of the three. Fires once for each clock.
struct Step {
  ClockKind clock = ClockKind::kFirstResponse;
  std::optional<int> percent;  // of the target
  std::optional<std::int64_t> before_seconds;
  std::optional<std::int64_t> after_seconds;
  [[nodiscard]] std::string Name() const;  // "80%", "-1800s", "+3600s"
  static const dto::Type& Dto();
};

struct Policy {
  std::string calendar;  // id of the calendar
  std::vector<Target> targets;
  // Absent: waiting_customer, waiting_third_party and scheduled pause resolution and keep_informed, nothing else
  // pauses.
  std::optional<std::vector<PauseRule>> pauses;
  std::vector<Step> steps;
  std::int64_t reopen_grace_seconds = 7 * 86400;  // resolved to reopened within this: the same resolution goes on

  [[nodiscard]] const Target* FindTarget(ClockKind clock, Priority priority) const;
  [[nodiscard]] bool Pauses(TicketState state, ClockKind clock) const;
  static const dto::Type& Dto();
};

// Wrong fields: a priority and clock named twice, a step that is not exactly one of percent, before and after.
std::vector<FieldError> Validate(const Policy& policy, const std::string& prefix = "");

struct PolicyVersion {
  std::string id;
  int version = 1;
  Policy policy;
  bool checked = false;  // known to be valid: not looked at again
  static const dto::Type& Dto();
};

// A calendar as it stood from a moment on.
struct CalendarVersion {
  std::string id;
  int version = 1;
  std::optional<Time> valid_from;  // absent: always, until a later version
  Calendar calendar;
  std::shared_ptr<const WorkingTime> hours = nullptr;  // made from it already: then it is not read
  static const dto::Type& Dto();
};

}  // namespace propolis::sla
