#include "target.h"

long Padded(long x) { return x + 1; }

__attribute__((patchable_function_entry(0, 0))) long Plain(long x) { return x + 1; }
