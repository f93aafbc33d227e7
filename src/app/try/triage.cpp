// triage.*: priority and first classification.
#include "app/try/rules.h"
#include "domain/triage/classify.h"
#include "domain/triage/policy.h"

namespace propolis::app {
namespace {

struct MatrixInput {
  int impact = 4;
  int urgency = 4;
  std::optional<triage::Policy> policy;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<MatrixInput>("TriageMatrixInput", "")
            .Required("impact", &MatrixInput::impact, "1 extensive to 4 minor.", dto::Range(1, kLowestLevel))
            .Required("urgency", &MatrixInput::urgency, "1 critical to 4 low.", dto::Range(1, kLowestLevel))
            .Optional("policy", &MatrixInput::policy, "The triage policy; that of a new desk when left out.")
            .Done();
    return type;
  }
};
struct MatrixOutput {
  Priority priority = Priority::kP4;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<MatrixOutput>("TriageMatrixOutput", "")
                                      .Required("priority", &MatrixOutput::priority, "P1 is the highest.")
                                      .Done();
    return type;
  }
};
Result<MatrixOutput> Matrix(const MatrixInput& input) {
  const triage::Policy policy = input.policy.value_or(triage::DefaultPolicy());
  if (Status valid = triage::Validate(policy); !valid) {
    return std::unexpected(std::move(valid).error());
  }
  return MatrixOutput{triage::PriorityFor(policy, input.impact, input.urgency)};
}

struct TechnologyInput {
  TechnologyId id;
  std::optional<TechnologyId> parent;
  std::string name;
  std::vector<std::string> keywords;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<TechnologyInput>("TriageTechnologyInput", "")
                                      .Required("id", &TechnologyInput::id, "Its id.")
                                      .Optional("parent", &TechnologyInput::parent, "What it is part of.")
                                      .Required("name", &TechnologyInput::name, "Its name.", dto::Text(1, 200))
                                      .Optional("keywords", &TechnologyInput::keywords, "Words that point at it.")
                                      .Done();
    return type;
  }
};
struct ClassifyInput {
  Verbatim subject;
  Verbatim body;
  double threshold = 0.8;
  std::optional<std::vector<triage::Rule>> rules;
  std::vector<TechnologyInput> technologies;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ClassifyInput>("TriageClassifyInput", "")
            .Optional("subject", &ClassifyInput::subject, "Subject of the request.")
            .Optional("body", &ClassifyInput::body, "Its text.")
            .Optional("threshold", &ClassifyInput::threshold, "Confidence from which a value is applied; 0.8.")
            .Optional("rules", &ClassifyInput::rules, "Classification rules; those of a new desk when left out.")
            .Optional("technologies", &ClassifyInput::technologies, "The technologies to tell apart.")
            .Done();
    return type;
  }
};
Result<triage::Classification> Classify(const ClassifyInput& input) {
  std::vector<triage::Vocabulary> technologies;
  for (const TechnologyInput& technology : input.technologies) {
    technologies.push_back({technology.id, technology.parent, technology.name, technology.keywords});
  }
  if (input.rules || !technologies.empty()) {
    const triage::Classifier classifier(input.rules.value_or(triage::DefaultRules()), std::move(technologies));
    return classifier.Classify(input.threshold, input.subject.text, input.body.text);
  }
  static const triage::Classifier classifier(triage::DefaultRules(), {});
  return classifier.Classify(input.threshold, input.subject.text, input.body.text);
}

}  // namespace

std::vector<Rule> TriageRules() {
  return {MakeRule("triage.matrix", "The priority of an impact and an urgency.", R"({"impact":2,"urgency":1})", Matrix),
          MakeRule("triage.classify", "Kind, technology, impact and urgency that a text speaks of, with its words.",
                   R"({"subject":"Ransomware en el servidor de archivos","body":"Los archivos están cifrados."})",
                   Classify)};
}

}  // namespace propolis::app
