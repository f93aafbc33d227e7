#include "domain/triage/decide.h"

#include "base/json_texts.h"
#include "domain/triage/cache.h"
#include "domain/triage/models.h"
#include "domain/triage/triage_sql.h"

namespace propolis::triage {
namespace {

constexpr std::string_view kChosen = "triage.reason_chosen";
constexpr std::string_view kProposed = "triage.reason_proposed";
constexpr std::string_view kByDefault = "triage.reason_default";

Cache<Classifier>& ClassifierCache() {
  static Cache<Classifier> cache;
  return cache;
}

Cache<Policy>& PolicyCache() {
  static Cache<Policy> cache;
  return cache;
}

std::string RulesRevision(store::ReadTx& tx) {
  return tx.One(
               sql::kSetting, [](const store::Row& row) { return row.String(0); }, sql::kRulesRevision)
      .value_or("built-in");
}

std::string TechnologiesRevision(store::ReadTx& tx) {
  return tx
      .One(sql::kTechnologiesRevision,
           [](const store::Row& row) {
             return fmt::format("{}.{}.{}", row.Int(0), row.Int(1), text::HexEncode(row.Bytes(2)));
           })
      .value_or("");
}

std::shared_ptr<const Classifier> MakeClassifier(store::ReadTx& tx, const std::string& revision) {
  std::vector<Rule> rules;
  if (revision == "built-in") {
    rules = DefaultRules();
  } else {
    tx.ForEach(sql::kActiveRules, [&](const store::Row& row) {
      if (auto rule = dto::Parse<Rule>(row.Text(0))) {
        rules.push_back(std::move(*rule));
      }
      return true;
    });
  }
  auto technologies = tx.All(sql::kTechnologies, [](const store::Row& row) {
    Vocabulary node;
    node.id = row.Id<TechnologyId>(0);
    node.parent = row.OptId<TechnologyId>(1);
    node.name = row.String(2);
    node.keywords = json::ToTexts(row.Text(3));
    return node;
  });
  return std::make_shared<const Classifier>(std::move(rules), std::move(technologies));
}

}  // namespace

Decision Decide(const Policy& policy, Classification classification, const Choices& chosen) {
  Decision decision;
  const auto apply = [](auto& proposal, const auto& choice) {
    if (proposal && choice) {
      proposal->applied = false;
    }
    return proposal && proposal->applied;
  };
  const bool technology = apply(classification.technology, chosen.technology);
  const bool kind = apply(classification.kind, chosen.kind);
  const bool impact = apply(classification.impact, chosen.impact);
  const bool urgency = apply(classification.urgency, chosen.urgency);
  decision.technology = technology ? std::optional(classification.technology->id) : chosen.technology;
  decision.kind = kind ? classification.kind->value : chosen.kind.value_or(decision.kind);
  decision.impact = impact ? classification.impact->value : chosen.impact.value_or(decision.impact);
  decision.urgency = urgency ? classification.urgency->value : chosen.urgency.value_or(decision.urgency);
  decision.language = chosen.language ? chosen.language : classification.language;
  decision.priority = PriorityFor(policy, decision.impact, decision.urgency);
  decision.priority_reason = impact || urgency ? kProposed : chosen.impact || chosen.urgency ? kChosen : kByDefault;
  const bool all_chosen = chosen.technology && chosen.kind && chosen.impact && chosen.urgency;
  classification.by = all_chosen ? By::kPerson : By::kMachine;
  decision.classification = std::move(classification);
  return decision;
}

Policy LoadPolicy(store::ReadTx& tx) {
  const auto stored = tx.One(sql::kNewestPolicy, [](const store::Row& row) {
    const auto parsed = PolicyCache().Find(row.String(1), [&] {
      auto policy = dto::Parse<Policy>(row.Text(1));
      if (!policy) {
        throw store::EngineFailure("stored triage policy: " + Describe(policy.error()));
      }
      return std::make_shared<const Policy>(std::move(*policy));
    });
    Policy policy = *parsed;
    policy.version = row.Int(0);
    return policy;
  });
  return stored ? *stored : DefaultPolicy();
}

std::shared_ptr<const Classifier> LoadClassifier(store::ReadTx& tx) {
  const std::string revision = RulesRevision(tx);
  const std::string key = revision + "/" + TechnologiesRevision(tx);
  return ClassifierCache().Find(key, [&] { return MakeClassifier(tx, revision); });
}

std::string Version(store::ReadTx& tx, const Policy& policy) {
  return fmt::format("{}/{}", policy.version, RulesRevision(tx));
}

namespace {

// What a text is classified with.
struct Means {
  std::shared_ptr<const Classifier> classifier;
  std::shared_ptr<const Models> models;
  double threshold = 0;
  std::string version;
};

Means LoadMeans(store::ReadTx& tx, const Policy& policy) {
  auto models = LoadModels(tx);
  std::string version = Version(tx, policy) + models->version;
  return {LoadClassifier(tx), std::move(models), policy.apply_threshold, std::move(version)};
}

Proposal ProposeBy(const Means& means, std::string_view subject, std::string_view body) {
  Proposal proposal{.by = means.classifier, .classification = {}};
  proposal.classification = means.classifier->Classify(means.threshold, subject, body);
  Complete(proposal.classification, *means.models, *means.classifier, means.threshold, subject, body);
  proposal.classification.version = means.version;
  return proposal;
}

}  // namespace

Result<Proposal> Propose(store::Store& store, std::string_view subject, std::string_view body) {
  const Means means = TRY(store.Read([](store::ReadTx& tx) -> Result<Means> { return LoadMeans(tx, LoadPolicy(tx)); }));
  return ProposeBy(means, subject, body);
}

Decision Decide(store::ReadTx& tx, std::string_view subject, std::string_view body, const Choices& chosen,
                const Proposal* proposal) {
  const Policy policy = LoadPolicy(tx);
  const Means means = LoadMeans(tx, policy);
  const bool holds =
      proposal != nullptr && proposal->by == means.classifier && proposal->classification.version == means.version;
  return Decide(policy, holds ? proposal->classification : ProposeBy(means, subject, body).classification, chosen);
}

Classification Try(store::ReadTx& tx, std::string_view subject, std::string_view body) {
  return Decide(tx, subject, body, {}).classification;
}

}  // namespace propolis::triage
