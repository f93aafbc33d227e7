// The part of a text where a query's words stand, ready to be shown: escaped for HTML, hits in <mark>.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "search/parse.h"

namespace propolis::search {

// What to mark, prepared once for a page of results.
class Marker {
 public:
  explicit Marker(const Query& query);
  // About `words` words around the densest hits of `text`; its beginning when nothing is hit.
  [[nodiscard]] std::string Snippet(std::string_view text, std::size_t words = 32);

 private:
  [[nodiscard]] bool Hits(std::string_view word);
  [[nodiscard]] bool IsWanted(std::string_view word) const;
  std::vector<std::string> forms_;     // sorted
  std::vector<std::string> prefixes_;  // folded
  std::unordered_map<std::string, bool> known_;
};

std::string EscapeHtml(std::string_view text);

}  // namespace propolis::search
