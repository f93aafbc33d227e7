#include "domain/triage/policy.h"

namespace propolis::triage {
namespace {

constexpr std::size_t kLevels = kLowestLevel;

std::size_t IndexOf(int level) {
  return level >= 1 && level <= kLowestLevel ? static_cast<std::size_t>(level - 1) : kLevels - 1;
}

bool HasFourLevels(const std::vector<Level>& levels) {
  if (levels.size() != kLevels) {
    return false;
  }
  for (std::size_t i = 0; i < kLevels; ++i) {
    if (levels[i].level != static_cast<int>(i) + 1) {
      return false;
    }
  }
  return true;
}

}  // namespace

const dto::Type& Texts::Dto() {
  static const dto::Type type = dto::Object<Texts>("TriageTexts", "One text in the three languages.")
                                    .Required("en", &Texts::en, "English.", dto::Text(1, 1000, "multiline"))
                                    .Required("es", &Texts::es, "Spanish.", dto::Text(1, 1000, "multiline"))
                                    .Required("pt", &Texts::pt, "Portuguese.", dto::Text(1, 1000, "multiline"))
                                    .Done();
  return type;
}

const std::string& Texts::In(Language language) const {
  switch (language) {
    case Language::kEn:
      return en;
    case Language::kEs:
      return es;
    case Language::kPt:
      return pt;
  }
  return en;
}

const dto::Type& Level::Dto() {
  static const dto::Type type =
      dto::Object<Level>("TriageLevel", "What one level of impact or urgency means.")
          .Required("level", &Level::level, "1 is the gravest, 4 the lightest.", dto::Range(1, kLowestLevel))
          .Required("title", &Level::title, "Its name.")
          .Required("criteria", &Level::criteria, "When to choose it.")
          .Done();
  return type;
}

const dto::Type& Policy::Dto() {
  static const dto::Type type =
      dto::Object<Policy>("TriagePolicy", "How impact and urgency give a priority.")
          .Optional("version", &Policy::version, "Counts up with each change; not read in a request.")
          .Required("matrix", &Policy::matrix, "Priority by impact (rows) and urgency (columns).", dto::Items(4, 4))
          .Required("impact", &Policy::impact, "Criteria of impact, levels 1 to 4.", dto::Items(4, 4))
          .Required("urgency", &Policy::urgency, "Criteria of urgency, levels 1 to 4.", dto::Items(4, 4))
          .Required("apply_threshold", &Policy::apply_threshold,
                    "Confidence from which a machine's proposal is applied.", dto::Range(0, 1))
          .Required("high_share_bound", &Policy::high_share_bound,
                    "Percent of P1 and P2 tickets above which the desk shows the drift.", dto::Range(1, 100))
          .Required("no_approval_kinds", &Policy::no_approval_kinds, "Kinds resolved without a second person.",
                    dto::Items(0, 7))
          .Done();
  return type;
}

Status Validate(const Policy& policy) {
  if (policy.matrix.size() != kLevels) {
    return FailField("matrix", "triage.matrix_not_square");
  }
  for (std::size_t i = 0; i < kLevels; ++i) {
    if (policy.matrix[i].size() != kLevels) {
      return FailField("matrix/" + std::to_string(i), "triage.matrix_not_square");
    }
    for (std::size_t u = 0; u < kLevels; ++u) {
      const bool below_lighter_impact =
          i + 1 < kLevels && policy.matrix[i + 1].size() == kLevels && policy.matrix[i][u] > policy.matrix[i + 1][u];
      const bool below_lighter_urgency = u + 1 < kLevels && policy.matrix[i][u] > policy.matrix[i][u + 1];
      if (below_lighter_impact || below_lighter_urgency) {
        return FailField("matrix/" + std::to_string(i) + "/" + std::to_string(u), "triage.matrix_not_ordered");
      }
    }
  }
  if (!HasFourLevels(policy.impact)) {
    return FailField("impact", "triage.levels_not_in_order");
  }
  if (!HasFourLevels(policy.urgency)) {
    return FailField("urgency", "triage.levels_not_in_order");
  }
  if (!(policy.apply_threshold > 0.0 && policy.apply_threshold <= 1.0)) {
    return FailField("apply_threshold", "field.out_of_range", {{"min", "0"}, {"max", "1"}});
  }
  return {};
}

Priority PriorityFor(const Policy& policy, int impact, int urgency) {
  return policy.matrix[IndexOf(impact)][IndexOf(urgency)];
}

bool NeedsApproval(const Policy& policy, TicketKind kind) {
  return std::ranges::find(policy.no_approval_kinds, kind) == policy.no_approval_kinds.end();
}

}  // namespace propolis::triage
