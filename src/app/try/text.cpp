// text.*: languages and stems.
#include "base/text.h"

#include "app/try/rules.h"

namespace propolis::app {
namespace {

struct LanguageInput {
  Verbatim text;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<LanguageInput>("TextLanguageInput", "").Required("text", &LanguageInput::text, "Any text.").Done();
    return type;
  }
};
struct LanguageOutput {
  std::optional<Language> language;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<LanguageOutput>("TextLanguageOutput", "")
            .Optional("language", &LanguageOutput::language, "Absent: none of ours, or too short to tell.")
            .Done();
    return type;
  }
};
Result<LanguageOutput> Detect(const LanguageInput& input) {
  return LanguageOutput{text::DetectLanguage(input.text.text)};
}

struct StemInput {
  Verbatim word;
  Language language = Language::kEn;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<StemInput>("TextStemInput", "")
                                      .Required("word", &StemInput::word, "One word.")
                                      .Required("language", &StemInput::language, "Whose rules to use.")
                                      .Done();
    return type;
  }
};
struct StemOutput {
  std::string stem;
  std::string folded;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<StemOutput>("TextStemOutput", "")
                                      .Required("stem", &StemOutput::stem, "Its Snowball stem.")
                                      .Required("folded", &StemOutput::folded, "Lower case without accents.")
                                      .Done();
    return type;
  }
};
Result<StemOutput> Stem(const StemInput& input) {
  const std::string lower = text::ToLower(input.word.text);
  return StemOutput{text::Stem(lower, input.language), text::Fold(input.word.text)};
}

}  // namespace

std::vector<Rule> TextRules() {
  return {MakeRule("text.language", "The language of a text: en, es or pt.",
                   R"({"text":"Ninguém será sujeito à tortura nem a penas ou tratamentos cruéis."})", Detect),
          MakeRule("text.stem", "The stem of a word, as search uses it.", R"({"word":"resolutions","language":"en"})",
                   Stem)};
}

}  // namespace propolis::app
