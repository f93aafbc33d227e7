#include "base/text.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <libstemmer.h>
#include <sodium.h>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <memory>

namespace propolis::text {
namespace {

// The next code point from `at` on, which is moved; negative when the bytes are not UTF-8.
UChar32 Next(std::string_view bytes, std::int32_t& at) {
  UChar32 c = 0;
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const auto size = static_cast<std::int32_t>(bytes.size());
  U8_NEXT(data, at, size, c);  // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro
  return c;
}

void Append(std::string& out, UChar32 c) {
  char buffer[4];
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(buffer, length, c);
  out.append(buffer, static_cast<std::size_t>(length));
}

icu::UnicodeString ToIcu(std::string_view utf8) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
}

std::string FromIcu(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool Deceives(UChar32 c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200b || c == 0x200e || c == 0x200f ||
         c == 0x2060 || c == 0xfeff || c == 0xad || (c >= 0xe0000 && c <= 0xe007f) || (c >= 0xfff9 && c <= 0xfffb);
}

const char* StemmerName(Language language) {
  switch (language) {
    case Language::kEn:
      return "english";
    case Language::kEs:
      return "spanish";
    case Language::kPt:
      return "portuguese";
  }
  return "english";
}

struct StemmerDeleter {
  void operator()(sb_stemmer* stemmer) const { sb_stemmer_delete(stemmer); }
};

}  // namespace

bool IsUtf8(std::string_view bytes) {
  const auto ascii = std::ranges::find_if(bytes, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  bytes.remove_prefix(static_cast<std::size_t>(ascii - bytes.begin()));
  for (std::int32_t at = 0; at < static_cast<std::int32_t>(bytes.size());) {
    if (Next(bytes, at) < 0) {
      return false;
    }
  }
  return true;
}

std::string ToValidUtf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::int32_t at = 0; at < static_cast<std::int32_t>(bytes.size());) {
    const UChar32 c = Next(bytes, at);
    Append(out, c < 0 ? 0xfffd : c);
  }
  return out;
}

std::size_t Length(std::string_view utf8) {
  std::size_t count = 0;
  for (std::int32_t at = 0; at < static_cast<std::int32_t>(utf8.size()); ++count) {
    Next(utf8, at);
  }
  return count;
}

std::string_view Prefix(std::string_view utf8, std::size_t count) {
  std::int32_t at = 0;
  while (count > 0 && at < static_cast<std::int32_t>(utf8.size())) {
    Next(utf8, at);
    --count;
  }
  return utf8.substr(0, static_cast<std::size_t>(at));
}

std::string Clean(std::string_view utf8) {
  std::string kept;
  kept.reserve(utf8.size());
  for (std::int32_t at = 0; at < static_cast<std::int32_t>(utf8.size());) {
    const UChar32 c = Next(utf8, at);
    if (c < 0) {
      Append(kept, 0xfffd);
    } else if (c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f && (c < 0x80 || c > 0x9f) && !Deceives(c))) {
      Append(kept, c);
    }
  }
  if (IsAscii(kept)) {
    return kept;
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  const icu::UnicodeString normal = nfc->normalize(ToIcu(kept), error);
  return U_FAILURE(error) ? kept : FromIcu(normal);
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string AsciiLower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return out;
}

std::string ToLower(std::string_view utf8) {
  return IsAscii(utf8) ? AsciiLower(utf8) : FromIcu(ToIcu(utf8).toLower(icu::Locale::getRoot()));
}

std::string Fold(std::string_view utf8) {
  if (IsAscii(utf8)) {
    return AsciiLower(utf8);
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString parts = icu::Normalizer2::getNFKDInstance(error)->normalize(ToIcu(utf8).foldCase(), error);
  icu::UnicodeString bare;
  for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    if (const UChar32 c = parts.char32At(i); u_charType(c) != U_NON_SPACING_MARK) {
      bare.append(c);
    }
  }
  return FromIcu(bare);
}

std::string Stem(std::string_view word, Language language) {
  thread_local std::array<std::unique_ptr<sb_stemmer, StemmerDeleter>, 3> stemmers;
  auto& stemmer = stemmers[static_cast<std::size_t>(language)];
  if (!stemmer) {
    stemmer.reset(sb_stemmer_new(StemmerName(language), "UTF_8"));
  }
  const sb_symbol* stem =
      sb_stemmer_stem(stemmer.get(), reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
  return {reinterpret_cast<const char*>(stem), static_cast<std::size_t>(sb_stemmer_length(stemmer.get()))};
}

std::vector<Word> Words(std::string_view utf8) {
  std::vector<Word> words;
  std::int32_t at = 0;
  std::size_t begin = std::string_view::npos;
  while (at < static_cast<std::int32_t>(utf8.size())) {
    const auto here = static_cast<std::size_t>(at);
    const UChar32 c = Next(utf8, at);
    const bool part = c >= 0 && (u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0);
    if (part && begin == std::string_view::npos) {
      begin = here;
    } else if (!part && begin != std::string_view::npos) {
      words.push_back({begin, here});
      begin = std::string_view::npos;
    }
  }
  if (begin != std::string_view::npos) {
    words.push_back({begin, utf8.size()});
  }
  return words;
}

std::optional<Language> DetectLanguage(std::string_view utf8) {
  const std::string valid = IsUtf8(utf8) ? std::string() : ToValidUtf8(utf8);
  const std::string_view body = valid.empty() ? utf8 : std::string_view(valid);
  bool reliable = false;
  const CLD2::Language found =
      CLD2::DetectLanguage(body.data(), static_cast<int>(body.size()), /*is_plain_text=*/true, &reliable);
  if (!reliable) {
    return std::nullopt;
  }
  switch (found) {
    case CLD2::ENGLISH:
      return Language::kEn;
    case CLD2::SPANISH:
      return Language::kEs;
    case CLD2::PORTUGUESE:
      return Language::kPt;
    default:
      return std::nullopt;
  }
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(at + 1);
  }
}

std::string HexEncode(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string Base64UrlEncode(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // the terminating zero
  return out;
}

std::optional<std::string> Base64UrlDecode(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                        &length, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  out.resize(length);
  return out;
}

}  // namespace propolis::text
