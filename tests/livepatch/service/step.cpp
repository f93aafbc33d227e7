#include "version.h"
#include "work.h"

namespace work {

int Step() { return kVersion; }

}  // namespace work
