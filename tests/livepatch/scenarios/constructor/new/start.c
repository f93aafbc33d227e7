#include <unistd.h>

#include "scenario.h"

static int made = 0;
__attribute__((constructor)) static void Make(void) { made = getpid() > 0 ? 2 : 0; }

void Ask(const char* line, char* answer, size_t size) { snprintf(answer, size, "%s %d", line, made); }
