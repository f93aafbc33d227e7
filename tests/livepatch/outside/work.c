#include "work.h"

#include <stdio.h>
#include <string.h>

enum { kVersion = 1 };

static int calls = 0;
static const char* const kNames[] = {"none", "one", "two", "three"};

__attribute__((noinline)) static const char* NameOf(int which) { return kNames[which]; }

__attribute__((noinline)) int First(int x) { return x * 10 + kVersion; }

__attribute__((noinline)) int Second(int x, char* words, size_t size) {
  const int call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  snprintf(words, size, "%s %zu", NameOf(kVersion), strlen(kNames[kVersion]));
  return x + call - call + kVersion;
}

__attribute__((noinline)) int Waiting(void) {
  WaitForGo();
  return kVersion;
}
