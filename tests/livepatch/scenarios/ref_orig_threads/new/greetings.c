#include "threads.h"

__attribute__((noinline)) static const char* Original(void) { return "original"; }
const char* First(void) { return Original(); }
const char* Second(void) { return Original(); }
