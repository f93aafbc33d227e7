#include "parts.h"
#include "scenario.h"

void Ask(const char* line, char* answer, size_t size) { snprintf(answer, size, "%s eins %s", line, Two()); }
