// What lists in pages take and answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "domain/page.h"

namespace propolis::api {

// ?limit= and ?cursor=, and ?q= where a list can be searched.
struct PageQuery {
  std::optional<int> limit;
  std::optional<std::string> cursor;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<PageQuery>("PageQuery", "")
            .Optional("limit", &PageQuery::limit, "Items in a page, 50 when left out.", dto::Range(1, kPageMost))
            .Optional("cursor", &PageQuery::cursor, "`next_cursor` of the page before.", dto::Text(0, 2000))
            .Done();
    return type;
  }
};

struct SearchPageQuery {
  std::optional<std::string> q;
  std::optional<int> limit;
  std::optional<std::string> cursor;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<SearchPageQuery>("SearchPageQuery", "")
            .Optional("q", &SearchPageQuery::q, "What to look for, without case and accents.", dto::Text(0, 200))
            .Optional("limit", &SearchPageQuery::limit, "Items in a page, 50 when left out.", dto::Range(1, kPageMost))
            .Optional("cursor", &SearchPageQuery::cursor, "`next_cursor` of the page before.", dto::Text(0, 2000))
            .Done();
    return type;
  }
};

template <class Query>
PageRequest ToPageRequest(const Query& query) {
  return {.limit = query.limit.value_or(kPageDefault), .cursor = query.cursor.value_or("")};
}

// The described form of Page<T>; `name` is what the OpenAPI document calls it.
template <class Answer>
const dto::Type& DescribePage(std::string name) {
  static const dto::Type type = dto::Object<Answer>(std::move(name), "A page of a list.")
                                    .Required("items", &Answer::items, "")
                                    .Optional("next_cursor", &Answer::next_cursor, "Absent on the last page.")
                                    .Done();
  return type;
}

template <class Answer, class T>
Result<Answer> ToAnswer(Result<Page<T>> page) {
  if (!page) {
    return std::unexpected(std::move(page).error());
  }
  return Answer{std::move(page->items), std::move(page->next_cursor)};
}

}  // namespace propolis::api
