// Articles: what the desk knows, in Markdown, every version kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "base/text.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"

namespace propolis::knowledge {

enum class ArticleState { kDraft, kPublished };

struct Article {
  ArticleId id;
  std::int64_t key = 0;  // of the store and the search index
  std::string title;
  std::string body;       // Markdown
  std::string body_html;  // sanitised, filled in by the API
  Language language = Language::kEn;
  Visibility visibility = Visibility::kInternal;  // public: customers may read it once it is published
  std::vector<std::string> tags;
  ArticleState state = ArticleState::kDraft;
  Time updated_at;
  Ref by;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewArticle {
  std::string title;
  std::string body;
  Language language = Language::kEn;
  Visibility visibility = Visibility::kInternal;
  std::vector<std::string> tags;
  ArticleState state = ArticleState::kDraft;
  static const dto::Type& Dto();
};

struct ArticleChange {
  std::optional<std::string> title;
  std::optional<std::string> body;
  std::optional<Language> language;
  std::optional<Visibility> visibility;
  std::optional<std::vector<std::string>> tags;
  std::optional<ArticleState> state;
  static const dto::Type& Dto();
};

}  // namespace propolis::knowledge

template <>
struct propolis::Names<propolis::knowledge::ArticleState> {
  using S = propolis::knowledge::ArticleState;
  static constexpr std::array kTable = {std::pair{S::kDraft, std::string_view("draft")},
                                        std::pair{S::kPublished, std::string_view("published")}};
};
