#include "pages.h"

#include "scenario.h"

// Its room begins a page.
__attribute__((aligned(4096), noinline)) int First(void) { return 1; }

// Its code lies on two pages.
__attribute__((aligned(4096), noinline)) int Large(int x) {
  __asm__ volatile(".skip 4090, 0x90");
  return x + 1;
}

void Ask(const char* line, char* answer, size_t size) {
  (void)line;
  snprintf(answer, size, "%d %d", First(), Large(10));
}
