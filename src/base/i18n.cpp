#include "base/i18n.h"

#include <unicode/locid.h>
#include <unicode/msgfmt.h>

#include <cstdlib>

#include "base/json.h"

extern "C" {
extern const char propolis_locale_en_begin[];
extern const char propolis_locale_en_end[];
extern const char propolis_locale_es_begin[];
extern const char propolis_locale_es_end[];
extern const char propolis_locale_pt_begin[];
extern const char propolis_locale_pt_end[];
}

namespace propolis::i18n {
namespace {

using Catalogue = std::map<std::string, std::string, std::less<>>;

Catalogue Load(const char* begin, const char* end) {
  const auto document = json::Document::Parse({begin, static_cast<std::size_t>(end - begin)});
  if (!document) {
    std::abort();  // the catalogue is part of the program; a test parses it
  }
  Catalogue catalogue;
  document->Root().ForEachMember(
      [&](std::string_view id, json::View text) { catalogue.emplace(id, text.AsString().value_or("")); });
  return catalogue;
}

const Catalogue& For(Language language) {
  static const std::array<Catalogue, 3> catalogues = {Load(propolis_locale_en_begin, propolis_locale_en_end),
                                                      Load(propolis_locale_es_begin, propolis_locale_es_end),
                                                      Load(propolis_locale_pt_begin, propolis_locale_pt_end)};
  return catalogues[static_cast<std::size_t>(language)];
}

icu::UnicodeString ToIcu(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() < 16 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// A message whose places are plain names, filled without ICU, which takes a hundred times as long. nullopt: it needs
// ICU after all, for plurals, for quotes, or to write a number as the language does.
std::optional<std::string> FillPlain(std::string_view message, const std::vector<Arg>& args) {
  constexpr std::size_t kUngrouped = 3;  // digits
  std::string out;
  for (std::size_t at = 0; at < message.size();) {
    const auto open = message.find_first_of("{'", at);
    out += message.substr(at, open - at);
    if (open == std::string_view::npos) {
      break;
    }
    const auto close = message.find_first_of("{},'", open + 1);
    if (message[open] == '\'' || close == std::string_view::npos || message[close] != '}') {
      return std::nullopt;
    }
    const auto arg = std::ranges::find(args, message.substr(open + 1, close - open - 1), &Arg::name);
    if (arg == args.end() ||
        (IsNumber(arg->value) && (arg->value.size() > kUngrouped || arg->value.starts_with('0')))) {
      return std::nullopt;
    }
    out += arg->value;
    at = close + 1;
  }
  return out;
}

}  // namespace

std::string Translate(Language language, std::string_view id, const std::vector<Arg>& args) {
  const Catalogue& catalogue = For(language);
  const auto found = catalogue.find(id);
  if (found == catalogue.end()) {
    return std::string(id);
  }
  if (found->second.find('{') == std::string::npos && found->second.find('\'') == std::string::npos) {
    return found->second;
  }
  if (auto plain = FillPlain(found->second, args)) {
    return *std::move(plain);
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::MessageFormat format(ToIcu(found->second), icu::Locale(std::string(NameOf(language)).c_str()), error);
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const Arg& arg : args) {
    names.push_back(ToIcu(arg.name));
    // Plain digits are numbers, so that plural rules can count them.
    values.push_back(IsNumber(arg.value) ? icu::Formattable(static_cast<std::int64_t>(std::stoll(arg.value)))
                                         : icu::Formattable(ToIcu(arg.value)));
  }
  icu::UnicodeString out;
  format.format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), out, error);
  if (U_FAILURE(error)) {
    return found->second;
  }
  std::string utf8;
  return out.toUTF8String(utf8);
}

bool Has(Language language, std::string_view id) { return For(language).contains(id); }

std::vector<std::string> Ids(Language language) {
  std::vector<std::string> ids;
  for (const auto& [id, text] : For(language)) {
    ids.push_back(id);
  }
  return ids;
}

Language Negotiate(std::string_view accept_language, Language fallback) {
  double best = 0;
  Language chosen = fallback;
  for (std::string_view range : text::Split(accept_language.substr(0, 200), ',')) {
    range = text::Trim(range);
    const auto semicolon = range.find(';');
    const std::string tag = text::AsciiLower(range.substr(0, semicolon));
    double quality = 1;
    if (semicolon != std::string_view::npos) {
      const std::string_view parameter = text::Trim(range.substr(semicolon + 1));
      quality = parameter.starts_with("q=") ? std::strtod(std::string(parameter.substr(2)).c_str(), nullptr) : 0;
    }
    const auto language = FromName<Language>(std::string_view(tag).substr(0, 2));
    if (language && (tag.size() == 2 || tag[2] == '-') && quality > best) {
      best = quality;
      chosen = *language;
    }
  }
  return chosen;
}

}  // namespace propolis::i18n
