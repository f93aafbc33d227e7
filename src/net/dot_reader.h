// The data of SMTP and LMTP (RFC 5321 section 4.5.2): CRLF "." CRLF ends it, a dot that begins a line is taken away.
// Only CRLF is a line end: "\n.\n" and its kin are ordinary bytes, so that nothing can be smuggled past us.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace propolis::net {

class DotReader {
 public:
  // Appends the unstuffed bytes to `out` and answers how many of `bytes` were used; fewer than all only when done().
  std::size_t Feed(std::string_view bytes, std::string& out);
  [[nodiscard]] bool done() const { return state_ == State::kDone; }
  // A CR or LF came that was no part of a CRLF.
  [[nodiscard]] bool bare_newline() const { return bare_newline_; }

 private:
  enum class State { kLineStart, kMiddle, kCr, kDot, kDotCr, kDone };
  void Step(char c, std::string& out);

  State state_ = State::kLineStart;
  bool bare_newline_ = false;
};

}  // namespace propolis::net
