// Requests to a witness from anybody: nothing is signed or kept that the log did not sign.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "audit/witness.h"
#include "base/crypto.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using propolis::audit::Witness;
  static const auto witness = [] {
    propolis::crypto::Start();
    char folder[] = "/tmp/witness-fuzz-XXXXXX";
    auto opened = Witness::Open({.folder = mkdtemp(folder),
                                 .log_key = propolis::audit::SigningKey::Make().Verifier(),
                                 .clock = std::make_shared<propolis::SystemClock>(),
                                 .on_alarm = {}});
    return *std::move(opened);
  }();
  const std::string_view request(reinterpret_cast<const char*>(data), size);
  const bool taken = witness->AddCheckpoint(request).status == 200;
  (void)witness->AddEntries(request);
  (void)propolis::audit::CosignedAt(request, "w+00000000+AA==");
  const auto standing = witness->GetStanding();
  if (taken || standing.signed_size != 0 || standing.held != 0) {
    std::abort();
  }
  return 0;
}
