// The query language of search:
//
//   words            all of them             "a phrase"     words in a row
//   a OR b           either                  pre*           any ending
//   -word            not this one            field:value    field:a,b    field:"two words"    -field:value
//
// Pure and total: whatever is typed gives a query and, where something makes no sense, problems in words; what makes no
// sense is left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace propolis::search {

constexpr std::size_t kLongestQuery = 1000;  // bytes
constexpr std::size_t kMostTerms = 40;

struct Term {
  std::vector<std::string> words;  // letters and digits only; more than one: in a row
  bool prefix = false;             // the last word stands for all that begin so
  std::string indicator;           // set when the term is one: looked for as it stands
};

// One of these must be found.
struct AnyOf {
  std::vector<Term> terms;
};

enum class Field {
  kState,
  kPriority,
  kOrganisation,
  kAssignee,
  kTechnology,
  kKind,
  kChannel,
  kLanguage,
  kNumber,
  kFrom,
  kBefore,
  kAfter,
  kHas,
  kIs
};

struct Filter {
  Field field = Field::kState;
  std::vector<std::string> values;    // as the store names them; folded for names; one of them must hold
  std::vector<std::int64_t> numbers;  // kNumber: ticket numbers; kPriority: 1..4; kBefore, kAfter: microseconds
  bool negated = false;
};

struct Query {
  std::string text;        // as asked, cleaned
  std::vector<AnyOf> all;  // each must hold
  std::vector<Term> none;  // none may
  std::vector<Filter> filters;
  std::vector<Error> problems;  // message ids with arguments

  [[nodiscard]] bool IsEmpty() const { return all.empty() && filters.empty(); }
};

Query Parse(std::string_view text);

// The words of a query as an FTS5 expression; empty when there are none. Built from letters and digits in quotes only,
// so nothing typed is ever read as FTS5 syntax. Single indicators are left out: they are looked up elsewhere.
std::string ToMatch(const Query& query);
// The words that may not be found, likewise.
std::string ToExcludedMatch(const Query& query);
// Those single indicators.
std::vector<std::string> Indicators(const Query& query);

}  // namespace propolis::search
