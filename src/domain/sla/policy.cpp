#include "domain/sla/policy.h"

namespace propolis::sla {

std::string Step::Name() const {
  if (percent) {
    return fmt::format("{}%", *percent);
  }
  return before_seconds ? fmt::format("-{}s", *before_seconds) : fmt::format("+{}s", after_seconds.value_or(0));
}

const Target* Policy::FindTarget(ClockKind clock, Priority priority) const {
  const auto found = std::ranges::find_if(
      targets, [&](const Target& target) { return target.clock == clock && target.priority == priority; });
  return found == targets.end() ? nullptr : &*found;
}

bool Policy::Pauses(TicketState state, ClockKind clock) const {
  if (pauses) {
    return std::ranges::any_of(*pauses,
                               [&](const PauseRule& rule) { return rule.state == state && rule.clock == clock; });
  }
  return (state == TicketState::kWaitingCustomer || state == TicketState::kWaitingThirdParty ||
          state == TicketState::kScheduled) &&
         (clock == ClockKind::kResolution || clock == ClockKind::kKeepInformed);
}

std::vector<FieldError> Validate(const Policy& policy, const std::string& prefix) {
  std::vector<FieldError> errors;
  const auto path = [&](std::string_view list, std::size_t index) {
    return fmt::format("{}{}{}/{}", prefix, prefix.empty() ? "" : "/", list, index);
  };
  for (std::size_t i = 0; i < policy.targets.size(); ++i) {
    const Target& target = policy.targets[i];
    if (policy.FindTarget(target.clock, target.priority) != &target) {
      errors.push_back(
          {path("targets", i),
           "policy.target_twice",
           {{"clock", std::string(NameOf(target.clock))}, {"priority", std::string(NameOf(target.priority))}}});
    }
  }
  for (std::size_t i = 0; i < policy.steps.size(); ++i) {
    const Step& step = policy.steps[i];
    if (step.percent.has_value() + step.before_seconds.has_value() + step.after_seconds.has_value() != 1) {
      errors.push_back({path("steps", i), "policy.step_one_of", {}});
    }
  }
  return errors;
}

const dto::Type& Target::Dto() {
  static const dto::Type type =
      dto::Object<Target>("SlaTarget", "How long one clock may run at one priority.")
          .Required("priority", &Target::priority, "P1 to P4.")
          .Required("clock", &Target::clock, "Which clock.")
          .Required("seconds", &Target::seconds, "Working seconds until it is due.", dto::Range(0, kMaxTargetSeconds))
          .Optional("calendar", &Target::calendar, "A calendar for this target instead of the policy's.",
                    dto::Text(1, 64))
          .Done();
  return type;
}

const dto::Type& PauseRule::Dto() {
  static const dto::Type type = dto::Object<PauseRule>("SlaPause", "A ticket state in which a clock stands still.")
                                    .Required("state", &PauseRule::state, "Ticket state.")
                                    .Required("clock", &PauseRule::clock, "Which clock.")
                                    .Done();
  return type;
}

const dto::Type& Step::Dto() {
  static const dto::Type type =
      dto::Object<Step>("SlaStep", "A warning or an escalation; exactly one of percent, before and after.")
          .Required("clock", &Step::clock, "Which clock.")
          .Optional("percent", &Step::percent, "When this much of the target is used.", dto::Range(1, 100))
          .Optional("before_seconds", &Step::before_seconds, "This many working seconds before it is due.",
                    dto::Range(1, kMaxTargetSeconds))
          .Optional("after_seconds", &Step::after_seconds, "This many working seconds after it was due.",
                    dto::Range(0, kMaxTargetSeconds))
          .Done();
  return type;
}

const dto::Type& Policy::Dto() {
  static const dto::Type type =
      dto::Object<Policy>("SlaPolicyBody", "Targets, calendar, pauses and warnings.")
          .Required("calendar", &Policy::calendar, "Id of the calendar.", dto::Text(1, 64))
          .Required("targets", &Policy::targets, "How long each clock may run; no row, no clock.", dto::Items(0, 100))
          .Optional("pauses", &Policy::pauses,
                    "States that pause clocks. Left out: waiting_customer, waiting_third_party and scheduled pause "
                    "resolution and keep_informed.",
                    dto::Items(0, 100))
          .Optional("steps", &Policy::steps, "Warnings before and escalations after the due time.", dto::Items(0, 100))
          .Optional("reopen_grace_seconds", &Policy::reopen_grace_seconds,
                    "A ticket reopened this soon after it was resolved goes on with the same resolution clock.",
                    dto::Range(0, kMaxTargetSeconds))
          .Done();
  return type;
}

const dto::Type& PolicyVersion::Dto() {
  static const dto::Type type = dto::Object<PolicyVersion>("SlaPolicyVersion", "One version of a policy.")
                                    .Required("id", &PolicyVersion::id, "Id of the policy.", dto::Text(1, 64))
                                    .Required("version", &PolicyVersion::version, "Its version, from 1.")
                                    .Required("policy", &PolicyVersion::policy, "What it says.")
                                    .Done();
  return type;
}

const dto::Type& CalendarVersion::Dto() {
  static const dto::Type type =
      dto::Object<CalendarVersion>("CalendarVersion", "A calendar as it stood from a moment on.")
          .Required("id", &CalendarVersion::id, "Id of the calendar.", dto::Text(1, 64))
          .Required("version", &CalendarVersion::version, "Its version, from 1.")
          .Optional("valid_from", &CalendarVersion::valid_from, "From when it counts; left out: always.")
          .Required("calendar", &CalendarVersion::calendar, "The hours.")
          .Done();
  return type;
}

}  // namespace propolis::sla
