#include "channels/mail/mime_write.h"

#include <algorithm>
#include <stdexcept>

#include "base/crypto.h"
#include "base/text.h"
#include "channels/mail/transfer.h"

namespace propolis::mail {
namespace {

bool IsPrintable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
}

std::string OneLine(std::string_view value) {
  std::string clean = text::Clean(value);
  std::ranges::replace(clean, '\n', ' ');
  std::ranges::replace(clean, '\t', ' ');
  return std::string(text::Trim(clean));
}

std::string Base64Word(std::string_view bytes) {
  std::string encoded = EncodeBase64(bytes);
  std::erase_if(encoded, [](char c) { return c == '\r' || c == '\n'; });
  return encoded;
}

// "=?UTF-8?B?...?=" words, each of whole characters and at most 75 long.
std::vector<std::string> EncodedWords(std::string_view utf8) {
  constexpr std::size_t kBytes = 45;  // 60 base64 characters and 12 of frame
  std::vector<std::string> words;
  while (!utf8.empty()) {
    std::size_t take = std::min(kBytes, utf8.size());
    while (take > 1 && take < utf8.size() && (static_cast<unsigned char>(utf8[take]) & 0xc0) == 0x80) {
      --take;
    }
    words.push_back("=?UTF-8?B?" + Base64Word(utf8.substr(0, take)) + "?=");
    utf8.remove_prefix(take);
  }
  return words;
}

// Blank-separated tokens of one value; an encoded word counts as one. A value that could be taken for an encoded word
// is encoded as a whole.
std::vector<std::string> Tokens(std::string_view value) {
  if (!IsPrintable(value) || value.contains("=?")) {
    return EncodedWords(value);
  }
  std::vector<std::string> tokens;
  constexpr std::size_t kLongestToken = 900;  // RFC 5322 section 2.1.1: 998 with the name
  for (const auto word : text::Split(value, ' ')) {
    if (word.size() > kLongestToken) {
      return EncodedWords(value);
    }
    tokens.emplace_back(word);
  }
  return tokens;
}

std::string Fold(std::string_view name, const std::vector<std::string>& tokens) {
  constexpr std::size_t kWidth = 78;
  std::string out = std::string(name) + ":";
  std::size_t column = out.size();
  bool first = true;
  for (const auto& token : tokens) {
    if (!first && column + 1 + token.size() > kWidth) {
      out += "\r\n";
      column = 0;
    }
    out += " " + token;
    column += 1 + token.size();
    first = false;
  }
  return out + "\r\n";
}

std::string Phrase(std::string_view name) {
  const std::string clean = OneLine(name);
  if (!IsPrintable(clean) || clean.contains("=?")) {
    std::string words;
    for (const auto& word : EncodedWords(text::Prefix(clean, 100))) {
      words += (words.empty() ? "" : " ") + word;
    }
    return words;
  }
  std::string quoted = "\"";
  for (const char c : text::Prefix(clean, 100)) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted + "\"";
}

std::string PercentEncode(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

bool IsMediaType(std::string_view type) {
  const auto slash = type.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < type.size() && type.size() < 128 &&
         std::ranges::count(type, '/') == 1 &&
         std::ranges::all_of(
             type,
             [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view("/.+-_").contains(c);
             });
}

std::string FilePart(const OutgoingFile& file) {
  std::string name = SafeFilename(file.name);
  name = name.empty() ? "file" : name;
  std::string ascii;
  for (const char c : name) {
    ascii += (c >= ' ' && c < '\x7f' && c != '"' && c != '\\') ? c : '_';
  }
  // A message is not sent as message/rfc822, which must not be base64 (RFC 2046 section 5.2.1).
  const bool usable = IsMediaType(file.type) && !text::AsciiLower(file.type).starts_with("message/") &&
                      !text::AsciiLower(file.type).starts_with("multipart/");
  std::string part = "Content-Type: " + (usable ? file.type : std::string("application/octet-stream")) + "\r\n";
  part += "Content-Disposition: attachment;\r\n filename=\"" + ascii + "\"";
  if (ascii != name) {
    // Short names are whole in one parameter; long ones are cut into continuations (RFC 2231 section 3).
    const std::string encoded = PercentEncode(name);
    constexpr std::size_t kPiece = 60;
    int index = 0;
    for (std::size_t at = 0; at < encoded.size(); ++index) {
      std::size_t take = std::min(kPiece, encoded.size() - at);
      for (std::size_t back = 1; back <= 2 && at + take < encoded.size(); ++back) {
        if (encoded[at + take - back] == '%') {
          take -= back;
          break;
        }
      }
      part +=
          ";\r\n filename*" + std::to_string(index) + "*=" + (index == 0 ? "UTF-8''" : "") + encoded.substr(at, take);
      at += take;
    }
  }
  return part + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + EncodeBase64(file.bytes);
}

// "=_" occurs in neither base64 nor quoted-printable, so no part can hold its own boundary.
std::string Boundary(std::string_view seed, std::string_view which) {
  return "=_" + crypto::Hex(crypto::Sha256(std::string(which) + std::string(seed))).substr(0, 24);
}

}  // namespace

HeaderWriter& HeaderWriter::Text(std::string_view name, std::string_view value) {
  out_ += Fold(name, Tokens(OneLine(value)));
  return *this;
}

HeaderWriter& HeaderWriter::Addresses(std::string_view name, const std::vector<Address>& addresses) {
  std::vector<std::string> tokens;
  for (const auto& address : addresses) {
    if (!IsDeliverable(address.email)) {
      continue;
    }
    if (!tokens.empty()) {
      tokens.back() += ",";
    }
    if (!address.name.empty() && address.name != address.email) {
      for (const auto word : text::Split(Phrase(address.name), ' ')) {
        tokens.emplace_back(word);
      }
    }
    tokens.push_back("<" + address.email + ">");
  }
  if (!tokens.empty()) {
    out_ += Fold(name, tokens);
  }
  return *this;
}

HeaderWriter& HeaderWriter::Ids(std::string_view name, const std::vector<std::string>& ids) {
  std::vector<std::string> tokens;
  for (const auto& id : ids) {
    if (!id.empty() && id.size() < 900 && IsPrintable(id) && id.find_first_of(" <>") == std::string::npos) {
      tokens.push_back("<" + id + ">");
    }
  }
  if (!tokens.empty()) {
    out_ += Fold(name, tokens);
  }
  return *this;
}

HeaderWriter& HeaderWriter::Date(std::string_view name, Time at) {
  constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<Seconds>(at - day)};
  const unsigned month = static_cast<unsigned>(date.month());
  out_ +=
      fmt::format("{}: {}, {:02} {} {:04} {:02}:{:02}:{:02} +0000\r\n", name,
                  kDays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()), kMonths[month - 1],
                  static_cast<int>(date.year()), time.hours().count(), time.minutes().count(), time.seconds().count());
  return *this;
}

HeaderWriter& HeaderWriter::Plain(std::string_view name, std::string_view value) {
  if (!IsPrintable(name) || !IsPrintable(value)) {
    throw std::logic_error("header constant with control characters");
  }
  out_ += std::string(name) + ": " + std::string(value) + "\r\n";
  return *this;
}

std::string WriteBody(std::string_view text, std::string_view html, const std::vector<OutgoingFile>& files,
                      std::string_view seed) {
  const std::string inner = Boundary(seed, "alternative");
  const std::string alternative =
      "Content-Type: multipart/alternative; boundary=\"" + inner + "\"\r\n\r\n--" + inner +
      "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
      EncodeQuotedPrintable(text) + "\r\n--" + inner +
      "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
      EncodeQuotedPrintable(html) + "\r\n--" + inner + "--\r\n";
  if (files.empty()) {
    return alternative;
  }
  const std::string outer = Boundary(seed, "mixed");
  std::string out =
      "Content-Type: multipart/mixed; boundary=\"" + outer + "\"\r\n\r\n--" + outer + "\r\n" + alternative;
  for (const auto& file : files) {
    out += "\r\n--" + outer + "\r\n" + FilePart(file);
  }
  return out + "\r\n--" + outer + "--\r\n";
}

}  // namespace propolis::mail
