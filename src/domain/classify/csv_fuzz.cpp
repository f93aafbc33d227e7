// CSV files from anywhere: no crash, and every row as long as the header.
#include <cstdint>
#include <cstdlib>

#include "domain/classify/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto table = propolis::classify::ParseCsv({reinterpret_cast<const char*>(data), size});
  if (!table) {
    return 0;
  }
  for (const auto& row : table->rows) {
    if (row.size() != table->header.size()) {
      std::abort();
    }
  }
  return 0;
}
