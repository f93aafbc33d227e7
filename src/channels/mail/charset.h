// Character sets of mail bodies and headers as they come: missing, wrong, unknown or misspelt labels (RFC 2045, 2046,
// WHATWG Encoding for the label aliases). Total: any bytes with any label give valid UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace propolis::mail {

struct Decoded {
  std::string text;      // valid UTF-8, without a byte order mark
  std::string charset;   // the one that was used in the end
  bool guessed = false;  // the label was missing, unknown or contradicted by the bytes
};

// A label wins when the bytes can be read with it; bytes that are proper multi-byte UTF-8 win over a label of an 8-bit
// Western charset, because the reverse accident does not happen in texts.
Decoded DecodeCharset(std::string_view bytes, std::string_view label);

}  // namespace propolis::mail
