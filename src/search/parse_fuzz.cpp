// Whatever is typed: a bounded query whose FTS5 expression holds nothing but quoted letters and digits.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "search/indicators.h"
#include "search/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace propolis;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const search::Query query = search::Parse(text);
  if (query.all.size() + query.none.size() > search::kMostTerms) {
    std::abort();
  }
  const std::string match = search::ToMatch(query);
  std::size_t quotes = 0;
  for (const char c : match) {
    quotes += c == '"' ? 1U : 0U;
  }
  if (quotes % 2 != 0) {
    std::abort();
  }
  for (const std::string& indicator : search::FindIndicators(text)) {
    if (indicator.empty()) {
      std::abort();
    }
  }
  return 0;
}
