#include "domain/knowledge/article_sql.h"

#include "domain/stored.h"

namespace propolis::knowledge::sql {

Article ToArticle(const store::Row& row) {
  Article article;
  article.id = row.Id<ArticleId>(0);
  article.key = row.Int(1);
  article.version = row.Int(2);
  article.title = row.String(3);
  article.body = row.String(4);
  article.language = row.Enum<Language>(5);
  article.visibility = row.Enum<Visibility>(6);
  article.state = row.Enum<ArticleState>(7);
  article.tags = stored::FromJson<std::vector<std::string>>(row.Text(8));
  article.by = {row.Id<StaffId>(9).ToString(), row.IsNull(10) ? "Propolis" : row.String(10)};
  article.updated_at = row.Time(11);
  return article;
}

}  // namespace propolis::knowledge::sql
