// Content transfer encodings (RFC 2045 section 6), decoded as far as the bytes allow.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace propolis::mail {

struct Transfer {
  std::string bytes;
  std::size_t illegal = 0;  // characters that have no place in the encoding
};

// Characters outside the alphabet are passed over, as RFC 2045 section 6.8 asks; padding inside starts a new quantum.
Transfer DecodeBase64(std::string_view text);
// A "=" that begins no valid escape stands for itself; soft line breaks and blanks at line ends go.
Transfer DecodeQuotedPrintable(std::string_view text);
// The Q encoding of headers (RFC 2047 section 4.2).
std::string DecodeQHeader(std::string_view text);
// Begin/end frame included.
Transfer DecodeUuencode(std::string_view text);

// For what we send: lines of 76 characters ended by CRLF.
std::string EncodeBase64(std::string_view bytes);
std::string EncodeQuotedPrintable(std::string_view text);

}  // namespace propolis::mail
