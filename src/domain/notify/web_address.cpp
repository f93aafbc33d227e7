#include "domain/notify/web_address.h"

#include <algorithm>

#include "base/text.h"

namespace propolis::notify {
namespace {

// The host and port, where they begin and end.
struct Authority {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Authority Find(std::string_view url) {
  const std::string lower = text::AsciiLower(url.substr(0, 8));
  const std::size_t begin = lower == "https://" ? 8 : lower.starts_with("http://") ? 7 : 0;
  return {begin, begin == 0 ? 0 : std::min(url.find_first_of("/?#", begin), url.size())};
}

}  // namespace

bool IsWebAddress(std::string_view url) {
  const Authority authority = Find(url);
  const std::string_view host = url.substr(authority.begin, authority.end - authority.begin);
  const bool plain = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
  return plain && authority.begin > 0 && !host.empty() && !host.starts_with(':') && !host.contains('@') &&
         !host.contains('{') && !url.contains('#');
}

std::string OriginOf(std::string_view url) { return std::string(url.substr(0, Find(url).end)); }

}  // namespace propolis::notify
