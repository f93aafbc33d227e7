// Patch files from anybody: refused or understood, and trusted never.
#include <cstdint>
#include <cstdlib>

#include "livepatch/engine/patch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace lp = propolis::livepatch;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const auto trusted = lp::TrustedKeys::Parse("ed25519:xv0P5WbD3YWbVVEGQjqQJ4kutDeIFjc/8nyePhbaa08=\n");
  if (lp::Verify(bytes, *trusted, propolis::Time{})) {
    std::abort();  // its secret half was thrown away
  }
  if (const auto parts = lp::SplitPatch(bytes)) {
    (void)lp::Examine(*parts);
  }
  (void)lp::TrustedKeys::Parse(bytes);
  return 0;
}
