// Passkey answers from anywhere: no crash, no memory beyond the limits, and nothing made up is accepted as a signature.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "auth/webauthn.h"
#include "base/crypto.h"

namespace {

using namespace propolis::auth::webauthn;

constexpr std::string_view kCreate =
    R"({"type":"webauthn.create","challenge":"c2l4dGVlbiBieXRlcyBvcg","origin":"https://desk.example"})";
constexpr std::string_view kGet =
    R"({"type":"webauthn.get","challenge":"c2l4dGVlbiBieXRlcyBvcg","origin":"https://desk.example"})";

Expected Asked() {
  return {.rp_id = "desk.example", .origins = {"https://desk.example"}, .challenge = "sixteen bytes or"};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  propolis::crypto::Start();
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  (void)VerifyRegistration({.expected = Asked()}, {.id = "", .client_data = bytes, .attestation_object = ""});
  const auto made = VerifyRegistration({.expected = Asked()},
                                       {.id = "id", .client_data = std::string(kCreate), .attestation_object = bytes});
  if (made && made->format != Format::kNone) {
    std::abort();
  }
  const Credential credential{.id = "id", .public_key = bytes};
  const auto used = VerifyAssertion({.expected = Asked(), .allowed = {"id"}, .user_handle = ""}, credential,
                                    {.id = "id",
                                     .client_data = std::string(kGet),
                                     .authenticator_data = bytes,
                                     .signature = bytes,
                                     .user_handle = std::nullopt});
  if (used) {
    std::abort();
  }
  return 0;
}
