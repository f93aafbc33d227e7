#include "repeat.h"

#include <fmt/format.h>

#include "domain/ticket/number.h"

namespace propolis::bench {
namespace {

struct TableRule {
  const char* name;
  const char* key;    // the column with the ticket's number
  const char* order;  // in which its rows are written
  const char* at;     // the time of a row, for ids
  std::map<std::string, Change> changes;
};

const std::vector<TableRule>& Rules() {
  using enum Change;
  static const std::vector<TableRule> rules = {
      {"ticket",
       "number",
       "number",
       "created_at",
       {{"number", kTicket},
        {"id", kTicketId},
        {"subject", kSubject},
        {"created_at", kTime},
        {"updated_at", kTime},
        {"due_at", kTime}}},
      {"ticket_detail",
       "ticket",
       "ticket",
       "ticket",
       {{"ticket", kTicket}, {"scheduled_until", kTime}, {"resolved_at", kTime}, {"closed_at", kTime}}},
      {"ticket_decision", "ticket", "ticket", "ticket", {{"ticket", kTicket}}},
      {"entry",
       "ticket",
       "at",
       "at",
       {{"key", kSkip}, {"id", kId}, {"ticket", kTicket}, {"at", kTime}, {"body", kBody}}},
      {"clock",
       "ticket",
       "ticket",
       "ticket",
       {{"ticket", kTicket}, {"started_at", kTime}, {"due_at", kTime}, {"met_at", kTime}}},
      {"audit", "ticket", "seq", "at", {{"seq", kSkip}, {"at", kTime}, {"ticket", kTicket}, {"subject", kNumber}}},
      {"survey",
       "ticket",
       "sent_at",
       "sent_at",
       {{"id", kId}, {"ticket", kTicket}, {"sent_at", kTime}, {"answered_at", kTime}}},
      {"report_fact",
       "ticket",
       "ticket",
       "ticket",
       {{"ticket", kTicket}, {"opened_at", kTime}, {"resolved_at", kTime}, {"answered_at", kTime}}},
      {"event",
       "ticket",
       "seq",
       "at",
       {{"seq", kSkip}, {"at", kTime}, {"ticket", kTicket}, {"payload", kWithTicketId}}},
  };
  return rules;
}

std::vector<Column> ColumnsOf(store::ReadTx& tx, const TableRule& rule) {
  return tx.All(fmt::format("SELECT name, type FROM pragma_table_info('{}')", rule.name), [&](const store::Row& row) {
    Column column;
    column.name = row.String(0);
    const auto change = rule.changes.find(column.name);
    column.change = change == rule.changes.end() ? Change::kKeep : change->second;
    column.type = row.Text(1) == "INTEGER" ? Column::Type::kInteger
                  : row.Text(1) == "BLOB"  ? Column::Type::kBlob
                                           : Column::Type::kText;
    return column;
  });
}

Value ValueOf(const store::Row& row, int at, Column::Type type) {
  if (row.IsNull(at)) {
    return std::monostate();
  }
  switch (type) {
    case Column::Type::kInteger:
      return row.Int(at);
    case Column::Type::kBlob:
      return std::string(row.Bytes(at));
    case Column::Type::kText:
      break;
  }
  return row.String(at);
}

RepeatedTable ReadTable(store::ReadTx& tx, const TableRule& rule, std::int64_t first, std::int64_t last) {
  RepeatedTable table;
  table.name = rule.name;
  table.columns = ColumnsOf(tx, rule);
  std::string names;
  std::string places;
  int bound = 0;
  std::string selected;
  for (const Column& column : table.columns) {
    selected += ", " + column.name;
    if (column.change != Change::kSkip) {
      names += (bound == 0 ? "" : ", ") + column.name;
      places += fmt::format("{}${}", bound == 0 ? "" : ", ", bound + 1);
      ++bound;
    }
  }
  table.insert = fmt::format("INSERT INTO {} ({}) VALUES ({})", rule.name, names, places);
  tx.ForEach(
      fmt::format("SELECT {0}, {1}{2} FROM {3} WHERE {0} BETWEEN $1 AND $2 ORDER BY {4}", rule.key, rule.at, selected,
                  rule.name, rule.order),
      [&](const store::Row& row) {
        RepeatedRow copy{.ticket = row.Int(0), .at = row.Int(1), .values = {}};
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
          copy.values.push_back(ValueOf(row, static_cast<int>(i) + 2, table.columns[i].type));
        }
        table.rows.push_back(std::move(copy));
        return true;
      },
      first, last);
  return table;
}

std::string WithTail(const std::string& text, std::string_view mark, const std::string& tail) {
  const auto at = text.rfind(mark);
  return at == std::string::npos ? text : text.substr(0, at + mark.size()) + tail;
}

}  // namespace

std::vector<RepeatedTable> ReadTickets(store::ReadTx& tx, std::int64_t first, std::int64_t last) {
  std::vector<RepeatedTable> tables;
  for (const TableRule& rule : Rules()) {
    tables.push_back(ReadTable(tx, rule, first, last));
  }
  return tables;
}

std::string Repeater::TicketId(std::int64_t pattern, std::int64_t at) {
  const auto [found, fresh] = ids_.try_emplace(pattern);
  if (fresh) {
    found->second = NewUuid(FromMicros(at));
  }
  return std::string(found->second.AsBytes());
}

const std::vector<store::Param>& Repeater::Bind(const RepeatedTable& table, const RepeatedRow& row,
                                                const Shift& shift) {
  params_.clear();
  texts_.clear();
  texts_.reserve(row.values.size());
  const std::int64_t at = row.at + shift.time.count();
  const auto keep = [&](std::string text, Column::Type type) {
    texts_.push_back(std::move(text));
    params_.push_back(type == Column::Type::kBlob ? store::Param(store::Blob{texts_.back()})
                                                  : store::Param(std::string_view(texts_.back())));
  };
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    const Column& column = table.columns[i];
    const Value& value = row.values[i];
    const auto* text = std::get_if<std::string>(&value);
    const auto* number = std::get_if<std::int64_t>(&value);
    switch (column.change) {
      case Change::kSkip:
        continue;
      case Change::kTicket:
        params_.emplace_back(row.ticket + shift.number);
        continue;
      case Change::kNumber:
        keep(ticket::FormatNumber(row.ticket + shift.number), column.type);
        continue;
      case Change::kTime:
        params_.push_back(number == nullptr ? store::Param() : store::Param(*number + shift.time.count()));
        continue;
      case Change::kId:
        keep(std::string(NewUuid(FromMicros(at)).AsBytes()), column.type);
        continue;
      case Change::kTicketId:
        keep(TicketId(row.ticket, at), column.type);
        continue;
      case Change::kWithTicketId: {
        std::string json = *text;
        const auto place = json.find("\"id\":\"");
        if (const auto known = ids_.find(row.ticket); place != std::string::npos && known != ids_.end()) {
          const std::string id = known->second.ToString();
          json.replace(place + 6, id.size(), id);
        }
        keep(std::move(json), column.type);
        continue;
      }
      case Change::kSubject:
        keep(WithTail(*text, " (", words_.Host(random_) + ")"), column.type);
        continue;
      case Change::kBody:
        keep(WithTail(*text, "\n\n", words_.Details(random_)), column.type);
        continue;
      case Change::kKeep:
        break;
    }
    if (text != nullptr) {
      params_.push_back(column.type == Column::Type::kBlob ? store::Param(store::Blob{*text})
                                                           : store::Param(std::string_view(*text)));
    } else {
      params_.push_back(number == nullptr ? store::Param() : store::Param(*number));
    }
  }
  return params_;
}

}  // namespace propolis::bench
