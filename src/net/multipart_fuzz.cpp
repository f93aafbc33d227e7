// Forms from anywhere: no crash, and the same outcome however the bytes are cut into pieces.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/multipart.h"

namespace {

class Sink final : public propolis::net::MultipartSink {
 public:
  propolis::Status OnPart(const propolis::net::PartHead& head) override {
    seen += "[" + head.name + "|" + head.filename.value_or("") + "]";
    return {};
  }
  propolis::Status OnData(std::string_view piece) override {
    seen += piece;
    return {};
  }
  propolis::Status OnPartEnd() override {
    seen += "]";
    return {};
  }
  std::string seen;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  propolis::net::MultipartLimits limits;
  limits.parts = 20;
  Sink whole;
  propolis::net::MultipartParser at_once("b", limits, whole);
  const bool good = at_once.Feed(body).has_value() && at_once.Finish().has_value();
  Sink pieces;
  propolis::net::MultipartParser by_byte("b", limits, pieces);
  bool also = true;
  for (std::size_t i = 0; i < size && also; ++i) {
    also = by_byte.Feed(body.substr(i, 1)).has_value();
  }
  also = also && by_byte.Finish().has_value();
  if (good != also || (good && whole.seen != pieces.seen)) {
    std::abort();
  }
  (void)propolis::net::BoundaryOf(body);
  return 0;
}
