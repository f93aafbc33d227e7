#include "domain/calendars/policy.h"

#include <algorithm>

namespace propolis::calendars {
namespace {

constexpr std::size_t kMostTargets = 20;              // four priorities, five clocks
constexpr std::string_view kOfContract = "contract";  // the calendar comes from each contract
constexpr std::int64_t kMostSeconds = 366LL * 86400;
constexpr std::size_t kMostSteps = 50;
constexpr int kUsualWarning = 80;  // percent

// The states that may pause a clock: those in which the ticket is open and the desk is not the one to act.
constexpr std::array kClocks = {ClockKind::kFirstResponse, ClockKind::kNextResponse, ClockKind::kKeepInformed,
                                ClockKind::kResolution, ClockKind::kAcknowledge};

bool HasTarget(const NewPolicy& policy, ClockKind clock) {
  return std::ranges::find(policy.targets, clock, &PolicyTarget::clock) != policy.targets.end();
}

std::vector<sla::Step> UsualSteps(const NewPolicy& policy) {
  std::vector<sla::Step> steps;
  for (const ClockKind clock : kClocks) {
    if (HasTarget(policy, clock)) {
      steps.push_back(
          {.clock = clock, .percent = kUsualWarning, .before_seconds = std::nullopt, .after_seconds = std::nullopt});
    }
  }
  return steps;
}

using Fields = std::vector<FieldError>;

std::string Path(std::string_view list, std::size_t index, std::string_view member = "") {
  return fmt::format("{}/{}{}{}", list, index, member.empty() ? "" : "/", member);
}

void TakeTargets(const NewPolicy& policy, const CalendarExists& exists, sla::Policy& rules, Fields& wrong) {
  for (std::size_t i = 0; i < policy.targets.size(); ++i) {
    const PolicyTarget& target = policy.targets[i];
    if (target.calendar_id && !exists(*target.calendar_id)) {
      wrong.push_back({Path("targets", i, "calendar_id"), "field.not_found", {}});
    }
    rules.targets.push_back({.priority = target.priority,
                             .clock = target.clock,
                             .seconds = target.seconds,
                             .calendar = target.calendar_id.transform(&CalendarId::ToString)});
  }
}

void TakePauses(const NewPolicy& policy, sla::Policy& rules, Fields& wrong) {
  if (!policy.pauses) {
    return;
  }
  rules.pauses.emplace();
  for (std::size_t i = 0; i < policy.pauses->size(); ++i) {
    const PolicyPause& pause = (*policy.pauses)[i];
    for (std::size_t s = 0; s < pause.states.size(); ++s) {
      if (!IsOpen(pause.states[s])) {
        wrong.push_back({Path("pauses", i, Path("states", s)), "policy.state_cannot_pause", {}});
      }
      rules.pauses->push_back({.state = pause.states[s], .clock = pause.clock});
    }
  }
}

// A warning that lies before the start of a clock could never be meant.
void CheckLength(const NewPolicy& policy, const sla::Step& step, std::size_t index, Fields& wrong) {
  for (const PolicyTarget& target : policy.targets) {
    if (target.clock == step.clock && step.before_seconds && *step.before_seconds >= target.seconds) {
      wrong.push_back({Path("steps", index, "before_seconds"),
                       "policy.step_longer_than_target",
                       {{"clock", std::string(NameOf(target.clock))},
                        {"priority", std::string(NameOf(target.priority))},
                        {"seconds", std::to_string(target.seconds)}}});
      return;
    }
  }
}

void TakeSteps(const NewPolicy& policy, sla::Policy& rules, Fields& wrong) {
  rules.steps = policy.steps.value_or(UsualSteps(policy));
  for (std::size_t i = 0; i < rules.steps.size(); ++i) {
    const sla::Step& step = rules.steps[i];
    if (!HasTarget(policy, step.clock)) {
      wrong.push_back(
          {Path("steps", i, "clock"), "policy.step_without_target", {{"clock", std::string(NameOf(step.clock))}}});
    }
    const auto earlier = std::ranges::find_if(
        rules.steps, [&](const sla::Step& other) { return other.clock == step.clock && other.Name() == step.Name(); });
    if (&*earlier != &step) {
      wrong.push_back({Path("steps", i), "policy.step_twice", {{"clock", std::string(NameOf(step.clock))}}});
    }
    CheckLength(policy, step, i, wrong);
  }
}

}  // namespace

std::optional<CalendarId> OwnCalendar(const sla::Target& target) {
  return target.calendar ? CalendarId::Parse(*target.calendar) : std::nullopt;
}

const dto::Type& PolicyTarget::Dto() {
  static const dto::Type type =
      dto::Object<PolicyTarget>("PolicyTarget", "How long one clock may run at one priority.")
          .Required("priority", &PolicyTarget::priority, "")
          .Required("clock", &PolicyTarget::clock, "")
          .Required("seconds", &PolicyTarget::seconds, "Of working time.", dto::Range(60, kMostSeconds))
          .Optional("calendar_id", &PolicyTarget::calendar_id, "A calendar for this target instead of the contract's.")
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
          .Required("steps", &Policy::steps, "Warnings before and escalations after the due time.")
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
          .Optional("steps", &NewPolicy::steps,
                    "Warnings before and escalations after the due time; left out: each clock warns at 80 %.",
                    dto::Items(0, kMostSteps))
          .Done();
  return type;
}

const dto::Type& PolicyChange::Dto() {
  static const dto::Type type =
      dto::Object<PolicyChange>("PolicyChange", "What to change of a policy; makes its next version.")
          .Optional("name", &PolicyChange::name, "", dto::Text(1, 120))
          .Optional("targets", &PolicyChange::targets, "", dto::Items(1, kMostTargets))
          .Optional("pauses", &PolicyChange::pauses, "", dto::Items(0, kClocks.size()))
          .Optional("steps", &PolicyChange::steps, "Left out: those of clocks that still have a target stay.",
                    dto::Items(0, kMostSteps))
          .Done();
  return type;
}

Result<sla::Policy> ToRules(const NewPolicy& policy, const CalendarExists& exists) {
  sla::Policy rules;
  rules.calendar = kOfContract;
  Error error{Code::kInvalid, "error.invalid", {}, {}};
  TakeTargets(policy, exists, rules, error.fields);
  TakePauses(policy, rules, error.fields);
  TakeSteps(policy, rules, error.fields);
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
    policy.targets.push_back({.priority = target.priority,
                              .clock = target.clock,
                              .seconds = target.seconds,
                              .calendar_id = OwnCalendar(target)});
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
  policy.steps = rules.steps;
  return policy;
}

}  // namespace propolis::calendars
