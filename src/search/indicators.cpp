#include "search/indicators.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/text.h"

namespace propolis::search {
namespace {

constexpr std::size_t kMost = 200;
constexpr std::size_t kMostText = 64 * 1024;
constexpr std::size_t kLongest = 253;  // a host name (RFC 1035)

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }
bool AllOf(std::string_view text, bool (*test)(char)) { return !text.empty() && std::ranges::all_of(text, test); }

bool Separates(char c) {
  return static_cast<unsigned char>(c) <= ' ' || std::string_view("<>\"',;|{}=`*").find(c) != std::string_view::npos;
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Lower case, without the brackets and letters that keep people from clicking.
std::string Refang(std::string_view word) {
  std::string plain = text::AsciiLower(word);
  for (const std::string_view dot : {"[.]", "(.)", "{.}", "[dot]", "(dot)"}) {
    ReplaceAll(plain, dot, ".");
  }
  ReplaceAll(plain, "[@]", "@");
  ReplaceAll(plain, "[at]", "@");
  ReplaceAll(plain, "[:]", ":");
  if (plain.starts_with("hxxp")) {
    plain.replace(0, 4, "http");
  }
  return plain;
}

std::string_view TrimPunctuation(std::string_view word) {
  constexpr std::string_view kEdges = ".:!?()[]";
  const auto begin = word.find_first_not_of(kEdges);
  return begin == std::string_view::npos ? std::string_view()
                                         : word.substr(begin, word.find_last_not_of(kEdges) - begin + 1);
}

std::optional<std::string> AsAddress(std::string_view word) {
  const std::string text(word.substr(0, word.find('/')));
  unsigned char bytes[16];
  char canonical[INET6_ADDRSTRLEN];
  for (const int family : {AF_INET, AF_INET6}) {
    if (text.size() < sizeof canonical && inet_pton(family, text.c_str(), bytes) == 1 &&
        inet_ntop(family, bytes, canonical, sizeof canonical) != nullptr) {
      return canonical;
    }
  }
  return std::nullopt;
}

std::optional<std::string> AsIdentifier(std::string_view word) {
  const auto parts = text::Split(word, '-');
  if (parts.size() == 3 && parts[0] == "cve" && parts[1].size() == 4 && AllOf(parts[1], IsDigit) &&
      parts[2].size() >= 4 && parts[2].size() <= 19 && AllOf(parts[2], IsDigit)) {
    return std::string(word);
  }
  if (parts.size() == 4 && parts[0] == "ghsa" &&
      std::ranges::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
        return part.size() == 4 && AllOf(part, [](char c) { return IsDigit(c) || IsLetter(c); });
      })) {
    return std::string(word);
  }
  if (parts.size() == 3 && parts[0] == "pr" && parts[1].size() <= 15 && AllOf(parts[1], IsDigit) &&
      AllOf(parts[2], IsLetter) && parts[2].size() == 1) {
    return "pr-" + std::string(parts[1]);
  }
  const bool is_hash = word.size() == 32 || word.size() == 40 || word.size() == 64 || word.size() == 128;
  return is_hash && AllOf(word, IsHex) ? std::optional(std::string(word)) : std::nullopt;
}

bool IsHost(std::string_view word) {
  const auto labels = text::Split(word, '.');
  if (word.size() > kLongest || labels.size() < 2 || !AllOf(labels.back(), IsLetter) || labels.back().size() < 2) {
    return false;
  }
  return std::ranges::all_of(labels, [](std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return IsDigit(c) || IsLetter(c) || c == '-' || c == '_'; });
  });
}

std::string_view WithoutPort(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.find(':') != colon) {
    return host;  // none, or an IPv6 address
  }
  return AllOf(host.substr(colon + 1), IsDigit) ? host.substr(0, colon) : host;
}

std::optional<std::string> AsHost(std::string_view word) {
  if (const auto scheme = word.find("://"); scheme != std::string_view::npos) {
    word.remove_prefix(scheme + 3);
    word = word.substr(0, word.find_first_of("/?#"));
    word = word.substr(word.rfind('@') == std::string_view::npos ? 0 : word.rfind('@') + 1);
  } else if (word.find('/') != std::string_view::npos && !AsAddress(word)) {
    word = word.substr(0, word.find('/'));
  }
  word = TrimPunctuation(WithoutPort(TrimPunctuation(word)));
  if (const auto address = AsAddress(word)) {
    return address;
  }
  return IsHost(word) ? std::optional(std::string(word)) : std::nullopt;
}

// Address, then its domain.
std::vector<std::string> AsMail(std::string_view word) {
  if (word.starts_with("mailto:")) {
    word.remove_prefix(7);
  }
  const auto at = word.find('@');
  if (at == 0 || at == std::string_view::npos || at > kLongest || word.find("://") != std::string_view::npos) {
    return {};
  }
  const std::string_view domain = word.substr(at + 1);
  if (!IsHost(domain)) {
    return {};
  }
  return {std::string(word), std::string(domain)};
}

std::vector<std::string> Read(std::string_view raw) {
  const std::string plain = Refang(raw);
  const std::string_view word = TrimPunctuation(plain);
  if (word.size() < 3 || word.size() > 2 * kLongest) {
    return {};
  }
  if (const auto identifier = AsIdentifier(word)) {
    return {*identifier};
  }
  if (const auto address = AsAddress(word)) {
    return {*address};
  }
  if (auto mail = AsMail(word); !mail.empty()) {
    return mail;
  }
  const auto host = AsHost(word);
  return host ? std::vector<std::string>{*host} : std::vector<std::string>();
}

}  // namespace

std::vector<std::string> FindIndicators(std::string_view text) {
  std::vector<std::string> found;
  text = text.substr(0, kMostText);
  std::size_t at = 0;
  while (at < text.size() && found.size() < kMost) {
    while (at < text.size() && Separates(text[at])) {
      ++at;
    }
    std::size_t end = at;
    while (end < text.size() && !Separates(text[end])) {
      ++end;
    }
    for (std::string& indicator : Read(text.substr(at, end - at))) {
      if (std::ranges::find(found, indicator) == found.end()) {
        found.push_back(std::move(indicator));
      }
    }
    at = end;
  }
  return found;
}

std::optional<std::string> AsIndicator(std::string_view word) {
  auto read = Read(word);
  return read.empty() ? std::nullopt : std::optional(std::move(read.front()));
}

}  // namespace propolis::search
