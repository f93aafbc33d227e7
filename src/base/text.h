// Text: UTF-8 (RFC 3629), case and accent folding, stems, language. Every function takes bytes from outside and is
// total.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.h"

namespace propolis {

// The three languages that are equals.
enum class Language { kEn, kEs, kPt };
template <>
struct Names<Language> {
  static constexpr std::array kTable = {std::pair{Language::kEn, std::string_view("en")},
                                        std::pair{Language::kEs, std::string_view("es")},
                                        std::pair{Language::kPt, std::string_view("pt")}};
};

}  // namespace propolis

namespace propolis::text {

bool IsUtf8(std::string_view bytes);
// Invalid sequences become U+FFFD, one for each maximal part (Unicode chapter 3, "best practice").
std::string ToValidUtf8(std::string_view bytes);
// Code points; invalid bytes count as one each.
std::size_t Length(std::string_view utf8);
// The first `count` code points, never cutting one in two.
std::string_view Prefix(std::string_view utf8, std::size_t count);
// Removes C0/C1 controls but tab and newline, bidi overrides and isolates, and other invisible format characters that
// are used to deceive; normalises to NFC.
std::string Clean(std::string_view utf8);
std::string_view Trim(std::string_view text);  // ASCII blanks at both ends
std::string ToLower(std::string_view utf8);    // full Unicode, root locale
std::string AsciiLower(std::string_view text);
// Lower case without accents: "Túnel" -> "tunel".
std::string Fold(std::string_view utf8);
// The Snowball stem of one lower-case word.
std::string Stem(std::string_view word, Language language);
// Words of a text: letters, digits and marks (Unicode word boundaries), in order, as they stand.
struct Word {
  std::size_t begin;  // byte offsets
  std::size_t end;
};
std::vector<Word> Words(std::string_view utf8);
// The language of a text, nullopt when it is none of ours or too short to tell. Galician, Catalan, Italian and others
// are told apart, not mistaken for es or pt.
std::optional<Language> DetectLanguage(std::string_view utf8);
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string HexEncode(std::string_view bytes);
std::string Base64UrlEncode(std::string_view bytes);  // without padding (RFC 4648 section 5)
std::optional<std::string> Base64UrlDecode(std::string_view text);

}  // namespace propolis::text
