#include "scenario.h"

void Ask(const char* line, char* answer, size_t size) { snprintf(answer, size, "old %s", line); }
