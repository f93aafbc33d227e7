#include "scenario.h"

static const char kHidden[] = "a hidden string";
static int count = 0;
__attribute__((visibility("hidden"))) int hidden_number = 5;

__attribute__((noinline, visibility("hidden"))) int Hidden(void) { return hidden_number; }
__attribute__((noinline)) static int Counted(void) { return ++count; }

void Ask(const char* line, char* answer, size_t size) {
  snprintf(answer, size, "new %s %s %d %d %d", line, kHidden, Hidden(), Counted(), hidden_number);
}
