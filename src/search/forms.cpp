#include "search/forms.h"

namespace propolis::search {
namespace {

constexpr char kMarker = '\x1d';  // "group separator": Clean() removes it from everything that is stored
constexpr std::array kLanguages = {Language::kEn, Language::kEs, Language::kPt};

std::string Cut(std::string form) {
  if (form.size() > kLongestForm) {
    std::size_t end = kLongestForm;
    while (end > 0 && (static_cast<unsigned char>(form[end]) & 0xc0) == 0x80) {
      --end;
    }
    form.resize(end);
  }
  return form;
}

// Stem before folding: the rules of Spanish and Portuguese need the accents.
std::string StemForm(std::string_view lower, Language language) { return Cut(text::Fold(text::Stem(lower, language))); }

void AddNew(std::vector<std::string>& forms, std::string form) {
  if (!form.empty() && std::ranges::find(forms, form) == forms.end()) {
    forms.push_back(std::move(form));
  }
}

}  // namespace

std::string FoldedForm(std::string_view word) { return Cut(text::Fold(word)); }

std::vector<std::string> DocumentForms(std::string_view word, std::optional<Language> language) {
  std::vector<std::string> forms = {FoldedForm(word)};
  if (language) {
    AddNew(forms, StemForm(text::ToLower(word), *language));
  }
  return forms;
}

std::vector<std::string> QueryForms(std::string_view word) {
  std::vector<std::string> forms = {FoldedForm(word)};
  const std::string lower = text::ToLower(word);
  const std::string folded = forms.front();
  for (const Language language : kLanguages) {
    AddNew(forms, StemForm(lower, language));
    AddNew(forms, StemForm(folded, language));
  }
  return forms;
}

std::string WithLanguage(std::string_view text, std::optional<Language> language) {
  if (!language || text.empty()) {
    return std::string(text);
  }
  std::string marked = {kMarker, NameOf(*language).front()};
  marked += text;
  return marked;
}

MarkedText ReadMarker(std::string_view text) {
  if (text.size() < 2 || text[0] != kMarker) {
    return {std::nullopt, text};
  }
  for (const Language language : kLanguages) {
    if (NameOf(language).front() == text[1]) {
      return {language, text.substr(2)};
    }
  }
  return {std::nullopt, text};
}

}  // namespace propolis::search
