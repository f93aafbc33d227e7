// Request targets from anywhere: no crash, and nothing dangerous comes through.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "net/head_value.h"
#include "net/response_head.h"
#include "net/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto target = propolis::net::ParseTarget(text)) {
    const std::string path = target->path + "/";
    if (path.contains("/../") || path.contains("/./") || path.contains('\0') || path.contains('\\') ||
        !propolis::text::IsUtf8(path)) {
      std::abort();
    }
  }
  const auto encoded = propolis::net::PercentEncode(text);
  if (propolis::net::PercentDecode(encoded) != text) {
    std::abort();
  }
  (void)propolis::net::ParseForm(text);
  (void)propolis::net::ParseHeadValue(text);
  if (const auto range = propolis::net::ParseRange(text, 1000); range && range->offset + range->length > 1000) {
    std::abort();
  }
  return 0;
}
