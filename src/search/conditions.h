// Filters and scope as SQL over `search_document d` and `ticket t`.
#pragma once

#include <deque>

#include "search/run.h"

namespace propolis::search {

// A WHERE clause with its values, which it owns.
class Conditions {
 public:
  void Add(std::string condition) { sql_ += (sql_.empty() ? "" : " AND ") + std::move(condition); }
  std::string Bind(std::int64_t value);
  std::string Bind(std::string value);
  std::string BindBytes(std::string_view bytes);
  [[nodiscard]] const std::string& sql() const { return sql_; }
  [[nodiscard]] const std::vector<store::Param>& params() const { return params_; }
  // Takes back what was bound after `count`.
  void Truncate(std::size_t count) { params_.resize(count); }

 private:
  std::string sql_;
  std::deque<std::string> texts_;  // a deque: elements stay where they are
  std::vector<store::Param> params_;
};

constexpr std::string_view kTechnologyNames = "SELECT id, path FROM technology";

// The ids, as bytes, of all rows (id, name) of `sql` whose name holds the folded value.
std::vector<std::string> IdsNamed(store::ReadTx& tx, std::string_view sql, std::string_view value);

void AddScope(Conditions& conditions, const Scope& scope, const std::set<std::string>& types);
// Names are looked up; those that nobody bears become problems and find nothing.
void AddFilters(store::ReadTx& tx, Conditions& conditions, const Query& query, const Scope& scope,
                std::vector<Error>& problems);

}  // namespace propolis::search
