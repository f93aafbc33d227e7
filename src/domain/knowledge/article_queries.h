#pragma once

#include "auth/actor.h"
#include "domain/knowledge/article.h"
#include "domain/page.h"
#include "store/store.h"

namespace propolis::knowledge {

struct ArticleFilter {
  std::string text;  // anywhere in title, tags or body, without case and accents; empty: all
  std::optional<Language> language;
  std::optional<ArticleState> state;
  std::optional<Visibility> visibility;
};

// The newest first. Customers see what is public and published; drafts are for those who may write.
Result<Page<Article>> Articles(store::ReadTx& tx, const auth::Actor& actor, const ArticleFilter& filter,
                               const PageRequest& page);
// Error: kNotFound, also when it may not be seen.
Result<Article> GetArticle(store::ReadTx& tx, const auth::Actor& actor, ArticleId id);

}  // namespace propolis::knowledge
