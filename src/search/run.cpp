#include "search/run.h"

#include <charconv>

#include "search/conditions.h"
#include "search/search_sql.h"
#include "search/snippet.h"

namespace propolis::search {
namespace {

constexpr std::int64_t kMostExamined = 20'000;  // newest matches that filters are tried on
constexpr std::int64_t kCountedFiltered = 2000;
constexpr int kChunk = 200;
constexpr std::int64_t kFromTheNewest = INT64_MAX;

#define PROPOLIS_SEARCH_COLUMNS                                                                                     \
  "SELECT d.key, d.type, t.id, d.ticket, d.seq, coalesce(t.subject, d.title), d.at, t.organisation, "               \
  "coalesce(o.name, ''), coalesce(t.state, ''), coalesce(t.priority, 0), d.body, d.article FROM search_document d " \
  "LEFT JOIN ticket t ON t.number = d.ticket LEFT JOIN organisation o ON o.id = t.organisation WHERE "

struct Row {
  std::int64_t key = 0;
  Hit hit;
  std::string body;
  std::int64_t article = 0;
};

Row ToRow(const store::Row& row) {
  Row out;
  out.key = row.Int(0);
  out.hit.type = row.String(1);
  out.hit.id = row.IsNull(2) ? Uuid{} : Uuid::FromBytes(row.Bytes(2)).value_or(Uuid{});
  out.hit.ticket = row.Int(3);
  out.hit.seq = out.hit.type == "entry" ? row.Int(4) : 0;
  out.hit.title = row.String(5);
  out.hit.at = row.Time(6);
  out.hit.organisation = row.IsNull(7) ? Uuid{} : Uuid::FromBytes(row.Bytes(7)).value_or(Uuid{});
  out.hit.organisation_name = row.String(8);
  out.hit.state = row.String(9);
  out.hit.priority = static_cast<int>(row.Int(10));
  out.body = row.String(11);
  out.article = row.Int(12);
  return out;
}

std::int64_t ReadCursor(std::string_view cursor, std::int64_t otherwise) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), value);
  return error == std::errc() && end == cursor.data() + cursor.size() && value >= 0 ? value : otherwise;
}

class Runner {
 public:
  Runner(store::ReadTx& tx, const Query& query, const Scope& scope, const Request& request)
      : tx_(tx),
        request_(request),
        match_(ToMatch(query)),
        excluded_(ToExcludedMatch(query)),
        indicators_(Indicators(query)),
        marker_(query) {
    found_.problems = query.problems;
    AddScope(conditions_, scope, request.types);
    AddFilters(tx, conditions_, query, scope, found_.problems);
    filtered_ = !query.filters.empty() || scope.only || !request.types.empty() || !scope.tickets || !scope.articles;
    words_ = !match_.empty() || !indicators_.empty();
  }

  Found Take() && {
    if (!words_) {
      ByFiltersAlone();
    } else if (request_.sort == Sort::kRelevance && !match_.empty()) {
      ByRelevance();
    } else {
      ByTime();
    }
    return std::move(found_);
  }

 private:
  // The newest keys before `before` that the words find.
  std::vector<std::int64_t> Keys(std::int64_t before, std::int64_t limit) {
    Conditions c;
    std::string sql;
    if (!match_.empty()) {
      sql =
          "SELECT rowid FROM search_text WHERE search_text MATCH " + c.Bind(match_) + " AND rowid < " + c.Bind(before);
      for (const std::string& indicator : indicators_) {
        sql += " AND rowid IN (SELECT document FROM search_indicator WHERE value = " + c.Bind(indicator) + ")";
      }
      sql += " ORDER BY rowid DESC LIMIT " + c.Bind(limit);
    } else {
      sql = "SELECT i.document FROM search_indicator i WHERE i.value = " + c.Bind(indicators_[0]) +
            " AND i.document < " + c.Bind(before);
      for (std::size_t n = 1; n < indicators_.size(); ++n) {
        sql += " AND EXISTS (SELECT 1 FROM search_indicator x WHERE x.document = i.document AND x.value = " +
               c.Bind(indicators_[n]) + ")";
      }
      if (!excluded_.empty()) {
        sql +=
            " AND i.document NOT IN (SELECT rowid FROM search_text WHERE search_text MATCH " + c.Bind(excluded_) + ")";
      }
      sql += " ORDER BY i.document DESC LIMIT " + c.Bind(limit);
    }
    std::vector<std::int64_t> keys;
    tx_.Run(sql, c.params(), [&](const store::Row& row) {
      keys.push_back(row.Int(0));
      return true;
    });
    return keys;
  }

  // The document, when scope and filters let it through.
  std::optional<Row> Admit(std::int64_t key) {
    const std::size_t bound = conditions_.params().size();
    const std::string sql = PROPOLIS_SEARCH_COLUMNS + conditions_.sql() + " AND d.key = " + conditions_.Bind(key);
    std::optional<Row> admitted;
    tx_.Run(sql, conditions_.params(), [&](const store::Row& row) {
      admitted = ToRow(row);
      return false;
    });
    conditions_.Truncate(bound);
    return admitted;
  }

  void Show(Row row) {
    std::string body = std::move(row.body);
    if (row.hit.ticket != 0) {
      body = tx_.One(
                    sql::kEntryBody, [](const store::Row& entry) { return entry.String(0); }, row.hit.ticket,
                    row.hit.type == "entry" ? row.hit.seq : FirstSeq(row.hit.ticket))
                 .value_or("");
    } else {
      row.hit.id = tx_.One(
                          "SELECT id FROM article WHERE key = $1",
                          [](const store::Row& article) { return Uuid::FromBytes(article.Bytes(0)).value_or(Uuid{}); },
                          row.article)
                       .value_or(Uuid{});
    }
    row.hit.snippet_html = marker_.Snippet(body);
    found_.hits.push_back(std::move(row.hit));
  }

  std::int64_t FirstSeq(std::int64_t ticket) {
    return tx_.One(sql::kFirstMessage, [](const store::Row& row) { return row.Int(0); }, ticket).value_or(0);
  }

  void ByTime() {
    std::int64_t before = ReadCursor(request_.cursor, kFromTheNewest);
    std::int64_t examined = 0;
    std::int64_t last_shown = before;
    while (examined < kMostExamined) {
      const auto keys = Keys(before, filtered_ ? kChunk : request_.limit + 1);
      for (const std::int64_t key : keys) {
        ++examined;
        before = key;
        auto row = Admit(key);
        if (!row) {
          continue;
        }
        if (found_.hits.size() == static_cast<std::size_t>(request_.limit)) {
          found_.next_cursor = std::to_string(last_shown);
          CountMatches();
          return;
        }
        last_shown = key;
        Show(std::move(*row));
      }
      if (keys.empty() || (!filtered_ && keys.size() <= static_cast<std::size_t>(request_.limit))) {
        break;
      }
    }
    CountMatches();
  }

  void CountMatches() {
    const std::int64_t cap = filtered_ ? kCountedFiltered : kTotalCap;
    const auto keys = Keys(kFromTheNewest, cap + 1);
    found_.capped = static_cast<std::int64_t>(keys.size()) > cap;
    if (!filtered_) {
      found_.total = std::min<std::int64_t>(static_cast<std::int64_t>(keys.size()), cap);
      return;
    }
    found_.total = std::ranges::count_if(keys, [&](std::int64_t key) { return Admit(key).has_value(); });
  }

  void ByRelevance() {
    struct Scored {
      std::int64_t key;
      double score;
    };
    std::vector<Scored> window;
    std::set<std::int64_t> with_indicators;
    if (!indicators_.empty()) {
      const auto keys = Keys(kFromTheNewest, kRelevanceWindow);
      with_indicators.insert(keys.begin(), keys.end());
    }
    Conditions c;
    const std::string sql = "SELECT rowid, propolis_rank(search_text) FROM search_text WHERE search_text MATCH " +
                            c.Bind(match_) + " ORDER BY rowid DESC LIMIT " + c.Bind(kRelevanceWindow);
    tx_.Run(sql, c.params(), [&](const store::Row& row) {
      if (indicators_.empty() || with_indicators.contains(row.Int(0))) {
        window.push_back({row.Int(0), row.Double(1)});
      }
      return true;
    });
    std::ranges::sort(
        window, [](const Scored& a, const Scored& b) { return std::tie(a.score, a.key) > std::tie(b.score, b.key); });
    const std::int64_t skip = ReadCursor(request_.cursor, 0);
    std::int64_t admitted = 0;
    for (const Scored& scored : window) {
      auto row = Admit(scored.key);
      if (!row) {
        continue;
      }
      if (++admitted > skip && found_.hits.size() < static_cast<std::size_t>(request_.limit)) {
        Show(std::move(*row));
      }
    }
    const auto shown = skip + static_cast<std::int64_t>(found_.hits.size());
    if (admitted > shown) {
      found_.next_cursor = std::to_string(shown);
    }
    CountMatches();
  }

  // No words: tickets by their number.
  void ByFiltersAlone() {
    const auto run = [&](std::int64_t before, std::int64_t limit, const std::function<bool(const store::Row&)>& visit) {
      const std::size_t bound = conditions_.params().size();
      std::string sql = PROPOLIS_SEARCH_COLUMNS + conditions_.sql() + " AND d.type = 'ticket' AND d.ticket <> 0";
      sql += " AND t.number < " + conditions_.Bind(before);
      sql += " ORDER BY t.number DESC LIMIT " + conditions_.Bind(limit);
      tx_.Run(sql, conditions_.params(), visit);
      conditions_.Truncate(bound);
    };
    std::vector<Row> rows;
    run(ReadCursor(request_.cursor, kFromTheNewest), request_.limit + 1, [&](const store::Row& row) {
      rows.push_back(ToRow(row));
      return true;
    });
    for (Row& row : rows) {
      if (found_.hits.size() == static_cast<std::size_t>(request_.limit)) {
        found_.next_cursor = std::to_string(found_.hits.back().ticket);
        break;
      }
      Show(std::move(row));
    }
    run(kFromTheNewest, kTotalCap + 1, [&](const store::Row&) {
      ++found_.total;
      return true;
    });
    found_.capped = found_.total > kTotalCap;
    found_.total = std::min(found_.total, kTotalCap);
  }

  store::ReadTx& tx_;
  const Request& request_;
  std::string match_;
  std::string excluded_;
  std::vector<std::string> indicators_;
  Marker marker_;
  Conditions conditions_;
  bool filtered_ = false;
  bool words_ = false;
  Found found_;
};

}  // namespace

Found Run(store::ReadTx& tx, const Query& query, const Scope& scope, const Request& request) {
  if (query.IsEmpty()) {
    Found nothing;
    nothing.problems = query.problems;
    return nothing;
  }
  return Runner(tx, query, scope, request).Take();
}

}  // namespace propolis::search
