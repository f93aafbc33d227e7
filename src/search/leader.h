// Which tickets to try when a query has filters and no words: those that an index knows one of the filters to let
// through, instead of all tickets.
#pragma once

#include <string>
#include <vector>

#include "search/conditions.h"
#include "search/parse.h"

namespace propolis::search {

// Remembers what the ticket's facets are now (table search_facet), before a search may ask for them.
void KeepFacets(store::WriteTx& tx, std::int64_t ticket);

class Leader {
 public:
  // The filter of the query that fewest tickets pass, as far as indexes tell.
  static Leader Of(store::ReadTx& tx, const Query& query);

  // No index tells anything: all tickets must be tried.
  [[nodiscard]] bool IsNone() const { return sql_.empty() && facets_.empty(); }
  // So few that they can be tried at once.
  [[nodiscard]] bool IsFew() const { return few_; }
  // Selects `number` of the tickets that may pass, each once, with its values bound in `c`.
  std::string Sql(Conditions& c) const;

 private:
  bool few_ = false;
  std::string sql_;                               // without values; or, when empty,
  std::vector<std::vector<std::string>> facets_;  // of each of these the ticket must have had one
};

}  // namespace propolis::search
