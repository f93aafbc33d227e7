// Any bytes: the sanitiser ends, and what it writes is safe and stays so.
#include <cstdlib>

#include "channels/html/safety_test_support.h"
#include "channels/html/sanitise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto result = propolis::html::Sanitise(input);
  if (!propolis::html::FindDanger(result.html).empty() || !propolis::text::IsUtf8(result.text)) {
    std::abort();
  }
  return 0;
}
