#include "domain/knowledge/article_queries.h"

#include "base/number.h"
#include "domain/knowledge/article_sql.h"

namespace propolis::knowledge {
namespace {

using auth::Permission;

bool MaySee(const auth::Actor& actor, const Article& article) {
  if (actor.Is(auth::ActorKind::kCustomer)) {
    return article.visibility == Visibility::kPublic && article.state == ArticleState::kPublished;
  }
  return article.state == ArticleState::kPublished || actor.permissions.contains(Permission::kArticleWrite);
}

bool Matches(const Article& article, const ArticleFilter& filter, const std::string& wanted) {
  if ((filter.language && *filter.language != article.language) || (filter.state && *filter.state != article.state) ||
      (filter.visibility && *filter.visibility != article.visibility)) {
    return false;
  }
  const auto has = [&](std::string_view text) { return text::Fold(text).find(wanted) != std::string::npos; };
  return wanted.empty() || has(article.title) || std::ranges::any_of(article.tags, has) || has(article.body);
}

struct Before {
  std::int64_t updated_at = INT64_MAX;
  std::int64_t key = INT64_MAX;
};
Result<Before> ReadBefore(const PageRequest& page) {
  const auto key = TRY(TakeCursor(page.cursor, 2));
  Before before;
  if (key) {
    for (const auto& [text, into] : {std::pair{&key->at(0), &before.updated_at}, {&key->at(1), &before.key}}) {
      const auto number = text::ParseNumber<std::int64_t>(*text);
      if (!number) {
        return FailField("cursor", "field.not_found");
      }
      *into = *number;
    }
  }
  return before;
}

}  // namespace

Result<Page<Article>> Articles(store::ReadTx& tx, const auth::Actor& actor, const ArticleFilter& filter,
                               const PageRequest& page) {
  TRY(auth::Require(actor, Permission::kArticleRead, {actor.organisation}));
  const Before before = TRY(ReadBefore(page));
  const std::string wanted = text::Fold(text::Trim(filter.text));
  Page<Article> answer;
  bool more = false;
  tx.ForEach(
      sql::kArticles,
      [&](const store::Row& row) {
        Article article = sql::ToArticle(row);
        if (!MaySee(actor, article) || !Matches(article, filter, wanted)) {
          return true;
        }
        more = answer.items.size() == static_cast<std::size_t>(page.limit);
        if (!more) {
          answer.items.push_back(std::move(article));
        }
        return !more;
      },
      before.updated_at, before.key);
  if (more) {
    const Article& last = answer.items.back();
    answer.next_cursor = MakeCursor({std::to_string(ToMicros(last.updated_at)), std::to_string(last.key)});
  }
  return answer;
}

Result<Article> GetArticle(store::ReadTx& tx, const auth::Actor& actor, ArticleId id) {
  TRY(auth::Require(actor, Permission::kArticleRead, {actor.organisation}));
  auto article = tx.One(sql::kArticle, sql::ToArticle, id);
  if (!article || !MaySee(actor, *article)) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return *std::move(article);
}

}  // namespace propolis::knowledge
