#pragma once

#include "domain/knowledge/article.h"
#include "store/store.h"

namespace propolis::knowledge::sql {

#define PROPOLIS_ARTICLE_COLUMNS                                                                                  \
  "SELECT a.id, a.key, a.version, a.title, a.body, a.language, a.visibility, a.state, a.tags, a.author, s.name, " \
  "a.updated_at FROM article a LEFT JOIN staff s ON s.id = a.author "

inline constexpr std::string_view kArticle = PROPOLIS_ARTICLE_COLUMNS "WHERE a.id = $1";
inline constexpr std::string_view kArticles =
    PROPOLIS_ARTICLE_COLUMNS "WHERE (a.updated_at, a.key) < ($1, $2) ORDER BY a.updated_at DESC, a.key DESC";
#undef PROPOLIS_ARTICLE_COLUMNS

inline constexpr std::string_view kInsertArticle =
    "INSERT INTO article (id, version, title, body, language, visibility, state, tags, author, updated_at) "
    "VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING key";
inline constexpr std::string_view kUpdateArticle =
    "UPDATE article SET version = $2, title = $3, body = $4, language = $5, visibility = $6, state = $7, tags = $8, "
    "author = $9, updated_at = $10 WHERE id = $1";
inline constexpr std::string_view kInsertArticleVersion =
    "INSERT INTO article_version (article, version, at, author, body) VALUES ($1, $2, $3, $4, $5)";

Article ToArticle(const store::Row& row);

}  // namespace propolis::knowledge::sql
