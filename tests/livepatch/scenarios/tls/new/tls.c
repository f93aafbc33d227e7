#include "scenario.h"

static _Thread_local int own = 100;
_Thread_local int shared = 7;

void Ask(const char* line, char* answer, size_t size) {
  shared += 1;
  snprintf(answer, size, "new %s %d %d", line, own += 10, shared);
}
