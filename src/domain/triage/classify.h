// First classification by rules: which technology, kind, impact and urgency a text speaks of, each with a confidence
// and the words that led to it. Pure and explainable; nothing leaves the machine. What rules leave open a trained model
// may answer (models.h).
//
// Evidence of independent words is combined as 1 - (1-a)(1-b)...; a word of the subject weighs half as much again; what
// speaks for another value lowers the confidence. Quoted text (">", below "Original message") and negated phrases ("no
// signs of ransomware") do not count.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/text.h"
#include "domain/triage/policy.h"

namespace propolis::triage {

// When one of `words` stands in a text, the rule speaks for its values. A word may be a phrase of up to eight words,
// and may end in "*" (any ending). Words are compared without case and accents, by stem in each of the rule's
// languages.
struct Rule {
  std::string name;
  std::vector<std::string> words;
  std::vector<Language> languages;  // empty: all
  std::optional<TechnologyId> technology;
  std::optional<TicketKind> kind;
  std::optional<int> impact;
  std::optional<int> urgency;
  double weight = 0.5;  // in (0, 1): how sure one of its words alone makes us
  static const dto::Type& Dto();
};

// The rules of a new desk, for security work in three languages.
std::vector<Rule> DefaultRules();
// Something to look for and something to say.
Status Validate(const Rule& rule);

// A technology as far as words go: its own name and keywords, and where it stands in the tree.
struct Vocabulary {
  TechnologyId id;
  std::optional<TechnologyId> parent;
  std::string name;
  std::vector<std::string> keywords;
};

enum class Method { kRules, kModel };

// A proposed value, how sure rules or model are of it, and the words of the text that led to it, as they stand there.
struct ProposedTechnology {
  TechnologyId id;
  std::string name;
  double confidence = 0;
  std::vector<std::string> words;
  bool applied = false;
  Method method = Method::kRules;
  static const dto::Type& Dto();
};
struct ProposedKind {
  TicketKind value = TicketKind::kRequest;
  double confidence = 0;
  std::vector<std::string> words;
  bool applied = false;
  Method method = Method::kRules;
  static const dto::Type& Dto();
};
struct ProposedLevel {
  int value = kLowestLevel;
  double confidence = 0;
  std::vector<std::string> words;
  bool applied = false;
  Method method = Method::kRules;
  static const dto::Type& Dto();
};

enum class By { kMachine, kPerson };

struct Classification {
  std::optional<ProposedTechnology> technology;
  std::optional<ProposedKind> kind;
  std::optional<ProposedLevel> impact;
  std::optional<ProposedLevel> urgency;
  std::optional<Language> language;
  By by = By::kMachine;
  std::string version;  // of policy, rules and models
  static const dto::Type& Dto();
};

// Rules and technologies made ready for reading texts. Immutable, so it may be shared by threads.
class Classifier {
 public:
  Classifier(std::vector<Rule> rules, std::vector<Vocabulary> technologies);
  ~Classifier();

  // `applied` is set from `threshold` on. At most the first 8,000 bytes of a body are read.
  [[nodiscard]] Classification Classify(double threshold, std::string_view subject, std::string_view body) const;
  // nullopt when there is no such technology.
  [[nodiscard]] std::optional<std::string> TechnologyName(TechnologyId id) const;

 private:
  struct Prepared;
  std::unique_ptr<const Prepared> prepared_;
};

}  // namespace propolis::triage

namespace propolis {
template <>
struct Names<triage::By> {
  static constexpr std::array kTable = {std::pair{triage::By::kMachine, std::string_view("machine")},
                                        std::pair{triage::By::kPerson, std::string_view("person")}};
};
template <>
struct Names<triage::Method> {
  static constexpr std::array kTable = {std::pair{triage::Method::kRules, std::string_view("rules")},
                                        std::pair{triage::Method::kModel, std::string_view("model")}};
};
}  // namespace propolis
