#include "scenario.h"

static _Thread_local int own = 100;
_Thread_local int shared = 7;

void Ask(const char* line, char* answer, size_t size) { snprintf(answer, size, "old %s %d %d", line, ++own, shared); }
