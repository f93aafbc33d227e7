#include "leaf.h"

#include <stdatomic.h>
#include <string.h>

#include "scenario.h"

static atomic_int stop = 0;
static atomic_int spinning = 0;

// A leaf: what it keeps stands below the stack pointer, where nobody may write meanwhile.
__attribute__((noinline)) long Leaf(long seed) {
  volatile long kept[12];
  for (long i = 0; i < 12; ++i) {
    kept[i] = seed + i;
  }
  long wrong = 0;
  for (long i = 0; i < 12; ++i) {
    wrong += kept[i] == seed + i ? 0 : 1;
  }
  return wrong;
}

int Version(void) { return 1; }

void Ask(const char* line, char* answer, size_t size) {
  long wrong = 0;
  if (strcmp(line, "spin") == 0) {
    atomic_fetch_add(&spinning, 1);
    for (long seed = 0; !atomic_load(&stop); ++seed) {
      wrong += Leaf(seed);
    }
  } else if (strcmp(line, "spinning") == 0) {
    while (!atomic_load(&spinning)) {
    }
  } else if (strcmp(line, "stop") == 0) {
    atomic_store(&stop, 1);
  }
  snprintf(answer, size, "%d wrong %ld", Version(), wrong + Leaf(3));
}
