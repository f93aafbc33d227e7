// Signed texts and keys from anybody: nothing but a refusal or an answer, whatever comes.
#include <cstdint>
#include <cstdlib>

#include "auth/jws.h"

namespace {

constexpr std::string_view kKey = R"({"kty":"OKP","crv":"Ed25519","x":"xv0P5WbD3YWbVVEGQjqQJ4kutDeIFjc_8nyePhbaa08"})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace jose = propolis::auth::jose;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const auto known = jose::ReadKeySet(kKey);
  static const std::vector allowed = {jose::Algorithm::kEdDsa, jose::Algorithm::kEs256, jose::Algorithm::kRs256};
  if (jose::VerifyCompact(text, *known, allowed)) {
    std::abort();  // its private half was thrown away
  }
  if (const auto keys = jose::ReadKeySet(text)) {
    (void)jose::VerifyCompact("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZQ.AAAA", *keys, allowed);
  }
  return 0;
}
