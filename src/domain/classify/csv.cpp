#include "domain/classify/csv.h"

#include "base/text.h"

namespace propolis::classify {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Parser {
 public:
  explicit Parser(std::string_view bytes) : left_(bytes) {}

  [[nodiscard]] bool AtEnd() const { return left_.empty(); }
  [[nodiscard]] std::size_t line() const { return line_; }

  Result<std::vector<std::string>> Record() {
    std::vector<std::string> fields;
    for (bool more = true; more;) {
      fields.push_back(TRY(Field()));
      more = Take(',');
    }
    Take('\r');
    if (!Take('\n') && !AtEnd()) {
      return Wrong("classify.csv_quote");
    }
    return fields;
  }
  [[nodiscard]] std::unexpected<Error> Wrong(std::string message) const {
    return Fail(Code::kInvalid, std::move(message), {{"line", std::to_string(line_)}});
  }

 private:
  bool Take(char wanted) {
    if (left_.empty() || left_.front() != wanted) {
      return false;
    }
    line_ += wanted == '\n' ? 1 : 0;
    left_.remove_prefix(1);
    return true;
  }
  Result<std::string> Field() {
    if (!Take('"')) {
      const std::size_t end = std::min(left_.find_first_of(",\r\n"), left_.size());
      std::string field(left_.substr(0, end));
      left_.remove_prefix(end);
      return field;
    }
    std::string field;
    for (;;) {
      const std::size_t quote = left_.find('"');
      if (quote == std::string_view::npos) {
        return Wrong("classify.csv_quote");
      }
      const std::string_view part = left_.substr(0, quote);
      line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
      field += part;
      left_.remove_prefix(quote + 1);
      if (!Take('"')) {
        return field;
      }
      field += '"';
    }
  }
  std::string_view left_;
  std::size_t line_ = 1;
};

}  // namespace

Result<std::size_t> Table::Column(std::string_view name) const {
  std::string all;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (text::Fold(text::Trim(header[i])) == text::Fold(name)) {
      return i;
    }
    all += (all.empty() ? "" : ", ") + header[i];
  }
  return Fail(Code::kInvalid, "classify.no_column", {{"column", std::string(name)}, {"columns", all}});
}

Result<Table> ParseCsv(std::string_view bytes) {
  if (!text::IsUtf8(bytes)) {
    return Fail(Code::kInvalid, "classify.csv_not_utf8");
  }
  if (bytes.starts_with(kByteOrderMark)) {
    bytes.remove_prefix(kByteOrderMark.size());
  }
  Parser parser(bytes);
  Table table;
  while (!parser.AtEnd()) {
    const std::size_t line = parser.line();
    auto fields = TRY(parser.Record());
    if (fields.size() == 1 && fields[0].empty()) {
      continue;
    }
    if (table.header.empty()) {
      table.header = std::move(fields);
    } else if (fields.size() != table.header.size()) {
      return Fail(Code::kInvalid, "classify.csv_fields",
                  {{"line", std::to_string(line)},
                   {"count", std::to_string(fields.size())},
                   {"expected", std::to_string(table.header.size())}});
    } else {
      table.rows.push_back(std::move(fields));
    }
  }
  if (table.header.empty()) {
    return Fail(Code::kInvalid, "classify.csv_empty");
  }
  return table;
}

}  // namespace propolis::classify
