#include "work.h"

#include <string.h>

#include "scenario.h"

const char* Top(int wait) {
  if (wait) {
    WaitForGo();
  }
  return "old top";
}

const char* Middle(int wait) {
  const char* top = Top(wait);
  return strcmp(top, "old top") == 0 ? "old middle" : "mixed";
}

void Ask(const char* line, char* answer, size_t size) {
  snprintf(answer, size, "%s %s", Middle(strcmp(line, "wait") == 0), Top(0));
}
