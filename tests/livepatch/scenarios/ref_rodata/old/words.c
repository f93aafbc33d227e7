#include "scenario.h"

static const char* const kWords[] = {"zero", "one", "two", "three", "four", "five"};

void Ask(const char* line, char* answer, size_t size) {
  switch (line[0]) {
    case 'a':
      snprintf(answer, size, "%s %.2f", kWords[1], 1.5);
      break;
    case 'b':
      snprintf(answer, size, "%s %s", kWords[2], "of the release");
      break;
    default:
      snprintf(answer, size, "%s", kWords[0]);
  }
}
