// The forms under which a word is kept and looked for: without case and accents, and stemmed. A document's words are
// stemmed in its one language; a query's in all three, because nobody says in which language she asks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace propolis::search {

constexpr std::size_t kLongestForm = 64;  // bytes; longer words are cut

// The folded word, then its stem when that differs.
std::vector<std::string> DocumentForms(std::string_view word, std::optional<Language> language);
// The folded word, then the stems of it and of its folded form in each language that differ.
std::vector<std::string> QueryForms(std::string_view word);
// Just the folded word: what a prefix is compared with.
std::string FoldedForm(std::string_view word);

// How a document's language travels to the tokenizer: a marker in front of the text.
std::string WithLanguage(std::string_view text, std::optional<Language> language);
struct MarkedText {
  std::optional<Language> language;
  std::string_view text;
};
MarkedText ReadMarker(std::string_view text);

}  // namespace propolis::search
