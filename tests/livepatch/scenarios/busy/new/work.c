#include "work.h"

#include <string.h>

#include "scenario.h"

const char* Top(int wait) {
  if (wait) {
    WaitForGo();
  }
  return "new top";
}

const char* Middle(int wait) {
  const char* top = Top(wait);
  return strcmp(top, "new top") == 0 ? "new middle" : "mixed";
}

void Ask(const char* line, char* answer, size_t size) {
  snprintf(answer, size, "%s %s", Middle(strcmp(line, "wait") == 0), Top(0));
}
