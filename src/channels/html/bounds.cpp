#include "channels/html/bounds.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace propolis::html {
namespace {

constexpr int kMaxOpen = 600;           // real mail clients write fewer than 150 levels
constexpr int kMaxAttributes = 200;     // of one tag
constexpr std::size_t kMaxNames = 300;  // different element names

bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

// Elements that never nest in themselves: their end tag is optional or they have none.
bool NeverNests(std::string_view name) {
  using S = std::string_view;
  constexpr std::array kNames = {S("area"), S("base"),  S("body"),   S("br"),    S("col"),  S("colgroup"),
                                 S("dd"),   S("dt"),    S("embed"),  S("head"),  S("hr"),   S("html"),
                                 S("img"),  S("input"), S("li"),     S("link"),  S("meta"), S("option"),
                                 S("p"),    S("param"), S("source"), S("tbody"), S("td"),   S("tfoot"),
                                 S("th"),   S("thead"), S("tr"),     S("wbr")};
  return std::ranges::find(kNames, name) != kNames.end();
}

// Skips one tag's attributes as the HTML tokenizer does, from just after the name; answers how many there were.
int SkipAttributes(std::string_view html, std::size_t& at) {
  int count = 0;
  while (at < html.size() && html[at] != '>') {
    if (IsSpace(html[at]) || html[at] == '/') {
      ++at;
      continue;
    }
    ++count;
    ++at;  // the first character may be "=" and still be a name
    while (at < html.size() && !IsSpace(html[at]) && html[at] != '/' && html[at] != '>' && html[at] != '=') {
      ++at;
    }
    std::size_t next = at;
    while (next < html.size() && IsSpace(html[next])) {
      ++next;
    }
    if (next >= html.size() || html[next] != '=') {
      continue;
    }
    at = next + 1;
    while (at < html.size() && IsSpace(html[at])) {
      ++at;
    }
    if (at < html.size() && (html[at] == '"' || html[at] == '\'')) {
      const auto end = html.find(html[at], at + 1);
      at = end == std::string_view::npos ? html.size() : end + 1;
    } else {
      while (at < html.size() && !IsSpace(html[at]) && html[at] != '>') {
        ++at;
      }
    }
  }
  return count;
}

}  // namespace

bool IsBounded(std::string_view html) {
  std::map<std::string, int, std::less<>> open;
  int total = 0;
  for (std::size_t at = 0; (at = html.find('<', at)) != std::string_view::npos;) {
    ++at;
    const bool closing = at < html.size() && html[at] == '/';
    at += closing ? 1 : 0;
    if (at >= html.size() || !IsAlpha(html[at])) {
      continue;
    }
    std::string name;
    while (at < html.size() && !IsSpace(html[at]) && html[at] != '/' && html[at] != '>') {
      if (name.size() < 32) {
        name += IsAlpha(html[at]) ? static_cast<char>(html[at] | 0x20) : html[at];
      }
      ++at;
    }
    // A second look from here finds tags that hide in what only looks like an attribute.
    std::size_t end = at;
    if (SkipAttributes(html, end) > kMaxAttributes) {
      return false;
    }
    if (NeverNests(name)) {
      continue;
    }
    if (open.size() >= kMaxNames && !open.contains(name)) {
      return false;
    }
    int& count = open[name];
    if (!closing) {
      ++count;
      ++total;
    } else if (count > 0) {
      --count;
      --total;
    }
    if (total > kMaxOpen) {
      return false;
    }
  }
  return true;
}

}  // namespace propolis::html
