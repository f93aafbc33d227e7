#include "domain/calendars/policy.h"

#include <algorithm>

namespace propolis::calendars {
namespace {

constexpr std::size_t kMostTargets = 20;              // four priorities, five clocks
constexpr std::string_view kOfContract = "contract";  // the calendar comes from each contract
constexpr std::int64_t kMostSeconds = 366LL * 86400;

// The states that may pause a clock: those in which the ticket is open and the desk is not the one to act.
constexpr std::array kClocks = {ClockKind::kFirstResponse, ClockKind::kNextResponse, ClockKind::kKeepInformed,
                                ClockKind::kResolution, ClockKind::kAcknowledge};

}  // namespace

const dto::Type& PolicyTarget::Dto() {
  static const dto::Type type =
      dto::Object<PolicyTarget>("PolicyTarget", "How long one clock may run at one priority.")
          .Required("priority", &PolicyTarget::priority, "")
          .Required("clock", &PolicyTarget::clock, "")
          .Required("seconds", &PolicyTarget::seconds, "Of working time.", dto::Range(60, kMostSeconds))
          .Done();
  return type;
}

const dto::Type& PolicyPause::Dto() {
  static const dto::Type type = dto::Object<PolicyPause>("PolicyPause", "The states in which a clock stands still.")
                                    .Required("clock", &PolicyPause::clock, "")
                                    .Required("states", &PolicyPause::states, "", dto::Items(0, 10))
                                    .Done();
  return type;
}

const dto::Type& Policy::Dto() {
  static const dto::Type type =
      dto::Object<Policy>("Policy", "What is promised, by priority.")
          .Required("id", &Policy::id, "")
          .Required("name", &Policy::name, "")
          .Required("version", &Policy::version, "")
          .Required("targets", &Policy::targets, "")
          .Required("pauses", &Policy::pauses, "")
          .Required("warn_percent", &Policy::warn_percent, "Of the target, from which a clock is due soon.")
          .Done();
  return type;
}

const dto::Type& NewPolicy::Dto() {
  static const dto::Type type =
      dto::Object<NewPolicy>("NewPolicy", "A new SLA policy.")
          .Required("name", &NewPolicy::name, "", dto::Text(1, 120))
          .Required("targets", &NewPolicy::targets, "", dto::Items(1, kMostTargets))
          .Optional("pauses", &NewPolicy::pauses,
                    "Waiting and scheduled pause resolution and keep_informed by default.",
                    dto::Items(0, kClocks.size()))
          .Optional("warn_percent", &NewPolicy::warn_percent, "80 when left out.", dto::Range(1, 99))
          .Done();
  return type;
}

const dto::Type& PolicyChange::Dto() {
  static const dto::Type type =
      dto::Object<PolicyChange>("PolicyChange", "What to change of a policy; makes its next version.")
          .Optional("name", &PolicyChange::name, "", dto::Text(1, 120))
          .Optional("targets", &PolicyChange::targets, "", dto::Items(1, kMostTargets))
          .Optional("pauses", &PolicyChange::pauses, "", dto::Items(0, kClocks.size()))
          .Optional("warn_percent", &PolicyChange::warn_percent, "", dto::Range(1, 99))
          .Done();
  return type;
}

Result<sla::Policy> ToRules(const NewPolicy& policy) {
  sla::Policy rules;
  rules.calendar = kOfContract;
  for (const auto& target : policy.targets) {
    rules.targets.push_back(
        {.priority = target.priority, .clock = target.clock, .seconds = target.seconds, .calendar = std::nullopt});
  }
  Error error{Code::kInvalid, "error.invalid", {}, {}};
  if (policy.pauses) {
    rules.pauses.emplace();
    for (std::size_t i = 0; i < policy.pauses->size(); ++i) {
      const PolicyPause& pause = (*policy.pauses)[i];
      for (std::size_t s = 0; s < pause.states.size(); ++s) {
        if (!IsOpen(pause.states[s])) {
          error.fields.push_back(
              {"pauses/" + std::to_string(i) + "/states/" + std::to_string(s), "policy.state_cannot_pause", {}});
        }
        rules.pauses->push_back({.state = pause.states[s], .clock = pause.clock});
      }
    }
  }
  for (const ClockKind clock : kClocks) {
    if (std::ranges::find(policy.targets, clock, &PolicyTarget::clock) != policy.targets.end()) {
      rules.steps.push_back({.clock = clock,
                             .percent = policy.warn_percent,
                             .before_seconds = std::nullopt,
                             .after_seconds = std::nullopt});
    }
  }
  for (FieldError& field : sla::Validate(rules)) {
    error.fields.push_back(std::move(field));
  }
  if (!error.fields.empty()) {
    return std::unexpected(std::move(error));
  }
  return rules;
}

NewPolicy FromRules(std::string name, const sla::Policy& rules) {
  NewPolicy policy;
  policy.name = std::move(name);
  for (const auto& target : rules.targets) {
    policy.targets.push_back({.priority = target.priority, .clock = target.clock, .seconds = target.seconds});
  }
  policy.pauses.emplace();
  for (const ClockKind clock : kClocks) {
    PolicyPause pause{.clock = clock, .states = {}};
    for (const auto& [state, state_name] : Names<TicketState>::kTable) {
      if (rules.Pauses(state, clock)) {
        pause.states.push_back(state);
      }
    }
    if (!pause.states.empty()) {
      policy.pauses->push_back(std::move(pause));
    }
  }
  for (const auto& step : rules.steps) {
    policy.warn_percent = step.percent.value_or(policy.warn_percent);
  }
  return policy;
}

}  // namespace propolis::calendars
