#include "net/url.h"

#include "base/text.h"

namespace propolis::net {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

std::unexpected<Error> Bad(std::string why) {
  return Fail(Code::kInvalid, "http.bad_target", {{"why", std::move(why)}});
}

enum class Plus { kLiteral, kBlank };

std::optional<std::string> Decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) {
        return std::nullopt;
      }
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(c == '+' && plus == Plus::kBlank ? ' ' : c);
    }
  }
  return out;
}

// A visible ASCII character that may stand in a request target at all.
bool IsTargetCharacter(char c) { return c > ' ' && c < 0x7f && c != '#' && c != '\\'; }

Result<std::vector<std::string>> ParsePath(std::string_view path) {
  const auto raw = text::Split(path.substr(1), '/');
  if (raw.size() > kMaxSegments) {
    return Bad("too many segments");
  }
  std::vector<std::string> segments;
  segments.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    auto segment = Decode(raw[i], Plus::kLiteral);
    if (!segment) {
      return Bad("percent escape");
    }
    if (segment->empty() && i + 1 < raw.size()) {
      return Bad("empty segment");
    }
    if (*segment == "." || *segment == "..") {
      return Bad("dot segment");
    }
    if (segment->find_first_of(std::string_view("/\\\0", 3)) != std::string::npos) {
      return Bad("escaped separator");
    }
    if (!text::IsUtf8(*segment)) {
      return Bad("not UTF-8");
    }
    segments.push_back(*std::move(segment));
  }
  return segments;
}

}  // namespace

std::optional<std::string> PercentDecode(std::string_view text) { return Decode(text, Plus::kLiteral); }

std::string PercentEncode(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || c == '-' || c == '.' || c == '_' || c == '~') {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    }
  }
  return out;
}

Result<Pairs> ParseForm(std::string_view text) {
  Pairs pairs;
  if (text.empty()) {
    return pairs;
  }
  for (const auto item : text::Split(text, '&')) {
    if (item.empty()) {
      continue;
    }
    if (pairs.items().size() >= kMaxQueryPairs) {
      return Bad("too many parameters");
    }
    const auto equals = item.find('=');
    auto name = Decode(item.substr(0, equals), Plus::kBlank);
    auto value = Decode(equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1), Plus::kBlank);
    if (!name || !value) {
      return Bad("percent escape");
    }
    if (name->contains('\0') || value->contains('\0')) {
      return Bad("NUL");
    }
    if (!text::IsUtf8(*name) || !text::IsUtf8(*value)) {
      return Bad("not UTF-8");
    }
    pairs.Add(*std::move(name), *std::move(value));
  }
  return pairs;
}

Result<Target> ParseTarget(std::string_view target) {
  for (const char c : target) {
    if (!IsTargetCharacter(c)) {
      return Bad("character");
    }
  }
  for (const std::string_view scheme : {"http://", "https://"}) {  // absolute form: RFC 9112 section 3.2.2
    if (text::AsciiLower(target.substr(0, scheme.size())) == scheme) {
      const auto slash = target.find_first_of("/?", scheme.size());
      target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
      break;
    }
  }
  if (!target.starts_with('/')) {
    return Bad("form");
  }
  const auto question = target.find('?');
  Target parsed;
  parsed.segments = TRY(ParsePath(target.substr(0, question)));
  if (question != std::string_view::npos) {
    parsed.query = TRY(ParseForm(target.substr(question + 1)));
  }
  for (const auto& segment : parsed.segments) {
    parsed.path.append("/").append(segment);
  }
  return parsed;
}

}  // namespace propolis::net
