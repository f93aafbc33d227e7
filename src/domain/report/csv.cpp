#include <algorithm>
#include <array>

#include "base/json.h"
#include "domain/report/dashboard.h"

namespace propolis::report {
namespace {

// Rows of described structs as a table: one column a member, in the order of the description.
template <class T>
std::string Table(const std::vector<T>& rows) {
  std::string csv;
  for (const dto::Member& member : T::Dto().members) {
    csv += (csv.empty() ? "" : ",") + CsvField(member.name);
  }
  csv += "\r\n";
  for (const T& row : rows) {
    const std::string text = dto::ToJson(row);
    const auto document = json::Document::Parse(text);
    bool first = true;
    for (const dto::Member& member : T::Dto().members) {
      csv += first ? "" : ",";
      first = false;
      const auto value = document ? document->Root().Find(member.name) : std::nullopt;
      if (!value) {
        continue;
      }
      const auto string = value->AsString();
      const auto name = value->kind() == json::Kind::kObject ? value->Find("name") : std::nullopt;
      csv += CsvField(string ? std::string(*string)
                      : name ? std::string(name->AsString().value_or(""))
                             : value->ToText());
    }
    csv += "\r\n";
  }
  return csv;
}

// Without the blanks before it, of whatever width.
std::string_view WithoutBlanks(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kBlanks = {" ", "\n", "\u00a0", "\u3000", "\ufeff"};
  for (const auto* blank = kBlanks.begin(); blank != kBlanks.end();) {
    if (text.starts_with(*blank)) {
      text.remove_prefix(blank->size());
      blank = kBlanks.begin();
    } else {
      ++blank;
    }
  }
  return text;
}

}  // namespace

std::string CsvField(std::string_view text) {
  std::string field;
  // What a spreadsheet would run is made text (OWASP, CSV injection), in the full-width forms too, which some read
  // alike, and behind blanks, which some leave out; a number may keep its sign.
  const bool number = text.find_first_not_of("+-.0123456789") == std::string_view::npos;
  static constexpr std::array<std::string_view, 10> kBegins = {"=",  "+",      "-",      "@",      "\t",
                                                               "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  const std::string_view shown = WithoutBlanks(text);
  if (!number && std::ranges::any_of(kBegins, [&](std::string_view begin) { return shown.starts_with(begin); })) {
    field += '\'';
  }
  field += text;
  if (field.find_first_of(",\"\r\n") == std::string::npos) {
    return field;
  }
  std::string quoted = "\"";
  for (const char c : field) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

Result<std::string> ToCsv(const Dashboard& dashboard, std::string_view table) {
  if (table == "weeks") {
    return Table(dashboard.weeks);
  }
  if (table == "backlog_by_age") {
    return Table(dashboard.backlog_by_age);
  }
  if (table == "by_team") {
    return Table(dashboard.by_team);
  }
  if (table == "by_technology") {
    return Table(dashboard.by_technology);
  }
  if (table == "by_organisation") {
    return Table(dashboard.by_organisation);
  }
  if (table == "csat_scores") {
    return Table(dashboard.csat_scores);
  }
  if (table == "comments") {
    return Table(dashboard.comments);
  }
  if (table == "certification_gaps") {
    return Table(dashboard.certification_gaps);
  }
  return FailField("table", "field.not_one_of",
                   {{"choices",
                     "weeks, backlog_by_age, by_team, by_technology, by_organisation, csat_scores, comments, "
                     "certification_gaps"}});
}

}  // namespace propolis::report
