// Answering a query. Newest first by default; relevance only inside the newest 2,000 matches, so that a common word
// costs no more than a rare one. Totals are capped for the same reason.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "search/parse.h"
#include "store/store.h"

namespace propolis::search {

constexpr std::int64_t kRelevanceWindow = 2000;
constexpr std::int64_t kTotalCap = 10000;

// A customer, as far as it decides which tickets she sees (domain/ticket/access.h).
struct Customer {
  OrganisationId organisation;  // only this one's, no spam, and nothing internal
  bool sees_all = false;        // else only what she takes part in:
  Uuid contact;                 // as contact,
  std::string email;            // as requester (lower case),
  std::string in_copy;          // or in copy: ticket::InCopyPattern
};

// What the asking person may find. Checked for every result, whatever the query says.
struct Scope {
  bool tickets = false;
  bool articles = false;
  std::optional<Customer> customer = std::nullopt;
  Uuid me = {};  // for assignee:me
};

enum class Sort { kRecent, kRelevance };

struct Request {
  std::set<std::string> types;  // ticket, entry, article; empty: all
  Sort sort = Sort::kRecent;
  int limit = 20;
  std::string cursor;  // from the answer before
};

struct Hit {
  std::string type;
  Uuid id;                  // of the ticket (for tickets and entries) or the article
  std::int64_t ticket = 0;  // number, 0 for articles
  std::int64_t seq = 0;     // of the entry, 0 for others
  std::string title;
  std::string snippet_html;
  Time at;
  Uuid organisation;  // nil: none
  std::string organisation_name;
  std::string state;
  int priority = 0;
};

struct Found {
  std::vector<Hit> hits;
  std::int64_t total = 0;
  bool capped = false;  // there may be more than `total`
  std::optional<std::string> next_cursor;
  std::vector<Error> problems;  // of the query, and names that nobody bears
};

Found Run(store::ReadTx& tx, const Query& query, const Scope& scope, const Request& request);

}  // namespace propolis::search
