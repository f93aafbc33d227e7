// /articles and /snippets: what the desk knows; /portal/articles for customers.
#include "api/markdown.h"
#include "api/paging.h"
#include "api/resource.h"
#include "api/resources.h"
#include "domain/knowledge/article_commands.h"
#include "domain/knowledge/article_queries.h"
#include "domain/knowledge/snippet_commands.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

struct ArticlePage {
  std::vector<knowledge::Article> items;
  std::optional<std::string> next_cursor;
  static const dto::Type& Dto() { return DescribePage<ArticlePage>("ArticlePage"); }
};

struct ArticleQuery {
  std::optional<std::string> q;
  std::optional<Language> language;
  std::optional<knowledge::ArticleState> state;
  std::optional<Visibility> visibility;
  std::optional<int> limit;
  std::optional<std::string> cursor;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<ArticleQuery>("ArticleQuery", "")
            .Optional("q", &ArticleQuery::q, "In title, tags or body, without case and accents.", dto::Text(0, 200))
            .Optional("language", &ArticleQuery::language, "")
            .Optional("state", &ArticleQuery::state, "")
            .Optional("visibility", &ArticleQuery::visibility, "")
            .Optional("limit", &ArticleQuery::limit, "Items in a page, 50 when left out.", dto::Range(1, kPageMost))
            .Optional("cursor", &ArticleQuery::cursor, "`next_cursor` of the page before.", dto::Text(0, 2000))
            .Done();
    return type;
  }
};

Result<knowledge::Article> Rendered(Result<knowledge::Article> article) {
  if (article) {
    article->body_html = MarkdownToHtml(article->body);
  }
  return article;
}

Result<ArticlePage> List(Call& call, const ArticleQuery& query) {
  const knowledge::ArticleFilter filter{
      .text = query.q.value_or(""), .language = query.language, .state = query.state, .visibility = query.visibility};
  auto answer = TRY(ToAnswer<ArticlePage>(
      call.Read([&](store::ReadTx& tx) { return knowledge::Articles(tx, call.actor, filter, ToPageRequest(query)); })));
  for (auto& article : answer.items) {
    article.body_html = MarkdownToHtml(article.body);
  }
  return answer;
}

Result<knowledge::Article> Get(Call& call) {
  const auto id = TRY(call.PathId<ArticleId>("id"));
  return Rendered(call.Read([&](store::ReadTx& tx) { return knowledge::GetArticle(tx, call.actor, id); }));
}

void AddArticleItself(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/articles",
           .id = "listArticles",
           .tag = "knowledge",
           .summary = "Articles, the newest first",
           .access = Permission::kArticleRead},
          [](Call& call, const ArticleQuery& query) -> Result<ArticlePage> { return List(call, query); });
  api.Add({.method = Method::kGet,
           .path = "/articles/{id}",
           .id = "getArticle",
           .tag = "knowledge",
           .summary = "One article",
           .access = Permission::kArticleRead},
          [](Call& call) -> Result<knowledge::Article> { return Get(call); });
  api.Add(
      {.method = Method::kPost,
       .path = "/articles",
       .id = "addArticle",
       .tag = "knowledge",
       .summary = "Write an article",
       .access = Permission::kArticleWrite,
       .status = 201},
      [](Call& call, const knowledge::NewArticle& body) -> Result<knowledge::Article> {
        return call.Write([&](store::WriteTx& tx) { return Rendered(knowledge::AddArticle(tx, call.actor, body)); });
      });
  api.Add({.method = Method::kPatch,
           .path = "/articles/{id}",
           .id = "changeArticle",
           .tag = "knowledge",
           .summary = "Make the next version of an article",
           .access = Permission::kArticleWrite,
           .versioned = true},
          [](Call& call, const knowledge::ArticleChange& body) -> Result<knowledge::Article> {
            const auto id = TRY(call.PathId<ArticleId>("id"));
            const auto version = TRY(call.IfMatch());
            return call.Write([&](store::WriteTx& tx) {
              return Rendered(knowledge::ChangeArticle(tx, call.actor, id, body, version));
            });
          });
}

void AddPortalArticles(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/portal/articles",
           .id = "listPortalArticles",
           .tag = "portal",
           .summary = "Published articles for customers",
           .access = Permission::kPortalUse},
          [](Call& call, const ArticleQuery& query) -> Result<ArticlePage> { return List(call, query); });
  api.Add({.method = Method::kGet,
           .path = "/portal/articles/{id}",
           .id = "getPortalArticle",
           .tag = "portal",
           .summary = "One published article",
           .access = Permission::kPortalUse},
          [](Call& call) -> Result<knowledge::Article> { return Get(call); });
}

void AddSnippets(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/snippets",
           .id = "listSnippets",
           .tag = "knowledge",
           .summary = "Snippets, by key",
           .access = Permission::kSnippetRead},
          [](Call& call) -> Result<std::vector<knowledge::Snippet>> {
            return call.Read([&](store::ReadTx& tx) { return knowledge::Snippets(tx, call.actor); });
          });
  api.Add({.method = Method::kPost,
           .path = "/snippets",
           .id = "addSnippet",
           .tag = "knowledge",
           .summary = "Add a snippet",
           .access = Permission::kSnippetWrite,
           .status = 201},
          [](Call& call, const knowledge::NewSnippet& body) -> Result<knowledge::Snippet> {
            return call.Write([&](store::WriteTx& tx) { return knowledge::AddSnippet(tx, call.actor, body); });
          });
  api.Add({.method = Method::kPatch,
           .path = "/snippets/{id}",
           .id = "changeSnippet",
           .tag = "knowledge",
           .summary = "Change a snippet",
           .access = Permission::kSnippetWrite,
           .versioned = true},
          [](Call& call, const knowledge::SnippetChange& body) -> Result<knowledge::Snippet> {
            const auto id = TRY(call.PathId<SnippetId>("id"));
            const auto version = TRY(call.IfMatch());
            return call.Write(
                [&](store::WriteTx& tx) { return knowledge::ChangeSnippet(tx, call.actor, id, body, version); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/snippets/{id}",
           .id = "deleteSnippet",
           .tag = "knowledge",
           .summary = "Delete a snippet",
           .access = Permission::kSnippetWrite},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<SnippetId>("id"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(knowledge::DeleteSnippet(tx, call.actor, id));
              return NoContent{};
            });
          });
}

}  // namespace

void AddKnowledge(Api& api) {
  AddArticleItself(api);
  AddPortalArticles(api);
  AddSnippets(api);
}

}  // namespace propolis::api
