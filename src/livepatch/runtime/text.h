// Text of a limited length, for answers and reasons.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

namespace propolis::livepatch {

// Why something was refused.
struct Reason {
  char text[384] = "";
  // Answers false, so that a check can return it.
  bool Say(const char* format, ...) __attribute__((format(printf, 2, 3)));
};

// JSON into a buffer; what does not fit is left out and `full` says so.
class Answer {
 public:
  Answer(char* buffer, size_t size) : buffer_(buffer), size_(size) { buffer_[0] = 0; }
  void Add(const char* format, ...) __attribute__((format(printf, 2, 3)));
  // The text as a JSON string.
  void Quote(const char* text);
  [[nodiscard]] size_t size() const { return used_; }
  [[nodiscard]] bool full() const { return full_; }

 private:
  char* buffer_;
  size_t size_;
  size_t used_ = 0;
  bool full_ = false;
};

}  // namespace propolis::livepatch
