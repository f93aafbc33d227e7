#include "channels/mail/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>

#include <optional>

#include "base/text.h"

namespace propolis::mail {
namespace {

struct ConverterDeleter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
struct DetectorDeleter {
  void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};

// Labels seen in mail that ICU does not know, or for which the superset in use is meant.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"ascii", "us-ascii"},
    {"ansi_x3.4-1968", "us-ascii"},
    {"us-ascii", "us-ascii"},
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"iso_8859-1", "windows-1252"},
    {"iso-8859-1-windows-3.1-latin-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"latin-1", "windows-1252"},
    {"l1", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"x-cp1252", "windows-1252"},
    {"ansi", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "windows-874"},
    {"tis-620", "windows-874"},
    {"gb2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"cp936", "gb18030"},
    {"936", "gb18030"},
    {"hz-gb-2312", "HZ"},
    {"ks_c_5601-1987", "windows-949"},
    {"ks_c_5601", "windows-949"},
    {"ksc5601", "windows-949"},
    {"euc-kr", "windows-949"},
    {"shift_jis", "windows-31j"},
    {"shift-jis", "windows-31j"},
    {"x-sjis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"cp932", "windows-31j"},
    {"cp-850", "ibm-850"},
    {"utf8", "utf-8"},
    {"utf_8", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"utf7", "utf-7"},
    {"x-unicode-2-0-utf-7", "utf-7"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"iso-8859-6-i", "iso-8859-6"},
    {"x-mac-cyrillic", "x-mac-cyrillic"},
    {"koi8", "koi8-r"},
    {"x-windows-1251", "windows-1251"},
    {"cp-1251", "windows-1251"},
};

std::string Canonical(std::string_view label) {
  std::string name = text::AsciiLower(text::Trim(label));
  while (!name.empty() && (name.front() == '"' || name.front() == '\'' || name.front() == '<')) {
    name.erase(0, 1);
  }
  while (!name.empty() && (name.back() == '"' || name.back() == '\'' || name.back() == '>' || name.back() == ';')) {
    name.pop_back();
  }
  if (name.starts_with("charset=")) {
    name.erase(0, 8);
  }
  // RFC 2231 language suffix: "us-ascii*en".
  if (const auto star = name.find('*'); star != std::string::npos) {
    name.resize(star);
  }
  for (const auto& [alias, canonical] : kAliases) {
    if (name == alias) {
      return std::string(canonical);
    }
  }
  return name;
}

bool IsAscii(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool IsWestern(std::string_view name) {
  return name.empty() || name == "us-ascii" || name == "windows-1252" || name == "iso-8859-15" || name == "utf-8";
}

std::string StripMark(std::string text) {
  if (text.starts_with("\xef\xbb\xbf")) {
    text.erase(0, 3);
  }
  return text;
}

// nullopt when ICU does not know the name or, with `strict`, when a byte sequence is illegal in it.
std::optional<std::string> Convert(std::string_view bytes, const std::string& name, bool strict) {
  if (bytes.size() > INT32_MAX / 4) {
    return std::nullopt;
  }
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, ConverterDeleter> converter(ucnv_open(name.c_str(), &error));
  if (U_FAILURE(error)) {
    return std::nullopt;
  }
  if (strict) {
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  }
  icu::UnicodeString wide;
  const auto capacity = static_cast<std::int32_t>(bytes.size() * 2 + 16);
  char16_t* buffer = wide.getBuffer(capacity);
  if (buffer == nullptr) {
    return std::nullopt;
  }
  const std::int32_t length =
      ucnv_toUChars(converter.get(), buffer, capacity, bytes.data(), static_cast<std::int32_t>(bytes.size()), &error);
  const bool failed = U_FAILURE(error) != 0 || length > capacity;
  wide.releaseBuffer(failed ? 0 : length);
  if (failed) {
    return std::nullopt;
  }
  std::string out;
  wide.toUTF8String(out);
  return out;
}

// ISO-2022 text is 7-bit and full of escapes; a missing label leaves ESC $ B and the like in the text.
bool LooksLikeIso2022(std::string_view bytes) {
  return bytes.contains("\x1b$B") || bytes.contains("\x1b$@") || bytes.contains("\x1b(J");
}

std::optional<std::string> ByByteOrderMark(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe") && bytes.size() % 2 == 0) {
    return "utf-16";
  }
  if (bytes.starts_with("\xfe\xff") && bytes.size() % 2 == 0) {
    return "utf-16";
  }
  return std::nullopt;
}

// UTF-8 of which a few bytes are broken, as when a message was cut or bytes were added: more good sequences than bad.
std::optional<Decoded> AsBrokenUtf8(std::string_view bytes) {
  const std::string repaired = text::ToValidUtf8(bytes);
  std::size_t broken = 0;
  std::size_t lead_bytes = 0;
  for (std::size_t i = 0; i < repaired.size(); ++i) {
    if (repaired.compare(i, 3, "\xef\xbf\xbd") == 0) {
      ++broken;
    } else if (static_cast<unsigned char>(repaired[i]) >= 0xc2) {
      ++lead_bytes;
    }
  }
  return lead_bytes > broken ? std::optional(Decoded{StripMark(repaired), "utf-8", true}) : std::nullopt;
}

Decoded Guess(std::string_view bytes) {
  if (auto decoded = AsBrokenUtf8(bytes)) {
    return std::move(*decoded);
  }
  constexpr std::size_t kSample = 8192;
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, DetectorDeleter> detector(ucsdet_open(&error));
  if (U_SUCCESS(error)) {
    const auto sample = bytes.substr(0, kSample);
    ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &error);
    const UCharsetMatch* match = U_SUCCESS(error) ? ucsdet_detect(detector.get(), &error) : nullptr;
    // Short samples of 8-bit text are told apart badly: below this the Western set is the likelier one.
    constexpr std::int32_t kSure = 45;
    if (match != nullptr && ucsdet_getConfidence(match, &error) >= kSure) {
      const std::string name = Canonical(ucsdet_getName(match, &error));
      if (!name.starts_with("utf-")) {
        if (auto text = Convert(bytes, name, true)) {
          return {StripMark(std::move(*text)), name, true};
        }
      }
    }
  }
  return {Convert(bytes, "windows-1252", false).value_or(text::ToValidUtf8(bytes)), "windows-1252", true};
}

}  // namespace

Decoded DecodeCharset(std::string_view bytes, std::string_view label) {
  const std::string name = Canonical(label);
  if (const auto wide = ByByteOrderMark(bytes)) {
    if (auto text = Convert(bytes, *wide, true)) {
      return {StripMark(std::move(*text)), *wide, name != *wide};
    }
  }
  const bool ascii = IsAscii(bytes);
  if (IsWestern(name)) {
    if (LooksLikeIso2022(bytes)) {
      if (auto text = Convert(bytes, "iso-2022-jp-2", true)) {
        return {std::move(*text), "iso-2022-jp", true};
      }
    }
    if (ascii || text::IsUtf8(bytes)) {
      return {StripMark(std::string(bytes)), ascii ? "us-ascii" : "utf-8", !ascii && name != "utf-8"};
    }
    if (name == "windows-1252" || name == "iso-8859-15") {
      return {Convert(bytes, name, false).value_or(text::ToValidUtf8(bytes)), name, false};
    }
    return Guess(bytes);
  }
  if (auto text = Convert(bytes, name, true)) {
    return {StripMark(std::move(*text)), name, false};
  }
  if (text::IsUtf8(bytes)) {
    return {StripMark(std::string(bytes)), "utf-8", true};
  }
  // The label is known but a sequence is broken: the rest is still best read with it.
  if (auto text = Convert(bytes, name, false)) {
    return {StripMark(text::ToValidUtf8(*text)), name, false};
  }
  return Guess(bytes);
}

}  // namespace propolis::mail
