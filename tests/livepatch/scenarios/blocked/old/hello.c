#include "hello.h"

#include <string.h>

#include "scenario.h"

const char* Hello(void) { return "hello"; }

// Never leaves the code that is replaced while it is.
static void Loop(char* answer, size_t size) {
  size_t used = 0;
  for (int round = 0; round < 3; ++round) {
    WaitForGo();
    used += (size_t)snprintf(answer + used, size - used, "%s ", Hello());
  }
}

void Ask(const char* line, char* answer, size_t size) {
  if (strcmp(line, "loop") == 0) {
    Loop(answer, size);
  } else {
    snprintf(answer, size, "%s", Hello());
  }
}
