#include "net/content_coding.h"

#include <optional>

#include "net/url.h"

namespace propolis::net {
namespace {

std::optional<std::uint32_t> Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') {
    return static_cast<std::uint32_t>(c - 'A');
  }
  if (c >= 'a' && c <= 'z') {
    return static_cast<std::uint32_t>(c - 'a' + 26);
  }
  if (c >= '0' && c <= '9') {
    return static_cast<std::uint32_t>(c - '0' + 52);
  }
  if (c == '+') {
    return 62;
  }
  if (c == '/') {
    return 63;
  }
  return std::nullopt;
}

}  // namespace

bool ContentDecoder::Choose(std::string_view encoding) {
  if (encoding == "quoted-printable") {
    coding_ = Coding::kQuotedPrintable;
  } else if (encoding == "base64") {
    coding_ = Coding::kBase64;
  } else {
    coding_ = Coding::kPlain;
    return encoding == "7bit" || encoding == "8bit" || encoding == "binary";
  }
  return true;
}

bool ContentDecoder::Feed(std::string_view bytes, std::string& out) {
  if (plain()) {
    out.append(bytes);
    return true;
  }
  for (const char c : bytes) {
    if (!(coding_ == Coding::kBase64 ? StepBase64(c, out) : StepQuoted(c, out))) {
      return false;
    }
  }
  return true;
}

// An escape that is none is passed on as it stands (RFC 2045 section 6.7, note for robust decoders).
bool ContentDecoder::StepQuoted(char c, std::string& out) {
  if (held_.empty() && c != '=') {
    out.push_back(c);
    return true;
  }
  held_.push_back(c);
  if (held_.size() == 2 && c == '\n') {
    held_.clear();  // a soft line break with a bare LF
  } else if (held_.size() == 3) {
    if (held_ != "=\r\n") {
      const auto decoded = PercentDecode("%" + held_.substr(1));
      out.append(decoded ? *decoded : held_);
    }
    held_.clear();
  }
  return true;
}

bool ContentDecoder::StepBase64(char c, std::string& out) {
  if (c == '\r' || c == '\n' || c == ' ' || c == '\t') {
    return true;
  }
  if (c == '=') {
    return ++padding_ <= 2;
  }
  const auto digit = Base64Digit(c);
  if (!digit || padding_ > 0) {
    return false;
  }
  bits_ = (bits_ << 6) | *digit;
  if (++digits_ == 4) {
    out.push_back(static_cast<char>(bits_ >> 16));
    out.push_back(static_cast<char>(bits_ >> 8));
    out.push_back(static_cast<char>(bits_));
    digits_ = 0;
    bits_ = 0;
  }
  return true;
}

bool ContentDecoder::Finish(std::string& out) {
  out.append(held_);
  held_.clear();
  if (digits_ == 1) {
    return false;
  }
  if (digits_ == 2) {
    out.push_back(static_cast<char>(bits_ >> 4));
  } else if (digits_ == 3) {
    out.push_back(static_cast<char>(bits_ >> 10));
    out.push_back(static_cast<char>(bits_ >> 2));
  }
  digits_ = 0;
  return true;
}

}  // namespace propolis::net
