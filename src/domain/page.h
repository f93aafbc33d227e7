// Long lists in pages: a cursor is the key of the last row, as opaque text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/text.h"

namespace propolis {

constexpr int kPageDefault = 50;
constexpr int kPageMost = 200;

struct PageRequest {
  int limit = kPageDefault;
  std::string cursor;  // empty: from the beginning
};

template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next_cursor;
};

// A cursor from the fields of a key, and back.
inline std::string MakeCursor(const std::vector<std::string>& key) {
  std::string joined;
  for (const auto& part : key) {
    joined += part;
    joined += '\0';
  }
  return text::Base64UrlEncode(joined);
}
inline std::optional<std::vector<std::string>> ReadCursor(std::string_view cursor, std::size_t parts) {
  const auto joined = text::Base64UrlDecode(cursor);
  if (!joined || joined->empty() || joined->back() != '\0') {
    return std::nullopt;
  }
  std::vector<std::string> key;
  for (const auto part : text::Split(std::string_view(*joined).substr(0, joined->size() - 1), '\0')) {
    key.emplace_back(part);
  }
  return key.size() == parts ? std::optional(std::move(key)) : std::nullopt;
}
// The key in a request's cursor; nullopt when it has none. Error: kInvalid for one that nobody gave out.
inline Result<std::optional<std::vector<std::string>>> TakeCursor(std::string_view cursor, std::size_t parts) {
  if (cursor.empty()) {
    return std::nullopt;
  }
  auto key = ReadCursor(cursor, parts);
  return key ? Result<std::optional<std::vector<std::string>>>(std::move(key)) : FailField("cursor", "field.not_found");
}

}  // namespace propolis
