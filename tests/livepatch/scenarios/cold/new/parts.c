#include "parts.h"

#include <stdlib.h>
#include <string.h>

#include "scenario.h"

__attribute__((cold, noinline)) void Note(char* answer, size_t size, const char* word, int code) {
  snprintf(answer, size, "rare: %s %d", word, code);
}

// What seldom happens stands in a part of its own, away from the function.
void Work(const char* line, char* answer, size_t size) {
  if (__builtin_expect(line[0] == 'r', 0)) {
    const int code = 5;
    char word[32] = "";
    strncpy(word, line, sizeof word - 1);
    for (size_t i = 0; i < strlen(word); ++i) {
      word[i] = (char)(word[i] ^ 1);
    }
    Note(answer, size, word, code);
    Note(answer, size, word, code + abs((int)size) - (int)size);
    return;
  }
  snprintf(answer, size, "often: %s", line);
}

void Ask(const char* line, char* answer, size_t size) {
  void (*const volatile work)(const char*, char*, size_t) = Work;
  work(line, answer, size);
}
