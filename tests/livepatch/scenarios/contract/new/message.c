#include <string.h>

#include "scenario.h"

enum Type { kB = 7, kA = 8 };

struct Message {
  int type;
  int a;
  double b;
};

__attribute__((noinline)) static void Print(const struct Message* message, char* answer, size_t size) {
  switch (message->type) {
    case kA:
      snprintf(answer, size, "A %d", message->a);
      break;
    case kB:
      snprintf(answer, size, "B %.1f", message->b);
      break;
    default:
      snprintf(answer, size, "invalid");
  }
}

// Both halves must agree on what the types are.
void Ask(const char* line, char* answer, size_t size) {
  struct Message message = {line[0] == 'a' ? kA : kB, 512, 1024};
  if (strstr(line, "wait") != NULL) {
    WaitForGo();
  }
  Print(&message, answer, size);
}
