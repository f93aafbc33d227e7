#include "search/index.h"

#include <set>

#include "base/json.h"
#include "base/text.h"
#include "search/forms.h"
#include "search/indicators.h"
#include "search/leader.h"
#include "search/search_sql.h"
#include "search/tokenizer.h"

namespace propolis::search {
namespace {

constexpr std::size_t kMostText = 64 * 1024;  // bytes of one text that are indexed
constexpr int kRebuildBatch = 50;             // tickets in one transaction

const std::set<std::string_view> kIndexedEntries = {"message", "note", "call", "work_record"};
const std::set<std::string_view> kForCustomers = {"message", "work_record"};

struct Kept {
  std::int64_t key = 0;
  std::optional<Language> language;
  std::string title;
  std::string body;
};

Kept ToKept(const store::Row& row) {
  return {row.Int(0), FromName<Language>(row.Text(1)), row.String(2), row.String(3)};
}

struct Document {
  std::string_view type;
  std::int64_t ticket = 0;
  std::int64_t seq = 0;
  std::int64_t article = 0;
  bool for_customers = false;
  std::optional<Language> language;
  Time at;
  std::string title;
  std::string body;
  std::vector<std::string> more_indicators;
};

std::string Cut(std::string_view text) {
  return std::string(text.size() <= kMostText ? text : text::Prefix(text.substr(0, kMostText), kMostText));
}

std::vector<std::string> IndicatorsOf(const Document& document) {
  auto all = FindIndicators(document.title + "\n" + document.body);
  all.insert(all.end(), document.more_indicators.begin(), document.more_indicators.end());
  return all;
}

void Add(store::WriteTx& tx, const Document& document) {
  const bool mutable_title = document.type != "entry";
  const bool mutable_body = document.type == "article";
  const std::int64_t key = tx.Insert(
      sql::kInsertDocument, "key", document.type, document.ticket, document.seq, document.article,
      document.for_customers, document.language ? NameOf(*document.language) : std::string_view(), document.at,
      mutable_title ? document.title : std::string(), mutable_body ? document.body : std::string());
  tx.Exec(sql::kInsertText, key, WithLanguage(document.title, document.language),
          WithLanguage(document.body, document.language));
  for (const std::string& indicator : IndicatorsOf(document)) {
    tx.Exec(sql::kInsertIndicator, indicator, key);
  }
}

// A contentless index forgets only what it is told again, word for word.
void Remove(store::WriteTx& tx, const Kept& kept, const std::string& body, std::vector<std::string> more = {}) {
  tx.Exec(sql::kDeleteText, kept.key, WithLanguage(kept.title, kept.language), WithLanguage(body, kept.language));
  std::ranges::move(FindIndicators(kept.title + "\n" + body), std::back_inserter(more));
  for (const std::string& indicator : more) {
    tx.Exec(sql::kDeleteIndicators, kept.key, indicator);
  }
  tx.Exec(sql::kDeleteDocument, kept.key);
}

std::vector<std::string> MessageIds(std::string_view data) {
  const auto document = json::Document::Parse(data);
  const auto id = document ? document->Root().Find("message_id") : std::nullopt;
  return id ? FindIndicators(id->AsString().value_or("")) : std::vector<std::string>();
}

void IndexTicket(store::WriteTx& tx, std::int64_t number) {
  Document document;
  document.type = "ticket";
  document.ticket = number;
  document.for_customers = true;
  bool found = false;
  tx.ForEach(
      sql::kTicket,
      [&](const store::Row& row) {
        document.title = row.String(0);
        document.language = row.IsNull(1) ? std::nullopt : FromName<Language>(row.Text(1));
        document.at = row.Time(2);
        found = true;
        return false;
      },
      number);
  if (!found) {
    return;
  }
  KeepFacets(tx, number);
  tx.ForEach(
      sql::kFirstMessage,
      [&](const store::Row& row) {
        document.seq = row.Int(0);
        document.body = Cut(row.Text(1));
        document.more_indicators = MessageIds(row.Text(2));
        return false;
      },
      number);
  document.more_indicators.push_back("pr-" + std::to_string(number));
  if (!document.language) {
    document.language = text::DetectLanguage(document.title + "\n" + document.body);
  }
  if (const auto kept = tx.One(sql::kDocumentOfEntry, ToKept, number, "ticket", 0)) {
    if (kept->title == document.title && kept->language == document.language) {
      return;  // changed in nothing that is searched
    }
    Remove(tx, *kept, document.body, document.more_indicators);
  }
  Add(tx, document);
}

void IndexEntry(store::WriteTx& tx, std::int64_t number, std::int64_t seq) {
  const auto first = tx.One(sql::kFirstMessage, [](const store::Row& row) { return row.Int(0); }, number).value_or(0);
  if (seq == first || tx.One(sql::kDocumentOfEntry, ToKept, number, "entry", seq)) {
    return;
  }
  Document document;
  document.type = "entry";
  document.ticket = number;
  document.seq = seq;
  bool indexed = false;
  tx.ForEach(
      sql::kEntry,
      [&](const store::Row& row) {
        indexed = kIndexedEntries.contains(row.Text(0)) && !row.Text(2).empty();
        document.for_customers = row.Text(1) == "public" && kForCustomers.contains(row.Text(0));
        document.body = Cut(row.Text(2));
        document.more_indicators = MessageIds(row.Text(3));
        document.at = row.Time(4);
        return false;
      },
      number, seq);
  if (!indexed) {
    return;
  }
  document.language = text::DetectLanguage(document.body);
  if (!document.language) {
    tx.ForEach(
        sql::kTicket,
        [&](const store::Row& row) {
          document.language = row.IsNull(1) ? std::nullopt : FromName<Language>(row.Text(1));
          return false;
        },
        number);
  }
  Add(tx, document);
}

void IndexArticle(store::WriteTx& tx, const Uuid& id) {
  std::optional<Document> document;
  tx.ForEach(
      sql::kArticle,
      [&](const store::Row& row) {
        document.emplace();
        document->type = "article";
        document->article = row.Int(0);
        document->title = row.String(1);
        document->body = Cut(row.Text(2));
        document->language = FromName<Language>(row.Text(3));
        document->for_customers = row.Text(4) == "public" && row.Text(5) == "published";
        document->at = row.Time(6);
        return false;
      },
      id);
  if (!document) {
    return;
  }
  if (const auto kept = tx.One(sql::kDocumentOfArticle, ToKept, document->article)) {
    Remove(tx, *kept, kept->body);
  }
  Add(tx, *document);
}

void IndexEvent(store::WriteTx& tx, const store::Event& event) {
  const auto payload = json::Document::Parse(event.payload);
  if (event.kind == "entry.added" && payload) {
    if (const auto seq = payload->Root().Find("seq")) {
      IndexEntry(tx, event.ticket, seq->AsInteger().value_or(0));
    }
  } else if (event.kind.starts_with("ticket.") && event.ticket != 0) {
    IndexTicket(tx, event.ticket);
  } else if (event.kind.starts_with("article.") && payload) {
    const auto id = payload->Root().Find("id");
    const auto uuid = id ? Uuid::Parse(id->AsString().value_or("")) : std::nullopt;
    if (uuid) {
      IndexArticle(tx, *uuid);
    }
  }
}

Status Clear(store::Store& store) {
  const auto cleared = store.Write([](store::WriteTx& tx) -> Result<bool> {
    tx.Exec(sql::kClearText);
    tx.Exec(sql::kClearIndicators);
    tx.Exec(sql::kClearDocuments);
    tx.Exec(sql::kClearFacets);
    for (const Uuid& id :
         tx.All(sql::kArticles, [](const store::Row& row) { return Uuid::FromBytes(row.Bytes(0)).value_or(Uuid{}); })) {
      IndexArticle(tx, id);
    }
    return true;
  });
  return cleared ? Status() : std::unexpected(cleared.error());
}

}  // namespace

Status Prepare(store::Store& store) {
  LinkTokenizer();
  const auto made = store.Write([](store::WriteTx& tx) -> Result<bool> {
    tx.Exec(sql::kCreateText);
    return true;
  });
  return made ? Status() : std::unexpected(made.error());
}

Status Index(store::WriteTx& tx, std::span<const store::StoredEvent> events) {
  std::set<std::int64_t> tickets;  // once for a batch: many events speak of the same one
  for (const store::StoredEvent& stored : events) {
    if (stored.event.kind.starts_with("ticket.") && stored.event.ticket != 0 &&
        !tickets.insert(stored.event.ticket).second) {
      continue;
    }
    IndexEvent(tx, stored.event);
  }
  return {};
}

Result<std::int64_t> Rebuild(store::Store& store, const store::Progress& progress) {
  TRY(Prepare(store));
  TRY(Clear(store));
  const auto last = TRY(store.Read([](store::ReadTx& tx) -> Result<std::int64_t> {
    return tx.One(sql::kLastTicket, [](const store::Row& row) { return row.Int(0); }).value_or(0);
  }));
  std::int64_t after = 0;
  while (after < last) {
    after = TRY(store.Write([&](store::WriteTx& tx) -> Result<std::int64_t> {
      const auto numbers =
          tx.All(sql::kNextTickets, [](const store::Row& row) { return row.Int(0); }, after, kRebuildBatch);
      for (const std::int64_t number : numbers) {
        IndexTicket(tx, number);
        for (const std::int64_t seq :
             tx.All(sql::kSeqsOfTicket, [](const store::Row& row) { return row.Int(0); }, number)) {
          IndexEntry(tx, number, seq);
        }
      }
      return numbers.empty() ? last : numbers.back();
    }));
    if (!progress(after, last)) {
      break;
    }
  }
  return store.Read([](store::ReadTx& tx) -> Result<std::int64_t> {
    return tx.One("SELECT count(*) FROM search_document", [](const store::Row& row) { return row.Int(0); }).value_or(0);
  });
}

}  // namespace propolis::search
