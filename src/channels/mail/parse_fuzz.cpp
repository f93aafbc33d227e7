// Any bytes: the parser ends, and its texts are valid UTF-8.
#include <cstdlib>

#include "base/text.h"
#include "channels/mail/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto mail = propolis::mail::ParseMail({reinterpret_cast<const char*>(data), size});
  if (!propolis::text::IsUtf8(mail.text) || !propolis::text::IsUtf8(mail.subject) ||
      !propolis::text::IsUtf8(mail.message_id)) {
    std::abort();
  }
  for (const auto& part : mail.parts) {
    if (!propolis::text::IsUtf8(part.name)) {
      std::abort();
    }
  }
  return 0;
}
