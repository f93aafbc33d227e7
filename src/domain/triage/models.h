// The trained models in force, and how they complete what the rules said. Rules come first: a proposal of theirs that
// is applied stands. What they leave open the model of that target answers, or withholds its answer when it is less
// sure than its threshold.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/classify/model.h"
#include "domain/triage/classify.h"
#include "store/store.h"

namespace propolis::triage {

using ModelId = Id<struct ModelTag>;

// What a model tells: its labels are technology ids, names of kinds, or levels.
enum class Target { kTechnology, kKind, kImpact, kUrgency };

struct ActiveModel {
  Target target = Target::kKind;
  double threshold = 0;
  classify::Model model;
};

struct Models {
  std::vector<ActiveModel> active;  // at most one for each target
  std::string version;              // "/kind.3,urgency.1": the end of Classification::version; empty without models
  [[nodiscard]] const ActiveModel* Find(Target target) const;
};

// Those in force, read again only when another one is.
std::shared_ptr<const Models> LoadModels(store::ReadTx& tx);

// The part of a body that models read, in training and in use: the beginning, without what is quoted.
std::string ModelText(std::string_view body);

// Pure. `apply_threshold` is the policy's: answers from there on are applied, others only proposed.
void Complete(Classification& classification, const Models& models, const Classifier& technologies,
              double apply_threshold, std::string_view subject, std::string_view body);

}  // namespace propolis::triage

namespace propolis {
template <>
struct Names<triage::Target> {
  static constexpr std::array kTable = {std::pair{triage::Target::kTechnology, std::string_view("technology")},
                                        std::pair{triage::Target::kKind, std::string_view("kind")},
                                        std::pair{triage::Target::kImpact, std::string_view("impact")},
                                        std::pair{triage::Target::kUrgency, std::string_view("urgency")}};
};
}  // namespace propolis
