#include "parts.h"

const char* Two(void) { return "zwei"; }
