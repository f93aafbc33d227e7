// Escalation policies: whom to call for a ticket, in which order, and how often.
//
// Plain data, its JSON form, its validation, and how it unfolds into one list of steps: values in, values out.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "base/names.h"
#include "base/result.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"

namespace propolis::escalation {

enum class TargetKind { kPerson, kRota, kTeam, kGateway };

// Whom a step calls: a person, who is on call in a rota at that instant, everybody of a team, or a webhook: a gateway
// (domain/notify/gateway.h) without a person.
struct Target {
  TargetKind kind = TargetKind::kPerson;
  std::string id;
  bool operator==(const Target&) const = default;
  static const dto::Type& Dto();
};

struct Step {
  std::int64_t after = 0;  // seconds since the step before, or since the page began
  std::vector<Target> targets;
  static const dto::Type& Dto();
};

struct NewPolicy {
  std::string name;
  std::vector<Step> steps;
  std::int64_t repeats = 0;  // further rounds through the steps
  std::int64_t pause = 300;  // seconds between the last step and a further round, or the policy that follows
  std::optional<EscalationId> next_id;
  bool is_default = false;
  static const dto::Type& Dto();
};

struct PolicyChange {
  std::optional<std::string> name;
  std::optional<std::vector<Step>> steps;
  std::optional<std::int64_t> repeats;
  std::optional<std::int64_t> pause;
  dto::Patch<EscalationId> next_id;
  std::optional<bool> is_default;
  static const dto::Type& Dto();
};

// --- as it is read

struct DeskTarget {
  TargetKind kind = TargetKind::kPerson;
  std::string id;
  std::string name;
  std::vector<Ref> now;  // who would be called now
  static const dto::Type& Dto();
};

struct DeskStep {
  std::int64_t after = 0;
  std::vector<DeskTarget> targets;
  static const dto::Type& Dto();
};

struct DeskPolicy {
  EscalationId id;
  std::string name;
  std::vector<DeskStep> steps;
  std::int64_t repeats = 0;
  std::int64_t pause = 0;
  std::optional<Ref> next;
  bool is_default = false;
  std::vector<Ref> teams;  // that name it
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

// --- the rules

constexpr std::size_t kMostSteps = 20;
constexpr std::size_t kMostTargets = 20;  // in a step
constexpr std::int64_t kMostRepeats = 20;
constexpr std::int64_t kLongestWait = 24 * 3600;  // seconds
constexpr std::int64_t kShortestPause = 60;       // seconds
constexpr std::size_t kMostPlanned = 200;         // steps of a policy with its rounds and what follows

// Every wrong field, as paths ("steps/0/targets"): no steps, a step that calls nobody, or the same twice.
std::vector<FieldError> Validate(const NewPolicy& policy);

// One step of a page, as it was planned when the page began.
struct PlannedStep {
  std::string policy;      // its name
  std::int64_t round = 1;  // of that policy
  std::int64_t step = 1;   // of that policy
  std::int64_t after = 0;  // seconds since the step before, or since the page began
  std::vector<Target> targets;
  static const dto::Type& Dto();
};

// The policies by id, as far as they follow each other.
using Policies = std::map<EscalationId, NewPolicy>;

// The steps of a policy, round after round, then those of the policies that follow. Every `next_id` must be in
// `policies`. Errors: field errors on next_id: "escalation.cycle" with the names on the way, "escalation.too_long".
Result<std::vector<PlannedStep>> Unfold(const Policies& policies, EscalationId first);

}  // namespace propolis::escalation

namespace propolis {

template <>
struct Names<escalation::TargetKind> {
  static constexpr std::array kTable = {std::pair{escalation::TargetKind::kPerson, std::string_view("person")},
                                        std::pair{escalation::TargetKind::kRota, std::string_view("rota")},
                                        std::pair{escalation::TargetKind::kTeam, std::string_view("team")},
                                        std::pair{escalation::TargetKind::kGateway, std::string_view("webhook")}};
};

}  // namespace propolis
