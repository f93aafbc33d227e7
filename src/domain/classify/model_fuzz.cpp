// libFuzzer: no bytes break the reading of a model; sealed here, because no fuzzer finds a SHA-256.
#include <cstdint>

#include "base/crypto.h"
#include "domain/classify/model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  propolis::crypto::Start();
  std::string bytes = "propolis model 1" + std::string(reinterpret_cast<const char*>(data), size);
  const auto digest = propolis::crypto::Sha256(bytes);
  bytes.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  if (const auto model = propolis::classify::Model::Parse(bytes)) {
    (void)model->Classify("subject", "some words of a body");
  }
  return 0;
}
