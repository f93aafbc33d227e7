#include "sum.h"

#include <stdlib.h>
#include <string.h>

#include "scenario.h"

__attribute__((noinline, optnone)) long Sum(long n, int wait) {
  if (n == 0 && wait) {
    WaitForGo();
  }
  return n == 0 ? 0 : n + Sum(n - 1, wait);
}

void Ask(const char* line, char* answer, size_t size) {
  snprintf(answer, size, "%ld", Sum(atol(line), strstr(line, "wait") != NULL));
}
