#include "branch.h"

#include "scenario.h"

__attribute__((noinline)) int Marked(int x) { return x + 1; }
static int (*const volatile pointer)(int) = Marked;

void Ask(const char* line, char* answer, size_t size) {
  snprintf(answer, size, "%s %d %d", line, Marked(1), pointer(2));
}
