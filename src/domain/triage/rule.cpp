#include "domain/triage/classify.h"

namespace propolis::triage {
namespace {

constexpr std::size_t kMostWords = 200;
constexpr std::size_t kMostWordLength = 100;

}  // namespace

const dto::Type& Rule::Dto() {
  static const dto::Type type =
      dto::Object<Rule>("ClassificationRuleBody", "Words, and what they speak for.")
          .Required("name", &Rule::name, "A name for people.", dto::Text(1, 100))
          .Required("words", &Rule::words, "Words or phrases; a final * stands for any ending.",
                    dto::Items(1, kMostWords))
          .Optional("languages", &Rule::languages, "Languages in which the words are read; all when left out.",
                    dto::Items(0, 3))
          .Optional("technology_id", &Rule::technology, "Technology they speak for.")
          .Optional("kind", &Rule::kind, "Kind they speak for.")
          .Optional("impact", &Rule::impact, "Impact they speak for.", dto::Range(1, kLowestLevel))
          .Optional("urgency", &Rule::urgency, "Urgency they speak for.", dto::Range(1, kLowestLevel))
          .Required("weight", &Rule::weight, "How sure one of the words alone makes us.", dto::Range(0, 1))
          .Done();
  return type;
}

Status Validate(const Rule& rule) {
  for (std::size_t i = 0; i < rule.words.size(); ++i) {
    const std::string path = "words/" + std::to_string(i);
    if (text::Words(rule.words[i]).empty()) {
      return FailField(path, "field.empty");
    }
    if (text::Length(rule.words[i]) > kMostWordLength) {
      return FailField(path, "field.too_long", {{"max", std::to_string(kMostWordLength)}});
    }
  }
  if (!rule.technology && !rule.kind && !rule.impact && !rule.urgency) {
    return FailField("kind", "triage.rule_says_nothing");
  }
  if (!(rule.weight > 0.0 && rule.weight < 1.0)) {
    return FailField("weight", "triage.weight_between");
  }
  return {};
}

const dto::Type& ProposedTechnology::Dto() {
  static const dto::Type type =
      dto::Object<ProposedTechnology>("ProposedTechnology", "A technology proposed from the text.")
          .Required("id", &ProposedTechnology::id, "Which.")
          .Required("name", &ProposedTechnology::name, "Its name.")
          .Required("confidence", &ProposedTechnology::confidence, "0 to 1.")
          .Required("words", &ProposedTechnology::words, "The words that led to it.")
          .Required("applied", &ProposedTechnology::applied, "Applied, or only proposed.")
          .Optional("method", &ProposedTechnology::method, "Whether rules or the trained model proposed it.")
          .Done();
  return type;
}

const dto::Type& ProposedKind::Dto() {
  static const dto::Type type =
      dto::Object<ProposedKind>("ProposedKind", "A kind proposed from the text.")
          .Required("value", &ProposedKind::value, "Which.")
          .Required("confidence", &ProposedKind::confidence, "0 to 1.")
          .Required("words", &ProposedKind::words, "The words that led to it.")
          .Required("applied", &ProposedKind::applied, "Applied, or only proposed.")
          .Optional("method", &ProposedKind::method, "Whether rules or the trained model proposed it.")
          .Done();
  return type;
}

const dto::Type& ProposedLevel::Dto() {
  static const dto::Type type =
      dto::Object<ProposedLevel>("ProposedLevel", "A level of impact or urgency proposed from the text.")
          .Required("value", &ProposedLevel::value, "1 to 4.", dto::Range(1, kLowestLevel))
          .Required("confidence", &ProposedLevel::confidence, "0 to 1.")
          .Required("words", &ProposedLevel::words, "The words that led to it.")
          .Required("applied", &ProposedLevel::applied, "Applied, or only proposed.")
          .Optional("method", &ProposedLevel::method, "Whether rules or the trained model proposed it.")
          .Done();
  return type;
}

const dto::Type& Classification::Dto() {
  static const dto::Type type =
      dto::Object<Classification>("Classification", "What rules and model make of a text, or what a person decided.")
          .Optional("technology", &Classification::technology, "Technology.")
          .Optional("kind", &Classification::kind, "Kind.")
          .Optional("impact", &Classification::impact, "Impact.")
          .Optional("urgency", &Classification::urgency, "Urgency.")
          .Optional("language", &Classification::language, "Language of the text.")
          .Required("by", &Classification::by, "Whose word stands.")
          .Required("version", &Classification::version, "Version of policy, rules and models.")
          .Done();
  return type;
}

}  // namespace propolis::triage
