// The triage policy: how impact and urgency give a priority, against which written criteria each is chosen, and when a
// machine's proposal is applied. Pure: the matrix decides and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/text.h"
#include "domain/vocabulary.h"

namespace propolis::triage {

// One text in the three languages.
struct Texts {
  std::string en;
  std::string es;
  std::string pt;
  static const dto::Type& Dto();
  [[nodiscard]] const std::string& In(Language language) const;
};

// What one level of impact or urgency means.
struct Level {
  int level = kLowestLevel;
  Texts title;
  Texts criteria;
  static const dto::Type& Dto();
};

struct Policy {
  std::int64_t version = 0;
  std::vector<std::vector<Priority>> matrix;  // [impact - 1][urgency - 1]
  std::vector<Level> impact;                  // levels 1..4, in order
  std::vector<Level> urgency;
  double apply_threshold = 0.8;               // confidence from which a proposal is applied
  int high_share_bound = 18;                  // percent of P1 and P2 above which the desk shows the drift
  std::vector<TicketKind> no_approval_kinds;  // kinds whose resolution needs no second person
  static const dto::Type& Dto();
};

// The policy of a new desk (docs/domain.md, "Triage").
Policy DefaultPolicy();

// Four by four; four levels each, in order; a threshold in (0, 1]; a bound in 1..100; and a matrix that never ranks a
// graver case below a lighter one.
Status Validate(const Policy& policy);

// Levels outside 1..4 count as the lowest.
Priority PriorityFor(const Policy& policy, int impact, int urgency);
bool NeedsApproval(const Policy& policy, TicketKind kind);

}  // namespace propolis::triage
