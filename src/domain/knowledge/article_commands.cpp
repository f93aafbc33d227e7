#include "domain/knowledge/article_commands.h"

#include "auth/record.h"
#include "domain/knowledge/article_queries.h"
#include "domain/knowledge/article_sql.h"
#include "domain/stored.h"

namespace propolis::knowledge {
namespace {

using auth::Permission;

void KeepVersion(store::WriteTx& tx, const auth::Actor& actor, const Article& article) {
  tx.Exec(sql::kInsertArticleVersion, article.key, article.version, tx.Now(), actor.person, article.body);
  json::Writer payload;
  payload.BeginObject().Field("id", article.id.ToString()).Field("key", article.key).EndObject();
  tx.Emit({.kind = article.version == 1 ? "article.created" : "article.updated",
           .organisation = std::nullopt,
           .payload = payload.Take()});
}

}  // namespace

Result<Article> AddArticle(store::WriteTx& tx, const auth::Actor& actor, const NewArticle& request) {
  TRY(auth::Require(actor, Permission::kArticleWrite));
  Article article;
  article.id = ArticleId::New(tx.Now());
  article.version = 1;
  article.body = request.body;
  auto tags = request.tags;
  stored::KeepFirsts(tags);
  article.key = *tx.One(
      sql::kInsertArticle, [](const store::Row& row) { return row.Int(0); }, article.id, request.title, request.body,
      request.language, request.visibility, request.state, stored::ToJson(tags), actor.person, tx.Now());
  KeepVersion(tx, actor, article);
  auth::Record(tx, actor, "article.create", request.title);
  return GetArticle(tx, auth::SystemActor(), article.id);
}

Result<Article> ChangeArticle(store::WriteTx& tx, const auth::Actor& actor, ArticleId id, const ArticleChange& change,
                              std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kArticleWrite));
  Article article = TRY(GetArticle(tx, auth::SystemActor(), id));
  article.version = TRY(stored::NextVersion(article.version, if_version));
  article.title = change.title.value_or(article.title);
  article.body = change.body.value_or(article.body);
  article.language = change.language.value_or(article.language);
  article.visibility = change.visibility.value_or(article.visibility);
  article.state = change.state.value_or(article.state);
  article.tags = change.tags.value_or(article.tags);
  stored::KeepFirsts(article.tags);
  tx.Exec(sql::kUpdateArticle, id, article.version, article.title, article.body, article.language, article.visibility,
          article.state, stored::ToJson(article.tags), actor.person, tx.Now());
  KeepVersion(tx, actor, article);
  auth::Record(tx, actor, "article.update", article.title);
  return GetArticle(tx, auth::SystemActor(), id);
}

}  // namespace propolis::knowledge
