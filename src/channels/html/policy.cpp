#include "channels/html/policy.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace propolis::html {
namespace {

using S = std::string_view;

// Sorted, for binary search.
constexpr std::array kKept = {
    S("a"),          S("abbr"),       S("address"), S("article"), S("aside"),  S("b"),       S("bdi"),   S("bdo"),
    S("big"),        S("blockquote"), S("br"),      S("caption"), S("center"), S("cite"),    S("code"),  S("col"),
    S("colgroup"),   S("dd"),         S("del"),     S("dfn"),     S("div"),    S("dl"),      S("dt"),    S("em"),
    S("figcaption"), S("figure"),     S("font"),    S("footer"),  S("h1"),     S("h2"),      S("h3"),    S("h4"),
    S("h5"),         S("h6"),         S("header"),  S("hr"),      S("i"),      S("img"),     S("ins"),   S("kbd"),
    S("li"),         S("main"),       S("mark"),    S("nav"),     S("ol"),     S("p"),       S("pre"),   S("q"),
    S("rp"),         S("rt"),         S("ruby"),    S("s"),       S("samp"),   S("section"), S("small"), S("span"),
    S("strike"),     S("strong"),     S("sub"),     S("sup"),     S("table"),  S("tbody"),   S("td"),    S("tfoot"),
    S("th"),         S("thead"),      S("time"),    S("tr"),      S("tt"),     S("u"),       S("ul"),    S("var"),
    S("wbr")};

constexpr std::array kDropped = {S("applet"), S("area"),   S("audio"),  S("base"),     S("basefont"), S("bgsound"),
                                 S("canvas"), S("embed"),  S("frame"),  S("frameset"), S("iframe"),   S("input"),
                                 S("link"),   S("map"),    S("math"),   S("meta"),     S("object"),   S("param"),
                                 S("portal"), S("script"), S("source"), S("style"),    S("svg"),      S("template"),
                                 S("title"),  S("track"),  S("video")};

constexpr std::array kRawText = {S("listing"),   S("noembed"),  S("noframes"), S("noscript"),
                                 S("plaintext"), S("textarea"), S("xmp")};

constexpr std::array kBlocks = {
    S("address"),    S("article"), S("aside"),  S("blockquote"), S("body"),      S("caption"), S("center"),
    S("dd"),         S("details"), S("dialog"), S("div"),        S("dl"),        S("dt"),      S("fieldset"),
    S("figcaption"), S("figure"),  S("footer"), S("form"),       S("h1"),        S("h2"),      S("h3"),
    S("h4"),         S("h5"),      S("h6"),     S("header"),     S("hr"),        S("li"),      S("listing"),
    S("main"),       S("nav"),     S("ol"),     S("p"),          S("plaintext"), S("pre"),     S("section"),
    S("summary"),    S("table"),   S("tbody"),  S("tfoot"),      S("thead"),     S("tr"),      S("ul"),
    S("xmp")};

constexpr std::array kStyles = {S("background-color"), S("border"),         S("border-bottom"),
                                S("border-collapse"),  S("border-color"),   S("border-left"),
                                S("border-right"),     S("border-style"),   S("border-top"),
                                S("border-width"),     S("color"),          S("direction"),
                                S("font-family"),      S("font-size"),      S("font-style"),
                                S("font-weight"),      S("line-height"),    S("list-style-type"),
                                S("margin"),           S("margin-bottom"),  S("margin-left"),
                                S("margin-right"),     S("margin-top"),     S("max-width"),
                                S("padding"),          S("padding-bottom"), S("padding-left"),
                                S("padding-right"),    S("padding-top"),    S("text-align"),
                                S("text-decoration"),  S("unicode-bidi"),   S("vertical-align"),
                                S("white-space"),      S("width")};

template <std::size_t N>
bool In(const std::array<S, N>& sorted, S what) {
  return std::ranges::binary_search(sorted, what);
}
static_assert(std::ranges::is_sorted(kKept) && std::ranges::is_sorted(kDropped) && std::ranges::is_sorted(kRawText) &&
              std::ranges::is_sorted(kBlocks) && std::ranges::is_sorted(kStyles));

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A length: digits, perhaps a fraction, perhaps a unit. Large ones could cover the screen around the message.
bool IsLength(S value) {
  value = text::Trim(value);
  if (value.ends_with('%')) {
    value.remove_suffix(1);
  } else if (value.ends_with("px") || value.ends_with("pt") || value.ends_with("em")) {
    value.remove_suffix(2);
  }
  return !value.empty() && value.size() <= 5 &&
         std::ranges::all_of(value, [](char c) { return IsDigit(c) || c == '.'; });
}

bool IsColour(S value) {
  value = text::Trim(value);
  if (value.starts_with('#')) {
    value.remove_prefix(1);
    return !value.empty() && value.size() <= 8 &&
           std::ranges::all_of(value, [](char c) { return IsDigit(c) || IsAlpha(c); });
  }
  return !value.empty() && value.size() <= 30 && std::ranges::all_of(value, IsAlpha);
}

bool IsToken(S value, std::size_t longest, S extra) {
  return !value.empty() && value.size() <= longest &&
         std::ranges::all_of(value, [&](char c) { return IsDigit(c) || IsAlpha(c) || extra.contains(c); });
}

std::string Squeeze(S url) {
  std::string out;
  for (const char c : url) {
    if (c != '\t' && c != '\n' && c != '\r') {
      out += c;
    }
  }
  const auto junk = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  out.erase(out.begin(), std::ranges::find_if_not(out, junk));
  while (!out.empty() && junk(out.back())) {
    out.pop_back();
  }
  return out;
}

constexpr std::size_t kLongestUrl = 4096;

bool HasScheme(S url, S scheme) {
  return url.size() > scheme.size() && text::AsciiLower(url.substr(0, scheme.size())) == scheme;
}

// Blanks, quotes and controls inside a URL are escaped; the rest stays as it is.
std::string EncodeUrl(S url) {
  constexpr S kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7f || S("\"'<>`\\{}|^").contains(c)) {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

// Words, numbers, colours, quoted font names; of functions only colours. A negative length could move things out of
// place.
bool IsStyleValue(S property, S value) {
  if (value.empty() || value.size() > 200) {
    return false;
  }
  if (!std::ranges::all_of(value, [](char c) {
        return IsDigit(c) || IsAlpha(c) || static_cast<unsigned char>(c) >= 0x80 || S(" #%.,()'\"-").contains(c);
      })) {
    return false;
  }
  for (auto open = value.find('('); open != S::npos; open = value.find('(', open + 1)) {
    auto begin = open;
    while (begin > 0 && (IsAlpha(value[begin - 1]) || value[begin - 1] == '-')) {
      --begin;
    }
    const std::string function = text::AsciiLower(value.substr(begin, open - begin));
    if (function != "rgb" && function != "rgba" && function != "hsl" && function != "hsla") {
      return false;
    }
  }
  if (property.starts_with("margin") || property.starts_with("padding") || property.ends_with("width") ||
      property == "font-size" || property == "line-height") {
    for (const auto word : text::Split(value, ' ')) {
      if (!word.empty() && !IsLength(word) &&
          !std::ranges::all_of(word, [](char c) { return IsAlpha(c) || c == '-'; })) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

Fate FateOf(S tag) {
  if (In(kKept, tag)) {
    return Fate::kKeep;
  }
  if (In(kDropped, tag)) {
    return Fate::kDrop;
  }
  return In(kRawText, tag) ? Fate::kText : Fate::kUnwrap;
}

bool IsVoid(S tag) { return tag == "br" || tag == "hr" || tag == "img" || tag == "col" || tag == "wbr"; }

bool IsBlock(S tag) { return In(kBlocks, tag); }

std::optional<std::string> AttributeValue(S tag, S name, S value) {
  const std::string lower = text::AsciiLower(text::Trim(value));
  const auto if_ok = [&](bool ok) { return ok ? std::optional(lower) : std::nullopt; };
  if (name == "dir") {
    return if_ok(lower == "ltr" || lower == "rtl" || lower == "auto");
  }
  if (name == "lang") {
    return if_ok(IsToken(lower, 35, "-"));
  }
  if (name == "title" || (name == "alt" && tag == "img")) {
    return std::string(text::Prefix(text::Clean(value), 500));
  }
  if (name == "align" || name == "valign") {
    return if_ok(IsToken(lower, 10, ""));
  }
  const bool sized =
      tag == "img" || tag == "table" || tag == "td" || tag == "th" || tag == "col" || tag == "tr" || tag == "hr";
  if (sized && (name == "width" || name == "height")) {
    return if_ok(IsLength(lower));
  }
  if (tag == "table" && (name == "border" || name == "cellpadding" || name == "cellspacing")) {
    return if_ok(IsToken(lower, 3, "") && std::ranges::all_of(lower, IsDigit));
  }
  if ((tag == "td" || tag == "th") && (name == "colspan" || name == "rowspan")) {
    return if_ok(lower.size() <= 3 && !lower.empty() && std::ranges::all_of(lower, IsDigit));
  }
  if ((tag == "col" || tag == "colgroup") && name == "span") {
    return if_ok(lower.size() <= 3 && !lower.empty() && std::ranges::all_of(lower, IsDigit));
  }
  if ((tag == "td" || tag == "th") && (name == "scope" || name == "nowrap")) {
    return if_ok(name == "nowrap" || IsToken(lower, 10, ""));
  }
  if (name == "bgcolor" && (tag == "table" || tag == "tr" || tag == "td" || tag == "th")) {
    return if_ok(IsColour(lower));
  }
  if (tag == "font" && name == "color") {
    return if_ok(IsColour(lower));
  }
  if (tag == "font" && name == "size") {
    return if_ok(IsToken(lower, 2, "+-"));
  }
  if (tag == "font" && name == "face") {
    return if_ok(IsToken(lower, 100, " ,-"));
  }
  if (tag == "ol" && name == "start") {
    return if_ok(lower.size() <= 6 && !lower.empty() && std::ranges::all_of(lower, IsDigit));
  }
  if ((tag == "ol" || tag == "ul" || tag == "li") && name == "type") {
    const auto trimmed = text::Trim(value);
    return IsToken(trimmed, 6, "") ? std::optional(std::string(trimmed)) : std::nullopt;
  }
  if (tag == "time" && name == "datetime") {
    return if_ok(IsToken(lower, 40, "-:.+"));
  }
  return std::nullopt;
}

std::optional<std::string> SafeRemote(S url) {
  const std::string plain = Squeeze(url);
  if (plain.size() > kLongestUrl || !text::IsUtf8(plain)) {
    return std::nullopt;
  }
  for (const S scheme : {S("https://"), S("http://")}) {
    if (HasScheme(plain, scheme)) {
      const std::string rest = plain.substr(scheme.size());
      return rest.starts_with('/') || rest.starts_with('\\') ? std::nullopt
                                                             : std::optional(std::string(scheme) + EncodeUrl(rest));
    }
  }
  if (plain.starts_with("//") && plain.size() > 3 && plain[2] != '/') {
    return "https:" + EncodeUrl(plain);
  }
  return std::nullopt;
}

std::optional<std::string> SafeLink(S url) {
  const std::string plain = Squeeze(url);
  if (plain.size() > kLongestUrl || !text::IsUtf8(plain)) {
    return std::nullopt;
  }
  for (const S scheme : {S("mailto:"), S("tel:")}) {
    if (HasScheme(plain, scheme)) {
      return std::string(scheme) + EncodeUrl(plain.substr(scheme.size()));
    }
  }
  return SafeRemote(plain);
}

std::optional<std::string> ContentIdOf(S url) {
  const std::string plain = Squeeze(url);
  if (!HasScheme(plain, "cid:")) {
    return std::nullopt;
  }
  return plain.substr(4);
}

std::string SafeStyle(S style) {
  std::string out;
  for (const S declaration : text::Split(style, ';')) {
    const auto colon = declaration.find(':');
    if (colon == S::npos) {
      continue;
    }
    const std::string property = text::AsciiLower(text::Trim(declaration.substr(0, colon)));
    std::string value(text::Trim(declaration.substr(colon + 1)));
    if (const auto important = text::AsciiLower(value).rfind("!important"); important != std::string::npos) {
      value = std::string(text::Trim(S(value).substr(0, important)));
    }
    if (In(kStyles, property) && IsStyleValue(property, value)) {
      out += (out.empty() ? "" : ";") + property + ":" + value;
    }
  }
  return out;
}

}  // namespace propolis::html
