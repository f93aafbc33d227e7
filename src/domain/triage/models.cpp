#include "domain/triage/models.h"

#include <cmath>

#include "base/log.h"
#include "base/number.h"
#include "domain/triage/cache.h"
#include "domain/triage/model_sql.h"
#include "domain/triage/words.h"

namespace propolis::triage {
namespace {

constexpr std::size_t kMostBody = 8000;  // bytes

struct InForce {
  Target target;
  ModelId id;
  std::int64_t number;
  double threshold;
};

Cache<Models>& ModelCache() {
  static Cache<Models> cache;
  return cache;
}

std::shared_ptr<const Models> ReadModels(store::ReadTx& tx, const std::vector<InForce>& in_force) {
  auto models = std::make_shared<Models>();
  for (const InForce& one : in_force) {
    auto model =
        tx.One(sql::kModelBody, [](const store::Row& row) { return classify::Model::Parse(row.Bytes(0)); }, one.id);
    if (!model || !*model) {
      log::Error("triage.model", {{"unreadable", one.id.ToString()}});  // the rules go on alone
      continue;
    }
    models->active.push_back({one.target, one.threshold, std::move(**model)});
    models->version += fmt::format("{}{}.{}", models->version.empty() ? "/" : ",", NameOf(one.target), one.number);
  }
  return models;
}

template <class P>
bool IsOpen(const std::optional<P>& proposal) {
  return !proposal || !proposal->applied;
}

double Round(double confidence) { return std::round(confidence * 1000.0) / 1000.0; }

std::optional<int> LevelOf(std::string_view label) {
  const auto level = text::ParseNumber<int>(label);
  return level && *level >= 1 && *level <= kLowestLevel ? level : std::nullopt;
}

}  // namespace

const ActiveModel* Models::Find(Target target) const {
  const auto at = std::ranges::find(active, target, &ActiveModel::target);
  return at == active.end() ? nullptr : &*at;
}

std::shared_ptr<const Models> LoadModels(store::ReadTx& tx) {
  std::string key;
  const auto in_force = tx.All(sql::kActiveModels, [&](const store::Row& row) {
    const InForce one{row.Enum<Target>(0), row.Id<ModelId>(1), row.Int(2), row.Double(3)};
    key += fmt::format("{}@{};", one.id.ToString(), one.threshold);
    return one;
  });
  return ModelCache().Find(key, [&] { return ReadModels(tx, in_force); });
}

std::string ModelText(std::string_view body) { return WithoutQuoted(body.substr(0, kMostBody)); }

namespace {

// What the models answer to one text.
class Answers {
 public:
  Answers(const Models& models, std::string_view subject, std::string_view body)
      : models_(models), subject_(subject), body_(ModelText(body)) {}

  // nullopt when there is no model, or it is not sure enough.
  [[nodiscard]] std::optional<classify::Answer> To(Target target) const {
    const ActiveModel* active = models_.Find(target);
    if (active == nullptr) {
      return std::nullopt;
    }
    auto answer = active->model.Classify(subject_, body_);
    return answer.confidence >= active->threshold ? std::optional(std::move(answer)) : std::nullopt;
  }

 private:
  const Models& models_;
  std::string_view subject_;
  std::string body_;
};

// A proposal of the model takes the place of one of the rules only when it will be applied, or there was none.
template <class P>
void Take(std::optional<P>& proposal, P made, classify::Answer answer, double apply_threshold) {
  made.confidence = Round(answer.confidence);
  made.words = std::move(answer.words);
  made.applied = made.confidence >= apply_threshold;
  made.method = Method::kModel;
  if (!proposal || made.applied) {
    proposal = std::move(made);
  }
}

void CompleteLevel(std::optional<ProposedLevel>& proposal, Target target, const Answers& answers,
                   double apply_threshold) {
  auto answer = IsOpen(proposal) ? answers.To(target) : std::nullopt;
  const auto level = answer ? LevelOf(answer->label) : std::nullopt;
  if (level) {
    ProposedLevel made;
    made.value = *level;
    Take(proposal, std::move(made), std::move(*answer), apply_threshold);
  }
}

}  // namespace

void Complete(Classification& classification, const Models& models, const Classifier& technologies,
              double apply_threshold, std::string_view subject, std::string_view body) {
  if (models.active.empty()) {
    return;
  }
  const Answers answers(models, subject, body);
  CompleteLevel(classification.impact, Target::kImpact, answers, apply_threshold);
  CompleteLevel(classification.urgency, Target::kUrgency, answers, apply_threshold);
  if (auto answer = IsOpen(classification.kind) ? answers.To(Target::kKind) : std::nullopt) {
    if (const auto kind = FromName<TicketKind>(answer->label)) {
      ProposedKind made;
      made.value = *kind;
      Take(classification.kind, std::move(made), std::move(*answer), apply_threshold);
    }
  }
  if (auto answer = IsOpen(classification.technology) ? answers.To(Target::kTechnology) : std::nullopt) {
    const auto id = TechnologyId::Parse(answer->label);
    const auto name = id ? technologies.TechnologyName(*id) : std::nullopt;
    if (name) {  // it may have been deleted since
      ProposedTechnology made;
      made.id = *id;
      made.name = *name;
      Take(classification.technology, std::move(made), std::move(*answer), apply_threshold);
    }
  }
}

}  // namespace propolis::triage
