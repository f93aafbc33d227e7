#include "domain/knowledge/article.h"

namespace propolis::knowledge {
namespace {

constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kLongestBody = 100'000;
constexpr std::size_t kMostTags = 20;

}  // namespace

const dto::Type& Article::Dto() {
  static const dto::Type type = dto::Object<Article>("Article", "A piece of the desk's knowledge.")
                                    .Required("id", &Article::id, "")
                                    .Required("title", &Article::title, "")
                                    .Required("body", &Article::body, "Markdown.")
                                    .Required("body_html", &Article::body_html, "The body, safe to show.")
                                    .Required("language", &Article::language, "")
                                    .Required("visibility", &Article::visibility, "")
                                    .Required("tags", &Article::tags, "")
                                    .Required("state", &Article::state, "")
                                    .Required("updated_at", &Article::updated_at, "")
                                    .Required("by", &Article::by, "Who wrote this version.")
                                    .Required("version", &Article::version, "")
                                    .Done();
  return type;
}

const dto::Type& NewArticle::Dto() {
  static const dto::Type type =
      dto::Object<NewArticle>("NewArticle", "A new article.")
          .Required("title", &NewArticle::title, "", dto::Text(1, kLongestTitle))
          .Required("body", &NewArticle::body, "Markdown.", dto::Text(1, kLongestBody, "multiline"))
          .Required("language", &NewArticle::language, "")
          .Optional("visibility", &NewArticle::visibility, "`internal` when left out.")
          .Optional("tags", &NewArticle::tags, "", dto::Items(0, kMostTags))
          .Optional("state", &NewArticle::state, "`draft` when left out.")
          .Done();
  return type;
}

const dto::Type& ArticleChange::Dto() {
  static const dto::Type type =
      dto::Object<ArticleChange>("ArticleChange", "What to change of an article; makes its next version.")
          .Optional("title", &ArticleChange::title, "", dto::Text(1, kLongestTitle))
          .Optional("body", &ArticleChange::body, "Markdown.", dto::Text(1, kLongestBody, "multiline"))
          .Optional("language", &ArticleChange::language, "")
          .Optional("visibility", &ArticleChange::visibility, "")
          .Optional("tags", &ArticleChange::tags, "", dto::Items(0, kMostTags))
          .Optional("state", &ArticleChange::state, "")
          .Done();
  return type;
}

}  // namespace propolis::knowledge
