#include <stdexcept>
#include <string>

#include "scenario.h"

namespace {

// Known to this file only: who catches must know it as the same class.
class Refusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Counter {
  explicit Counter(int* count) : count_(count) {}
  ~Counter() { ++*count_; }
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  int* count_;
};

[[gnu::noinline]] void Throw(const std::string& what, int* cleaned) {
  const Counter counter(cleaned);
  if (what == "none") {
    return;
  }
  throw Refusal("old " + what);
}

[[gnu::noinline]] void Through(const std::string& what, int* cleaned) {
  const Counter counter(cleaned);
  Throw(what, cleaned);
}

}  // namespace

void Ask(const char* line, char* answer, size_t size) {
  int cleaned = 0;
  try {
    Through(line, &cleaned);
    snprintf(answer, size, "nothing thrown, cleaned %d", cleaned);
  } catch (const Refusal& refusal) {
    snprintf(answer, size, "caught %s, cleaned %d", refusal.what(), cleaned);
  }
}
