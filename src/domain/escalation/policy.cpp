#include "domain/escalation/policy.h"

#include <algorithm>

namespace propolis::escalation {

std::vector<FieldError> Validate(const NewPolicy& policy) {
  std::vector<FieldError> errors;
  if (policy.steps.empty()) {
    errors.push_back({"steps", "escalation.no_steps", {}});
  }
  for (std::size_t i = 0; i < policy.steps.size(); ++i) {
    const auto& targets = policy.steps[i].targets;
    const std::string path = "steps/" + std::to_string(i) + "/targets";
    if (targets.empty()) {
      errors.push_back({path, "escalation.step_calls_nobody", {}});
    }
    for (auto target = targets.begin(); target != targets.end(); ++target) {
      if (std::find(targets.begin(), target, *target) != target) {
        errors.push_back({path + "/" + std::to_string(target - targets.begin()), "escalation.target_twice", {}});
      }
    }
  }
  return errors;
}

namespace {

std::unexpected<Error> Cycle(const std::vector<std::string>& names) {
  std::string path;
  for (const auto& name : names) {
    path += (path.empty() ? "" : " → ") + name;
  }
  return FailField("next_id", "escalation.cycle", {{"path", path}});
}

}  // namespace

Result<std::vector<PlannedStep>> Unfold(const Policies& policies, EscalationId first) {
  std::vector<PlannedStep> plan;
  std::vector<EscalationId> seen;
  std::vector<std::string> names;
  std::int64_t pause = 0;
  for (std::optional<EscalationId> id = first; id;) {
    const NewPolicy& policy = policies.at(*id);
    names.push_back(policy.name);
    if (std::ranges::find(seen, *id) != seen.end()) {
      return Cycle(names);
    }
    seen.push_back(*id);
    for (std::int64_t round = 1; round <= policy.repeats + 1; ++round) {
      for (std::size_t i = 0; i < policy.steps.size(); ++i) {
        const bool goes_on = i == 0 && !plan.empty();
        plan.push_back({.policy = policy.name,
                        .round = round,
                        .step = static_cast<std::int64_t>(i) + 1,
                        .after = goes_on ? pause : policy.steps[i].after,
                        .targets = policy.steps[i].targets});
      }
      pause = policy.pause;
      if (plan.size() > kMostPlanned) {
        return FailField("next_id", "escalation.too_long", {{"most", std::to_string(kMostPlanned)}});
      }
    }
    id = policy.next_id;
  }
  return plan;
}

const dto::Type& Target::Dto() {
  static const dto::Type type =
      dto::Object<Target>("EscalationTarget", "Whom a step calls.")
          .Required("kind", &Target::kind,
                    "`rota`: who is on call at that instant; `team`: everybody in it; `webhook`: a gateway.")
          .Required("id", &Target::id, "Of the person, rota, team or gateway.", dto::Text(36, 36))
          .Done();
  return type;
}

const dto::Type& Step::Dto() {
  static const dto::Type type =
      dto::Object<Step>("EscalationStep", "A step of an escalation policy.")
          .Required("after", &Step::after, "Seconds since the step before, or since the page began.",
                    dto::Range(0, kLongestWait))
          .Required("targets", &Step::targets, "Whom it calls.", dto::Items(0, kMostTargets))
          .Done();
  return type;
}

const dto::Type& NewPolicy::Dto() {
  static const dto::Type type =
      dto::Object<NewPolicy>("NewEscalationPolicy", "A new escalation policy.")
          .Required("name", &NewPolicy::name, "Each once.", dto::Text(1, 80))
          .Required("steps", &NewPolicy::steps, "In their order.", dto::Items(0, kMostSteps))
          .Optional("repeats", &NewPolicy::repeats, "Further rounds through the steps.", dto::Range(0, kMostRepeats))
          .Optional("pause", &NewPolicy::pause,
                    "Seconds between the last step and a further round, or the policy that follows.",
                    dto::Range(kShortestPause, kLongestWait))
          .Optional("next_id", &NewPolicy::next_id, "The policy that follows when nobody has answered.")
          .Optional("is_default", &NewPolicy::is_default, "Of tickets whose team names none; there is one at most.")
          .Done();
  return type;
}

const dto::Type& PolicyChange::Dto() {
  static const dto::Type type =
      dto::Object<PolicyChange>("EscalationPolicyChange", "What to change; lists are replaced.")
          .Optional("name", &PolicyChange::name, "", dto::Text(1, 80))
          .Optional("steps", &PolicyChange::steps, "", dto::Items(0, kMostSteps))
          .Optional("repeats", &PolicyChange::repeats, "", dto::Range(0, kMostRepeats))
          .Optional("pause", &PolicyChange::pause, "", dto::Range(kShortestPause, kLongestWait))
          .Optional("next_id", &PolicyChange::next_id, "null: none follows.")
          .Optional("is_default", &PolicyChange::is_default, "")
          .Done();
  return type;
}

const dto::Type& DeskTarget::Dto() {
  static const dto::Type type =
      dto::Object<DeskTarget>("EscalationTargetNow", "Whom a step calls, and who that is now.")
          .Required("kind", &DeskTarget::kind, "")
          .Required("id", &DeskTarget::id, "")
          .Required("name", &DeskTarget::name, "Empty: it is there no more.")
          .Required("now", &DeskTarget::now, "Who would be called now. Empty: nobody.")
          .Done();
  return type;
}

const dto::Type& DeskStep::Dto() {
  static const dto::Type type =
      dto::Object<DeskStep>("EscalationStepNow", "A step of an escalation policy.")
          .Required("after", &DeskStep::after, "Seconds since the step before, or since the page began.")
          .Required("targets", &DeskStep::targets, "")
          .Done();
  return type;
}

const dto::Type& DeskPolicy::Dto() {
  static const dto::Type type =
      dto::Object<DeskPolicy>("EscalationPolicy", "Whom to call for a ticket, in which order, how often.")
          .Required("id", &DeskPolicy::id, "")
          .Required("name", &DeskPolicy::name, "")
          .Required("steps", &DeskPolicy::steps, "In their order.")
          .Required("repeats", &DeskPolicy::repeats, "Further rounds through the steps.")
          .Required("pause", &DeskPolicy::pause,
                    "Seconds between the last step and a further round, or the policy that follows.")
          .Optional("next", &DeskPolicy::next, "The policy that follows.")
          .Required("is_default", &DeskPolicy::is_default, "Of tickets whose team names none.")
          .Required("teams", &DeskPolicy::teams, "That name it.")
          .Required("version", &DeskPolicy::version, "")
          .Done();
  return type;
}

const dto::Type& PlannedStep::Dto() {
  static const dto::Type type =
      dto::Object<PlannedStep>("EscalationPlannedStep", "One step of a page, as it was planned when the page began.")
          .Required("policy", &PlannedStep::policy, "Its name.")
          .Required("round", &PlannedStep::round, "Of that policy.")
          .Required("step", &PlannedStep::step, "Of that policy.")
          .Required("after", &PlannedStep::after, "Seconds since the step before, or since the page began.")
          .Required("targets", &PlannedStep::targets, "Whom it calls.")
          .Done();
  return type;
}

}  // namespace propolis::escalation
