#include "livepatch/runtime/text.h"

#include <stdio.h>

namespace propolis::livepatch {

bool Reason::Say(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return false;
}

void Answer::Add(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(buffer_ + used_, size_ - used_, format, arguments);
  va_end(arguments);
  if (length < 0 || static_cast<size_t>(length) >= size_ - used_) {
    buffer_[used_] = 0;
    full_ = true;
    return;
  }
  used_ += static_cast<size_t>(length);
}

void Answer::Quote(const char* text) {
  Add("\"");
  for (; *text != 0; ++text) {
    const auto byte = static_cast<unsigned char>(*text);
    if (byte == '"' || byte == '\\') {
      Add("\\%c", byte);
    } else if (byte < 0x20 || byte > 0x7e) {
      Add("\\u%04x", byte);
    } else {
      Add("%c", byte);
    }
  }
  Add("\"");
}

}  // namespace propolis::livepatch
