// /search: full text over tickets, their conversations and the knowledge base.
#include "api/resource.h"
#include "api/resources.h"
#include "base/i18n.h"
#include "domain/ref.h"
#include "domain/ticket/access.h"
#include "domain/ticket/number.h"
#include "domain/vocabulary.h"
#include "search/run.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

constexpr int kMostItems = 100;
constexpr int kUsualItems = 20;
constexpr std::size_t kLongestCursor = 18;

struct SearchQuery {
  std::string q;
  std::optional<std::string> type;
  std::optional<std::int64_t> limit;
  std::optional<std::string> cursor;
  std::optional<std::string> sort;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<SearchQuery>("SearchQuery", "What to find.")
            .Required(
                "q", &SearchQuery::q,
                "Words, \"a phrase\", -not, OR, prefix*, and field:value for state, priority, organisation, "
                "assignee, technology, kind, channel, language, number, from, before, after, has, is; for customers "
                "without state, organisation, assignee, has and is.",
                dto::Text(0, 4000))
            .Optional("type", &SearchQuery::type, "ticket, entry, article; several with commas.", dto::Text(0, 50))
            .Optional("limit", &SearchQuery::limit, "How many.", dto::Range(1, kMostItems))
            .Optional("cursor", &SearchQuery::cursor, "From the answer before.", dto::Text(0, 40))
            .Optional("sort", &SearchQuery::sort, "recent (as it is) or relevance.", dto::Text(0, 20))
            .Done();
    return type;
  }
};

struct SearchItem {
  std::string type;
  std::string id;
  std::optional<std::string> number;
  std::optional<std::string> ticket_id;
  std::optional<std::int64_t> seq;
  std::string title;
  std::string snippet_html;
  Time at;
  std::optional<Ref> organisation;
  std::optional<std::string> state;
  std::optional<Priority> priority;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<SearchItem>("SearchItem", "One thing found.")
            .Required("type", &SearchItem::type, "ticket, entry or article.")
            .Required("id", &SearchItem::id, "Of the ticket or the article.")
            .Optional("number", &SearchItem::number, "Of the ticket.")
            .Optional("ticket_id", &SearchItem::ticket_id, "Of the ticket.")
            .Optional("seq", &SearchItem::seq, "Of the entry on its ticket.")
            .Required("title", &SearchItem::title, "Subject or title.")
            .Required("snippet_html", &SearchItem::snippet_html, "Where it was found; safe HTML, hits in <mark>.")
            .Required("at", &SearchItem::at, "When it was written.")
            .Optional("organisation", &SearchItem::organisation, "Whose ticket.")
            .Optional("state", &SearchItem::state, "Of the ticket; for staff.")
            .Optional("priority", &SearchItem::priority, "Of the ticket.")
            .Done();
    return type;
  }
};

struct SearchTotal {
  std::int64_t value = 0;
  bool capped = false;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<SearchTotal>("SearchTotal", "How many were found.")
                                      .Required("value", &SearchTotal::value, "At least so many.")
                                      .Required("capped", &SearchTotal::capped, "There may be more.")
                                      .Done();
    return type;
  }
};

struct SearchRead {
  std::string text;
  std::vector<std::string> problems;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<SearchRead>("SearchRead", "How the query was read.")
                                      .Required("text", &SearchRead::text, "The query.")
                                      .Required("problems", &SearchRead::problems, "What made no sense, in words.")
                                      .Done();
    return type;
  }
};

struct SearchAnswer {
  std::vector<SearchItem> items;
  SearchTotal total;
  SearchRead query;
  std::optional<std::string> next_cursor;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<SearchAnswer>("SearchAnswer", "What was found.")
                                      .Required("items", &SearchAnswer::items, "In the order asked for.")
                                      .Required("total", &SearchAnswer::total, "How many.")
                                      .Required("query", &SearchAnswer::query, "How the query was read.")
                                      .Optional("next_cursor", &SearchAnswer::next_cursor, "For the next page.")
                                      .Done();
    return type;
  }
};

SearchItem ToItem(const search::Hit& hit) {
  SearchItem item;
  item.type = hit.type;
  item.id = hit.id.ToString();
  item.title = hit.title;
  item.snippet_html = hit.snippet_html;
  item.at = hit.at;
  if (hit.ticket != 0) {
    item.number = ticket::FormatNumber(hit.ticket);
    item.ticket_id = item.id;
    item.state = hit.state;
    item.priority = static_cast<Priority>(hit.priority);
  }
  if (hit.seq != 0) {
    item.seq = hit.seq;
  }
  if (!hit.organisation.IsNil()) {
    item.organisation = Ref{hit.organisation.ToString(), hit.organisation_name};
  }
  return item;
}

Result<search::Request> ToRequest(const SearchQuery& query) {
  search::Request request;
  request.limit = static_cast<int>(query.limit.value_or(kUsualItems));
  request.cursor = query.cursor.value_or("");
  if (request.cursor.size() > kLongestCursor || request.cursor.find_first_not_of("0123456789") != std::string::npos) {
    return FailField("cursor", "field.not_found");
  }
  for (const std::string_view type : text::Split(query.type.value_or(""), ',')) {
    if (type != "" && type != "ticket" && type != "entry" && type != "article") {
      return FailField("type", "field.not_one_of", {{"choices", "ticket, entry, article"}});
    }
    if (!type.empty()) {
      request.types.emplace(type);
    }
  }
  const std::string sort = query.sort.value_or("recent");
  if (sort != "recent" && sort != "relevance") {
    return FailField("sort", "field.not_one_of", {{"choices", "recent, relevance"}});
  }
  request.sort = sort == "relevance" ? search::Sort::kRelevance : search::Sort::kRecent;
  return request;
}

// One without an organisation sees nothing.
search::Scope ScopeOf(const auth::Actor& actor) {
  search::Scope scope;
  scope.tickets = auth::May(actor, Permission::kTicketRead, {.organisation = actor.organisation});
  scope.articles = auth::May(actor, Permission::kArticleRead, {.organisation = actor.organisation});
  scope.me = actor.person;
  if (!actor.Is(auth::ActorKind::kStaff) && !actor.Is(auth::ActorKind::kSystem)) {
    scope.customer = search::Customer{.organisation = actor.organisation.value_or(OrganisationId{}),
                                      .sees_all = actor.roles.contains(auth::Role::kCustomerApprover),
                                      .contact = actor.person,
                                      .email = text::AsciiLower(actor.email),
                                      .in_copy = ticket::InCopyPattern(actor.email)};
  }
  return scope;
}

SearchAnswer Answer(Call& call, const search::Query& query, const search::Found& found) {
  SearchAnswer answer;
  for (const search::Hit& hit : found.hits) {
    answer.items.push_back(ToItem(hit));
    if (call.actor.Is(auth::ActorKind::kCustomer)) {
      answer.items.back().state = std::nullopt;  // she has words of her own for it: portal::Status
    }
  }
  answer.total = {found.total, found.capped};
  answer.query.text = query.text;
  for (const Error& problem : found.problems) {
    answer.query.problems.push_back(i18n::Translate(call.language, problem.message, problem.args));
  }
  answer.next_cursor = found.next_cursor;
  return answer;
}

}  // namespace

void AddSearch(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/search",
           .id = "search",
           .tag = "search",
           .summary = "Find tickets, entries and articles",
           .access = Permission::kTicketRead,
           .customers = true},
          [](Call& call, const SearchQuery& asked) -> Result<SearchAnswer> {
            const auto request = TRY(ToRequest(asked));
            const search::Query query = search::Parse(asked.q);
            const auto found = TRY(call.Read([&](store::ReadTx& tx) -> Result<search::Found> {
              return search::Run(tx, query, ScopeOf(call.actor), request);
            }));
            return Answer(call, query, found);
          });
}

}  // namespace propolis::api
