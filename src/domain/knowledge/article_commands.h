#pragma once

#include "auth/actor.h"
#include "domain/knowledge/article.h"
#include "store/store.h"

namespace propolis::knowledge {

Result<Article> AddArticle(store::WriteTx& tx, const auth::Actor& actor, const NewArticle& request);
Result<Article> ChangeArticle(store::WriteTx& tx, const auth::Actor& actor, ArticleId id, const ArticleChange& change,
                              std::optional<std::int64_t> if_version);

}  // namespace propolis::knowledge
