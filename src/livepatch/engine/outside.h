// The fallback for services that do not link the runtime: a patch is brought in from outside, by ptrace. All threads
// are stopped for as long as their stacks are looked at; nobody may be within a function that is replaced. What this
// promises is less: each function is replaced at once, but a request may see old and new ones (docs/livepatch.md).
#pragma once

#include <string_view>

#include "livepatch/engine/process.h"

namespace propolis::livepatch {

struct OutsideOptions {
  pid_t pid = 0;
  std::chrono::milliseconds deadline{10'000};  // how long to try until nobody is in the way
  std::chrono::milliseconds longest_stop{50};  // an attempt that takes longer is given up and made again
};

// Who was in the way at the last attempt.
struct InTheWay {
  pid_t thread = 0;
  std::string name;
  std::string function;            // in which it is, or to which it will return
  std::vector<std::string> stack;  // innermost first; may be short: it only explains
};

struct OutsideReport {
  bool done = false;  // false: somebody was in the way until the deadline, and nothing was changed
  std::string state;  // "applied", "reverted"
  std::size_t functions = 0;
  std::size_t threads = 0;
  int attempts = 0;             // 0: it was so already
  std::int64_t stopped_us = 0;  // of the last attempt
  std::vector<InTheWay> in_the_way;
};

// `plan`: of a patch whose signatures were checked. Conflict and Forbidden say why it cannot be.
Result<OutsideReport> ApplyFromOutside(std::string_view plan, const OutsideOptions& options);
Result<OutsideReport> RevertFromOutside(std::string_view plan, const OutsideOptions& options);
// What is not as the plan wants it, read from memory; nothing when all is.
Result<std::vector<std::string>> VerifyFromOutside(std::string_view plan, const OutsideOptions& options);

}  // namespace propolis::livepatch
