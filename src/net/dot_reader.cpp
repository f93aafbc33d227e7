#include "net/dot_reader.h"

namespace propolis::net {

void DotReader::Step(char c, std::string& out) {
  switch (state_) {
    case State::kLineStart:
      if (c == '.') {
        state_ = State::kDot;
        return;
      }
      break;
    case State::kDot:
      if (c == '\r') {
        state_ = State::kDotCr;
        return;
      }
      break;  // the dot was stuffing: it is gone
    case State::kDotCr:
      if (c == '\n') {
        state_ = State::kDone;
        return;
      }
      bare_newline_ = true;
      out.push_back('\r');
      break;
    case State::kCr:
      if (c == '\n') {
        out.push_back('\n');
        state_ = State::kLineStart;
        return;
      }
      bare_newline_ = true;
      break;
    case State::kMiddle:
    case State::kDone:
      break;
  }
  if (c == '\r') {
    state_ = State::kCr;
  } else {
    bare_newline_ = bare_newline_ || c == '\n';
    state_ = State::kMiddle;
  }
  out.push_back(c);
}

std::size_t DotReader::Feed(std::string_view bytes, std::string& out) {
  std::size_t used = 0;
  while (used < bytes.size() && !done()) {
    if (state_ == State::kMiddle) {  // the bulk: up to the next line end
      const auto end = bytes.find_first_of("\r\n", used);
      const auto stop = end == std::string_view::npos ? bytes.size() : end;
      out.append(bytes.substr(used, stop - used));
      used = stop;
      if (used == bytes.size()) {
        break;
      }
    }
    Step(bytes[used++], out);
  }
  return used;
}

}  // namespace propolis::net
