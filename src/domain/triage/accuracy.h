// How good the classification is on the desk's own tickets, week by week and label by label: what was proposed when
// they came, against what they were in the end.
//
// A ticket counts by the week in which it came, and is judged once its value is settled: a person set it, or the ticket
// was resolved. An answer that was applied is right when the settled value is the same. Coverage: of the tickets that
// came, those for which an answer was applied. Spam and merged tickets say nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/triage/models.h"
#include "store/store.h"

namespace propolis::triage {

// One ticket, for one target.
struct Judged {
  Time came;
  std::string proposed;                // label; empty: no answer was applied
  Method method = Method::kRules;      // of the answer
  std::optional<std::string> settled;  // label; absent: nobody has said yet
};

struct AccuracyCount {
  std::int64_t tickets = 0;
  std::int64_t applied = 0;
  std::int64_t judged = 0;  // of the applied
  std::int64_t right = 0;   // of the judged
  static const dto::Type& Dto();
};

struct AccuracyWeek {
  std::string week;  // "2026-W47"
  AccuracyCount all;
  AccuracyCount model;  // of them, those that the model answered; `tickets` is that of all
  static const dto::Type& Dto();
};

struct ClassWeek {
  std::string week;
  std::int64_t settled = 0;
  std::int64_t right = 0;
  static const dto::Type& Dto();
};

struct ClassAccuracy {
  std::string label;          // as of models: a technology's id, a kind, a level
  std::int64_t settled = 0;   // judged tickets that were it in the end
  std::int64_t proposed = 0;  // judged tickets for which it was the answer
  std::int64_t right = 0;
  std::vector<ClassWeek> weeks;
  static const dto::Type& Dto();
};

struct TargetAccuracy {
  Target target = Target::kKind;
  AccuracyCount all;
  AccuracyCount model;
  std::vector<AccuracyWeek> weeks;     // all of the period, in order
  std::vector<ClassAccuracy> classes;  // the most frequent first, at most kMostClasses
  static const dto::Type& Dto();
};

struct AccuracyFilter {
  std::optional<int> weeks;
  static const dto::Type& Dto();
};

struct Accuracy {
  Time from;
  bool complete = true;  // false: only the newest kMostJudged tickets were looked at
  std::vector<TargetAccuracy> targets;
  static const dto::Type& Dto();
};

constexpr std::size_t kMostClasses = 25;
constexpr std::size_t kMostJudged = 20'000;

// Pure. What came before `from` counts for the first week, what comes after the last for the last.
TargetAccuracy Count(Target target, const std::vector<Judged>& tickets, Time from, int weeks);

// Error: kForbidden.
Result<Accuracy> ComputeAccuracy(store::ReadTx& tx, const auth::Actor& actor, const AccuracyFilter& filter, Time now);

}  // namespace propolis::triage
