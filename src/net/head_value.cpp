#include "net/head_value.h"

#include <algorithm>

#include "base/text.h"
#include "net/url.h"

namespace propolis::net {
namespace {

constexpr std::size_t kMaxParameters = 20;

std::string_view TakeToken(std::string_view& rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), IsTokenCharacter);
  const auto token = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(token.size());
  return token;
}

void SkipBlanks(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) {
    rest.remove_prefix(1);
  }
}

// After the opening quote.
std::optional<std::string> TakeQuoted(std::string_view& rest) {
  std::string out;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '"') {
      return out;
    }
    if (c == '\\' && (rest.starts_with('"') || rest.starts_with('\\'))) {
      out.push_back(rest.front());
      rest.remove_prefix(1);
    } else if (c == '%' && rest.starts_with("22")) {
      out.push_back('"');
      rest.remove_prefix(2);
    } else {
      out.push_back(c);
    }
  }
  return std::nullopt;
}

}  // namespace

bool IsTokenCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").contains(c));
}

std::optional<std::string_view> HeadValue::Find(std::string_view name) const {
  for (const auto& [candidate, parameter] : parameters) {
    if (candidate == name) {
      return parameter;
    }
  }
  return std::nullopt;
}

std::optional<HeadValue> ParseHeadValue(std::string_view text) {
  HeadValue parsed;
  auto rest = text::Trim(text);
  parsed.value = text::AsciiLower(text::Trim(rest.substr(0, rest.find(';'))));
  rest.remove_prefix(std::min(rest.size(), rest.find(';')));
  while (!rest.empty()) {
    if (rest.front() != ';') {
      return std::nullopt;
    }
    rest.remove_prefix(1);
    SkipBlanks(rest);
    if (rest.empty() || rest.front() == ';') {
      continue;  // a stray semicolon is common
    }
    const auto name = text::AsciiLower(TakeToken(rest));
    if (name.empty() || !rest.starts_with('=') || parsed.Find(name) || parsed.parameters.size() >= kMaxParameters) {
      return std::nullopt;
    }
    rest.remove_prefix(1);
    if (rest.starts_with('"')) {
      rest.remove_prefix(1);
      auto value = TakeQuoted(rest);
      if (!value) {
        return std::nullopt;
      }
      parsed.parameters.emplace_back(name, *std::move(value));
    } else {
      // Unquoted values are tokens; boundaries with "/" or ":" in them are met in practice.
      const auto end = rest.find(';');
      const auto value = text::Trim(rest.substr(0, end));
      if (value.find_first_of(" \t\"") != std::string_view::npos) {
        return std::nullopt;
      }
      parsed.parameters.emplace_back(name, value);
      rest.remove_prefix(std::min(rest.size(), end));
    }
    SkipBlanks(rest);
  }
  return parsed;
}

std::optional<std::string> DecodeExtendedValue(std::string_view text) {
  const auto first = text.find('\'');
  const auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  const auto charset = text::AsciiLower(text.substr(0, first));
  const auto decoded = PercentDecode(text.substr(second + 1));
  if (!decoded) {
    return std::nullopt;
  }
  if (charset == "utf-8") {
    return text::ToValidUtf8(*decoded);
  }
  if (charset != "iso-8859-1") {
    return std::nullopt;
  }
  std::string out;
  for (const char c : *decoded) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xc0 | (byte >> 6)));
      out.push_back(static_cast<char>(0x80 | (byte & 0x3f)));
    }
  }
  return out;
}

}  // namespace propolis::net
