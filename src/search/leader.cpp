#include "search/leader.h"

#include <set>

#include "base/text.h"
#include "search/search_sql.h"

namespace propolis::search {
namespace {

constexpr std::int64_t kFew = 20'000;

std::vector<std::string> Prefixed(std::string_view field, const std::vector<std::string>& values) {
  std::vector<std::string> facets;
  for (const std::string& value : values) {
    facets.push_back(std::string(field) + value);
  }
  return facets;
}

bool AreOpen(const std::vector<std::string>& states, bool wanted) {
  // The states of the table's own check.
  static const std::set<std::string, std::less<>> kOpen = {
      "new", "open", "waiting_customer", "waiting_third_party", "scheduled", "in_approval"};
  return std::ranges::all_of(states, [wanted](const auto& state) { return kOpen.contains(state) == wanted; });
}

// The facets of which a ticket must have one to pass; nothing when facets do not tell.
std::optional<std::vector<std::string>> FacetsOf(store::ReadTx& tx, const Filter& filter) {
  std::vector<std::string> facets;
  switch (filter.field) {
    case Field::kState:
      return AreOpen(filter.values, false) ? std::optional(Prefixed("state:", filter.values)) : std::nullopt;
    case Field::kPriority:
      for (const std::int64_t number : filter.numbers) {
        facets.push_back("priority:" + std::to_string(number));
      }
      return facets;
    case Field::kKind:
      return Prefixed("kind:", filter.values);
    case Field::kChannel:
      return Prefixed("channel:", filter.values);
    case Field::kLanguage:
      return Prefixed("language:", filter.values);
    case Field::kTechnology:
      for (const std::string& value : filter.values) {
        for (const std::string& id : IdsNamed(tx, kTechnologyNames, value)) {
          facets.push_back("technology:" + text::HexEncode(id));
        }
      }
      return facets;
    case Field::kFrom:
      for (const std::string& value : filter.values) {
        facets.push_back("from:" + value);
        facets.push_back((value.starts_with('@') ? "from:" : "from:@") + value);
      }
      return facets;
    default:
      return std::nullopt;
  }
}

// An index of the tickets themselves that has all that pass; empty when there is none.
std::string IndexOf(const Filter& filter) {
  if (filter.field == Field::kState && AreOpen(filter.values, true)) {
    return "SELECT number FROM ticket WHERE is_open = 1";
  }
  if (filter.values.size() != 1) {
    return {};
  }
  if (filter.field == Field::kIs && filter.values[0] == "open") {
    return "SELECT number FROM ticket WHERE is_open = 1";
  }
  if (filter.field == Field::kIs && filter.values[0] == "unassigned") {
    return "SELECT number FROM ticket WHERE assignee IS NULL";
  }
  if (filter.field == Field::kHas) {  // a table's name, from the parser's own list
    return "SELECT DISTINCT ticket AS number FROM " + filter.values[0];
  }
  return {};
}

std::string OneOfFacets(Conditions& c, const std::vector<std::string>& facets) {
  std::string list;
  for (const std::string& facet : facets) {
    list += (list.empty() ? "" : ", ") + c.Bind(facet);
  }
  return facets.size() == 1 ? " = " + list : " IN (" + (list.empty() ? "NULL" : list) + ")";
}

}  // namespace

void KeepFacets(store::WriteTx& tx, std::int64_t ticket) { tx.Exec(sql::kKeepFacets, ticket); }

Leader Leader::Of(store::ReadTx& tx, const Query& query) {
  const auto count = [&](const Leader& leader) {
    Conditions c;
    const std::string sql = "SELECT count(*) FROM (" + leader.Sql(c) + " LIMIT " + c.Bind(kFew + 1) + ") few";
    std::int64_t counted = 0;
    tx.Run(sql, c.params(), [&](const store::Row& row) {
      counted = row.Int(0);
      return false;
    });
    return counted;
  };
  Leader best;
  Leader all;  // when each passes many, what passes all may still be little
  std::int64_t fewest = kFew + 1;
  for (const Filter& filter : query.filters) {
    Leader leader;
    if (filter.negated || filter.values.empty()) {
      continue;
    }
    if (auto facets = FacetsOf(tx, filter)) {
      all.facets_.push_back(*facets);
      leader.facets_.push_back(*std::move(facets));
    } else if (std::string sql = IndexOf(filter); !sql.empty()) {
      leader.sql_ = std::move(sql);
    } else {
      continue;
    }
    if (const std::int64_t counted = count(leader); counted < fewest) {
      fewest = counted;
      best = std::move(leader);
      best.few_ = true;
    }
  }
  return best.IsNone() ? all : best;
}

std::string Leader::Sql(Conditions& c) const {
  if (!sql_.empty()) {
    return sql_;
  }
  const auto& first = facets_.front();
  std::string sql = std::string(first.size() == 1 ? "SELECT" : "SELECT DISTINCT") +
                    " f.ticket AS number FROM search_facet f WHERE f.facet" + OneOfFacets(c, first);
  for (std::size_t i = 1; i < facets_.size(); ++i) {
    sql += " AND EXISTS (SELECT 1 FROM search_facet x WHERE x.facet" + OneOfFacets(c, facets_[i]) +
           " AND x.ticket = f.ticket)";
  }
  return sql;
}

}  // namespace propolis::search
