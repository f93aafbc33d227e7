// Comma-separated values (RFC 4180), as spreadsheets and other desks export them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace propolis::classify {

struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // each as long as the header

  // Position of a column, compared without case. Error: kInvalid "classify.no_column", which names those there are.
  [[nodiscard]] Result<std::size_t> Column(std::string_view name) const;
};

// A header and its rows; quoted fields may hold commas, quotes and line breaks; lines end in LF or CRLF; empty lines
// are left out; a byte-order mark is skipped. Errors name the line: a row with another number of fields than the
// header, a quote that never ends, bytes that are not UTF-8.
Result<Table> ParseCsv(std::string_view bytes);

}  // namespace propolis::classify
