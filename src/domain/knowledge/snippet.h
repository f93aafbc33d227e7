// Snippets: short texts that an agent inserts by a key, in the three languages.
#pragma once

#include <optional>
#include <string>

#include "base/dto.h"
#include "base/ids.h"

namespace propolis::knowledge {

struct SnippetText {
  std::string en;
  std::string es;
  std::string pt;
  static const dto::Type& Dto();
};

struct Snippet {
  SnippetId id;
  std::string key;  // what is typed after "::"
  SnippetText title;
  SnippetText body;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewSnippet {
  std::string key;
  SnippetText title;
  SnippetText body;
  static const dto::Type& Dto();
};

struct SnippetChange {
  std::optional<std::string> key;
  std::optional<SnippetText> title;
  std::optional<SnippetText> body;
  static const dto::Type& Dto();
};

}  // namespace propolis::knowledge
