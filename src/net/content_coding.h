// Content-Transfer-Encoding (RFC 2045 section 6), as a stream: quoted-printable and base64. Deprecated in forms (RFC
// 7578 section 4.7) and still sent. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace propolis::net {

class ContentDecoder {
 public:
  // "7bit", "8bit", "binary", "quoted-printable", "base64", in lower case. False: unknown.
  [[nodiscard]] bool Choose(std::string_view encoding);
  [[nodiscard]] bool plain() const { return coding_ == Coding::kPlain; }
  // Appends what can be decoded. False on bytes that cannot be.
  [[nodiscard]] bool Feed(std::string_view bytes, std::string& out);
  [[nodiscard]] bool Finish(std::string& out);

 private:
  enum class Coding { kPlain, kQuotedPrintable, kBase64 };
  bool StepQuoted(char c, std::string& out);
  bool StepBase64(char c, std::string& out);

  Coding coding_ = Coding::kPlain;
  std::string held_;  // of an escape that is not complete
  std::uint32_t bits_ = 0;
  int digits_ = 0;
  int padding_ = 0;
};

}  // namespace propolis::net
