// Whether HTML can be parsed in bounded time and stack.
#pragma once

#include <string_view>

namespace propolis::html {

// False when elements may nest too deeply or a tag has too many attributes: the parser frees its tree by recursion, and
// compares each attribute with all before it. One pass, no allocation that grows with the input. It errs on the strict
// side.
bool IsBounded(std::string_view html);

}  // namespace propolis::html
