#include "scenario.h"

static const char* const kWords[] = {"nil", "uno", "dos", "tres", "cuatro", "cinco", "seis"};

void Ask(const char* line, char* answer, size_t size) {
  switch (line[0]) {
    case 'a':
      snprintf(answer, size, "%s %.2f", kWords[1], 2.25);
      break;
    case 'b':
      snprintf(answer, size, "%s %s", kWords[2], "of the patch");
      break;
    case 'c':
      snprintf(answer, size, "%s %.3f", kWords[3], 3.125);
      break;
    case 'd':
      snprintf(answer, size, "%s", kWords[4]);
      break;
    case 'e':
      snprintf(answer, size, "%s", kWords[5]);
      break;
    case 'f':
      snprintf(answer, size, "%s", kWords[6]);
      break;
    default:
      snprintf(answer, size, "%s", kWords[0]);
  }
}
