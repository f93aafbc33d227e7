#include "search/run.h"

#include "base/number.h"
#include "search/conditions.h"
#include "search/leader.h"
#include "search/search_sql.h"
#include "search/snippet.h"

namespace propolis::search {
namespace {

constexpr std::int64_t kMostExamined = 20'000;  // newest matches that filters are tried on
constexpr std::int64_t kCountedFiltered = 2000;
constexpr std::int64_t kFirstChunk = 500;      // matches that filters are tried on at once; then more
constexpr std::int64_t kFirstWindow = 20'000;  // tickets that filters without words are tried on at once; then more
constexpr int kGrowth = 4;
constexpr std::int64_t kLargestWindow = 80'000;     // so that running late is noticed in time
constexpr std::chrono::milliseconds kPatience{20};  // with something found, nobody waits longer for more
constexpr std::int64_t kFromTheNewest = INT64_MAX;

#define PROPOLIS_SEARCH_JOINED                                                                                      \
  " search_document d LEFT JOIN ticket t ON t.number = d.ticket LEFT JOIN organisation o ON o.id = t.organisation " \
  "WHERE "
#define PROPOLIS_SEARCH_COLUMNS                                                                       \
  "SELECT d.key, d.type, t.id, d.ticket, d.seq, coalesce(t.subject, d.title), d.at, t.organisation, " \
  "coalesce(o.name, ''), coalesce(t.state, ''), coalesce(t.priority, 0), d.body, d.article FROM"

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
  const auto value = text::ParseNumber<std::int64_t>(cursor);
  return value && *value >= 0 ? *value : otherwise;
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
    filtered_ = !query.filters.empty() || scope.customer || !request.types.empty() || !scope.tickets || !scope.articles;
    words_ = !match_.empty() || !indicators_.empty();
    if (!words_) {
      leader_ = Leader::Of(tx, query);
    }
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
  // Selects as `key` the newest keys before `before` that the words find.
  std::string KeysSql(Conditions& c, std::int64_t before, std::int64_t limit) {
    std::string sql;
    if (!match_.empty()) {
      sql = "SELECT rowid AS key FROM search_text WHERE search_text MATCH " + c.Bind(match_) + " AND rowid < " +
            c.Bind(before);
      for (const std::string& indicator : indicators_) {
        sql += " AND rowid IN (SELECT document FROM search_indicator WHERE value = " + c.Bind(indicator) + ")";
      }
      return sql + " ORDER BY rowid DESC LIMIT " + c.Bind(limit);
    }
    sql = "SELECT i.document AS key FROM search_indicator i WHERE i.value = " + c.Bind(indicators_[0]) +
          " AND i.document < " + c.Bind(before);
    for (std::size_t n = 1; n < indicators_.size(); ++n) {
      sql += " AND EXISTS (SELECT 1 FROM search_indicator x WHERE x.document = i.document AND x.value = " +
             c.Bind(indicators_[n]) + ")";
    }
    if (!excluded_.empty()) {
      sql += " AND i.document NOT IN (SELECT rowid FROM search_text WHERE search_text MATCH " + c.Bind(excluded_) + ")";
    }
    return sql + " ORDER BY i.document DESC LIMIT " + c.Bind(limit);
  }

  std::vector<std::int64_t> Keys(std::int64_t before, std::int64_t limit) {
    Conditions c;
    const std::string sql = KeysSql(c, before, limit);
    return Numbers(sql, c);
  }

  // Those of the newest `examined` keys before `before` that scope and filters let through, at most `limit`.
  std::vector<std::int64_t> AdmittedKeys(std::int64_t before, std::int64_t examined, std::int64_t limit) {
    const std::size_t bound = conditions_.params().size();
    std::string sql = "SELECT d.key FROM (" + KeysSql(conditions_, before, examined) + ") f CROSS JOIN" +
                      PROPOLIS_SEARCH_JOINED + conditions_.sql() + " AND d.key = f.key";
    sql += " ORDER BY f.key DESC LIMIT " + conditions_.Bind(limit);
    auto keys = Numbers(sql, conditions_);
    conditions_.Truncate(bound);
    return keys;
  }

  std::vector<std::int64_t> Numbers(const std::string& sql, const Conditions& c) {
    std::vector<std::int64_t> numbers;
    tx_.Run(sql, c.params(), [&](const store::Row& row) {
      numbers.push_back(row.Int(0));
      return true;
    });
    return numbers;
  }

  // The document, when scope and filters let it through.
  std::optional<Row> Admit(std::int64_t key) {
    const std::size_t bound = conditions_.params().size();
    const std::string sql =
        PROPOLIS_SEARCH_COLUMNS PROPOLIS_SEARCH_JOINED + conditions_.sql() + " AND d.key = " + conditions_.Bind(key);
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

  [[nodiscard]] bool IsLate() const { return std::chrono::steady_clock::now() > until_; }

  // Shows these, of which there is one more than asked for when there is another page.
  void ShowPage(const std::vector<std::int64_t>& keys) {
    const auto limit = static_cast<std::size_t>(request_.limit);
    for (std::size_t i = 0; i < std::min(keys.size(), limit); ++i) {
      if (auto row = Admit(keys[i])) {
        Show(std::move(*row));
      }
    }
    if (keys.size() > limit) {
      found_.next_cursor = std::to_string(keys[limit - 1]);
    }
  }

  void ByTime() {
    std::int64_t before = ReadCursor(request_.cursor, kFromTheNewest);
    const std::int64_t wanted = request_.limit + 1;
    if (!filtered_) {
      ShowPage(Keys(before, wanted));
      CountMatches();
      return;
    }
    std::vector<std::int64_t> page;
    std::int64_t examined = 0;
    bool more = true;
    for (std::int64_t chunk = kFirstChunk; more && std::ssize(page) < wanted; chunk *= kGrowth) {
      if (examined >= kMostExamined || (IsLate() && !page.empty())) {
        break;
      }
      const auto keys = Keys(before, chunk);
      const auto admitted = AdmittedKeys(before, chunk, wanted - std::ssize(page));
      page.insert(page.end(), admitted.begin(), admitted.end());
      examined += std::ssize(keys);
      more = std::ssize(keys) == chunk;
      before = keys.empty() ? before : keys.back();
    }
    ShowPage(page);
    if (std::ssize(page) < wanted && more) {
      found_.next_cursor = std::to_string(before);  // the search goes on there
    }
    CountMatches();
  }

  void CountMatches() {
    const std::int64_t cap = filtered_ ? kCountedFiltered : kTotalCap;
    const std::size_t bound = conditions_.params().size();
    const auto count = [&](const std::string& sql, const Conditions& c) {
      std::int64_t counted = 0;
      tx_.Run(sql, c.params(), [&](const store::Row& row) {
        counted = row.Int(0);
        return false;
      });
      return counted;
    };
    Conditions plain;
    const std::int64_t keys = count("SELECT count(*) FROM (" + KeysSql(plain, kFromTheNewest, cap + 1) + ") f", plain);
    found_.capped = keys > cap;
    found_.total = std::min(keys, cap);
    if (filtered_) {
      found_.total = count("SELECT count(*) FROM (" + KeysSql(conditions_, kFromTheNewest, cap) + ") f CROSS JOIN" +
                               PROPOLIS_SEARCH_JOINED + conditions_.sql() + " AND d.key = f.key",
                           conditions_);
      conditions_.Truncate(bound);
    }
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
    if (filtered_) {
      const auto passed = AdmittedKeys(kFromTheNewest, kRelevanceWindow, kRelevanceWindow);
      const std::set<std::int64_t> let_through(passed.begin(), passed.end());
      std::erase_if(window, [&](const Scored& scored) { return !let_through.contains(scored.key); });
    }
    const std::int64_t skip = ReadCursor(request_.cursor, 0);
    const auto admitted = std::ssize(window);
    for (std::int64_t i = skip; i < std::min(admitted, skip + request_.limit); ++i) {
      if (auto row = Admit(window[static_cast<std::size_t>(i)].key)) {
        Show(std::move(*row));
      }
    }
    const auto shown = std::min(admitted, skip + request_.limit);
    if (admitted > shown) {
      found_.next_cursor = std::to_string(shown);
    }
    CountMatches();
  }

  // The numbers of tickets in [from, before) that scope and filters let through, the newest first.
  std::string TicketsSql(std::int64_t from, std::int64_t before, std::int64_t limit) {
    const std::string number = leader_.IsNone() ? "t.number" : "w.number";
    const std::string tickets = leader_.IsNone() ? "ticket t"
                                                 : "(" + leader_.Sql(conditions_) +
                                                       " ORDER BY number DESC) w CROSS JOIN ticket t ON "
                                                       "t.number = w.number";
    return "SELECT t.number FROM " + tickets +
           " CROSS JOIN search_document d LEFT JOIN organisation o ON o.id = "
           "t.organisation WHERE d.ticket = t.number AND d.type = 'ticket' AND d.ticket <> 0 AND " +
           conditions_.sql() + " AND " + number + " >= " + conditions_.Bind(from) + " AND " + number + " < " +
           conditions_.Bind(before) + " ORDER BY " + number + " DESC LIMIT " + conditions_.Bind(limit);
  }

  // Tries window after window of tickets below `before`, each larger, until `enough` are found or, with something
  // found, time is up. Answers where it stopped: 0 when all were tried.
  std::int64_t FindTickets(std::int64_t before, std::int64_t enough, std::vector<std::int64_t>& found) {
    for (std::int64_t window = kFirstWindow; before > 0 && std::ssize(found) < enough;
         window = std::min(window * kGrowth, kLargestWindow)) {
      if (IsLate() && !found.empty()) {
        break;
      }
      const std::int64_t from = leader_.IsFew() ? 0 : std::max<std::int64_t>(0, before - window);
      const std::size_t bound = conditions_.params().size();
      const std::string sql = TicketsSql(from, before, enough - std::ssize(found));
      const auto numbers = Numbers(sql, conditions_);
      conditions_.Truncate(bound);
      found.insert(found.end(), numbers.begin(), numbers.end());
      before = from;
    }
    return before;
  }

  // No words: tickets by their number.
  void ByFiltersAlone() {
    const std::int64_t end =
        tx_.One(sql::kLastTicket, [](const store::Row& row) { return row.Int(0); }).value_or(0) + 1;
    const auto limit = static_cast<std::size_t>(request_.limit);
    std::vector<std::int64_t> counted;
    const std::int64_t uncounted = FindTickets(end, kTotalCap + 1, counted);
    found_.capped = std::ssize(counted) > kTotalCap || uncounted > 0;
    found_.total = std::min(std::ssize(counted), kTotalCap);
    std::vector<std::int64_t> page = counted;  // the first page is the beginning of what was counted
    std::int64_t stopped = uncounted;
    if (!request_.cursor.empty()) {
      page.clear();
      until_ = std::chrono::steady_clock::now() + kPatience;
      stopped = FindTickets(std::min(end, ReadCursor(request_.cursor, kFromTheNewest)), request_.limit + 1, page);
    }
    for (std::size_t i = 0; i < std::min(page.size(), limit); ++i) {
      const auto key = tx_.One(sql::kTicketDocument, [](const store::Row& row) { return row.Int(0); }, page[i]);
      if (auto row = key ? Admit(*key) : std::nullopt) {
        Show(std::move(*row));
      }
    }
    if (page.size() > limit) {
      found_.next_cursor = std::to_string(page[limit - 1]);
    } else if (stopped > 0) {
      found_.next_cursor = std::to_string(stopped);
    }
  }

  store::ReadTx& tx_;
  const Request& request_;
  std::string match_;
  std::string excluded_;
  std::vector<std::string> indicators_;
  Marker marker_;
  Conditions conditions_;
  std::chrono::steady_clock::time_point until_ = std::chrono::steady_clock::now() + kPatience;
  bool filtered_ = false;
  Leader leader_;
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
