#include "domain/knowledge/snippet.h"

namespace propolis::knowledge {
namespace {

constexpr std::size_t kLongestKey = 40;
constexpr std::size_t kLongestText = 10'000;

}  // namespace

const dto::Type& SnippetText::Dto() {
  static const dto::Type type = dto::Object<SnippetText>("SnippetText", "One text in the three languages.")
                                    .Required("en", &SnippetText::en, "", dto::Text(1, kLongestText, "multiline"))
                                    .Required("es", &SnippetText::es, "", dto::Text(1, kLongestText, "multiline"))
                                    .Required("pt", &SnippetText::pt, "", dto::Text(1, kLongestText, "multiline"))
                                    .Done();
  return type;
}

const dto::Type& Snippet::Dto() {
  static const dto::Type type = dto::Object<Snippet>("Snippet", "A short text that is inserted by its key.")
                                    .Required("id", &Snippet::id, "")
                                    .Required("key", &Snippet::key, "What is typed after `::`.")
                                    .Required("title", &Snippet::title, "")
                                    .Required("body", &Snippet::body, "")
                                    .Required("version", &Snippet::version, "")
                                    .Done();
  return type;
}

const dto::Type& NewSnippet::Dto() {
  static const dto::Type type =
      dto::Object<NewSnippet>("NewSnippet", "A new snippet.")
          .Required("key", &NewSnippet::key, "Lower-case letters, digits and dashes.", dto::Text(1, kLongestKey))
          .Required("title", &NewSnippet::title, "")
          .Required("body", &NewSnippet::body, "")
          .Done();
  return type;
}

const dto::Type& SnippetChange::Dto() {
  static const dto::Type type = dto::Object<SnippetChange>("SnippetChange", "What to change of a snippet.")
                                    .Optional("key", &SnippetChange::key, "", dto::Text(1, kLongestKey))
                                    .Optional("title", &SnippetChange::title, "")
                                    .Optional("body", &SnippetChange::body, "")
                                    .Done();
  return type;
}

}  // namespace propolis::knowledge
