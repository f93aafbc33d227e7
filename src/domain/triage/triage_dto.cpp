#include "domain/triage/triage_commands.h"

namespace propolis::triage {
namespace {

constexpr std::size_t kMostWords = 200;

}  // namespace

const dto::Type& RuleView::Dto() {
  static const dto::Type type =
      dto::Object<RuleView>("ClassificationRule", "Words, and what they speak for.")
          .Required("id", &RuleView::id, "Its id.")
          .Required("name", &RuleView::name, "A name for people.")
          .Required("words", &RuleView::words, "Words or phrases; a final * stands for any ending.")
          .Optional("languages", &RuleView::languages, "Languages in which the words are read; empty: all.")
          .Optional("technology", &RuleView::technology, "Technology they speak for.")
          .Optional("kind", &RuleView::kind, "Kind they speak for.")
          .Optional("impact", &RuleView::impact, "Impact they speak for.")
          .Optional("urgency", &RuleView::urgency, "Urgency they speak for.")
          .Required("weight", &RuleView::weight, "How sure one of the words alone makes us, 0 to 1.")
          .Required("active", &RuleView::active, "In force.")
          .Required("version", &RuleView::version, "For If-Match.")
          .Done();
  return type;
}

const dto::Type& NewRule::Dto() {
  static const dto::Type type =
      dto::Object<NewRule>("NewClassificationRule", "A rule to add.")
          .Required("name", &NewRule::name, "A name for people.", dto::Text(1, 100))
          .Required("words", &NewRule::words, "Words or phrases; a final * stands for any ending.",
                    dto::Items(1, kMostWords))
          .Optional("languages", &NewRule::languages, "Languages in which the words are read; all when left out.",
                    dto::Items(0, 3))
          .Optional("technology_id", &NewRule::technology_id, "Technology they speak for.")
          .Optional("kind", &NewRule::kind, "Kind they speak for.")
          .Optional("impact", &NewRule::impact, "Impact they speak for.", dto::Range(1, kLowestLevel))
          .Optional("urgency", &NewRule::urgency, "Urgency they speak for.", dto::Range(1, kLowestLevel))
          .Required("weight", &NewRule::weight,
                    "How sure one of the words alone makes us, more than 0 and less than 1.", dto::Range(0, 1))
          .Optional("active", &NewRule::active, "In force; yes when left out.")
          .Done();
  return type;
}

const dto::Type& RuleChange::Dto() {
  static const dto::Type type =
      dto::Object<RuleChange>("ClassificationRuleChange", "What is left out stays; null takes away.")
          .Optional("name", &RuleChange::name, "A name for people.", dto::Text(1, 100))
          .Optional("words", &RuleChange::words, "Words or phrases.", dto::Items(1, kMostWords))
          .Optional("languages", &RuleChange::languages, "Languages.", dto::Items(0, 3))
          .Optional("technology_id", &RuleChange::technology_id, "Technology.")
          .Optional("kind", &RuleChange::kind, "Kind.")
          .Optional("impact", &RuleChange::impact, "Impact.", dto::Range(1, kLowestLevel))
          .Optional("urgency", &RuleChange::urgency, "Urgency.", dto::Range(1, kLowestLevel))
          .Optional("weight", &RuleChange::weight,
                    "How sure one of the words alone makes us, more than 0 and less than 1.", dto::Range(0, 1))
          .Optional("active", &RuleChange::active, "In force.")
          .Done();
  return type;
}

const dto::Type& TryText::Dto() {
  static const dto::Type type = dto::Object<TryText>("TriageTry", "A text to classify.")
                                    .Required("subject", &TryText::subject, "Subject.", dto::Text(0, 300))
                                    .Required("body", &TryText::body, "Body.", dto::Text(0, 100000, "multiline"))
                                    .Done();
  return type;
}

}  // namespace propolis::triage
