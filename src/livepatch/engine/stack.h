// Whether stopped threads are within certain code.
#pragma once

#include "livepatch/engine/outside.h"

namespace propolis::livepatch {

struct CodeRange {
  std::string name;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t entry = 0;  // 0: none. Who stands there has not begun yet; a pointer to it is no return address
};

// Every word of every stack counts that leads into a range: (begin, end] for what would be returned to. Whoever has a
// stack that cannot be seen counts as within. What is not told apart: words that only look like it.
std::vector<InTheWay> WhoIsWithin(const Process& process, const Stop& stop, const std::vector<CodeRange>& ranges);

// Adds the stacks as debugging information tells them. The threads are stopped.
void Explain(const Process& process, std::vector<InTheWay>& in_the_way);

}  // namespace propolis::livepatch
