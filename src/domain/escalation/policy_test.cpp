// Escalation policies: what is wrong with one, and how it unfolds into steps.
#include "domain/escalation/policy.h"

#include <gmock/gmock.h>

namespace propolis::escalation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Target kAna{TargetKind::kPerson, "0190a000-0000-7000-8000-000000000001"};
const Target kRota{TargetKind::kRota, "0190a000-0000-7000-8000-000000000002"};

EscalationId IdOf(int n) {
  return EscalationId::Parse("0190a000-0000-7000-8000-00000000010" + std::to_string(n)).value();
}

NewPolicy Policy(const std::string& name, std::vector<std::int64_t> afters, std::int64_t repeats = 0,
                 std::optional<EscalationId> next = std::nullopt) {
  NewPolicy policy{.name = name, .steps = {}, .repeats = repeats, .pause = 600, .next_id = next, .is_default = false};
  for (const auto after : afters) {
    policy.steps.push_back({after, {kRota}});
  }
  return policy;
}

std::vector<std::string> Messages(const NewPolicy& policy) {
  std::vector<std::string> messages;
  for (const auto& error : Validate(policy)) {
    messages.push_back(error.field + " " + error.message);
  }
  return messages;
}

// "policy round.step +after".
std::vector<std::string> Plan(const Policies& policies, EscalationId first) {
  std::vector<std::string> lines;
  for (const auto& step : Unfold(policies, first).value()) {
    lines.push_back(fmt::format("{} {}.{} +{}", step.policy, step.round, step.step, step.after));
  }
  return lines;
}

TEST(EscalationPolicy, WhatIsWrongIsNamed) {
  EXPECT_THAT(Messages(Policy("Night", {0, 300})), IsEmpty());
  EXPECT_THAT(Messages(Policy("Night", {})), ElementsAre("steps escalation.no_steps"));
  NewPolicy policy = Policy("Night", {0, 300, 600});
  policy.steps[1].targets.clear();
  policy.steps[2].targets = {kAna, kRota, kAna};
  EXPECT_THAT(Messages(policy),
              ElementsAre("steps/1/targets escalation.step_calls_nobody", "steps/2/targets/2 escalation.target_twice"));
}

TEST(EscalationPolicy, UnfoldsRoundAfterRoundAndThenWhatFollows) {
  const Policies policies = {{IdOf(1), Policy("Night", {0, 300}, 1, IdOf(2))}, {IdOf(2), Policy("Chiefs", {900})}};
  EXPECT_THAT(Plan(policies, IdOf(1)),
              ElementsAre("Night 1.1 +0", "Night 1.2 +300", "Night 2.1 +600", "Night 2.2 +300", "Chiefs 1.1 +600"));
  EXPECT_THAT(Plan(policies, IdOf(2)), ElementsAre("Chiefs 1.1 +900"));
}

TEST(EscalationPolicy, ACircleIsRefusedWithTheWayRoundIt) {
  const Policies policies = {{IdOf(1), Policy("Night", {0}, 0, IdOf(2))},
                             {IdOf(2), Policy("Chiefs", {0}, 0, IdOf(3))},
                             {IdOf(3), Policy("Board", {0}, 0, IdOf(2))}};
  const auto plan = Unfold(policies, IdOf(1));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().fields.at(0).message, "escalation.cycle");
  EXPECT_EQ(plan.error().fields.at(0).args.at(0).value, "Night → Chiefs → Board → Chiefs");
  EXPECT_FALSE(Unfold({{IdOf(1), Policy("Alone", {0}, 0, IdOf(1))}}, IdOf(1)));
}

TEST(EscalationPolicy, APlanIsBounded) {
  const std::vector<std::int64_t> steps(kMostSteps, 60);
  EXPECT_EQ(Unfold({{IdOf(1), Policy("Long", steps, 9)}}, IdOf(1)).value().size(), kMostPlanned);
  EXPECT_EQ(Unfold({{IdOf(1), Policy("Long", steps, 10)}}, IdOf(1)).error().fields.at(0).message,
            "escalation.too_long");
}

}  // namespace
}  // namespace propolis::escalation
