#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scenario.h"

// In the allocator, the loader, the C library's own locks: most of the time one thread or another holds one.
static int Hold(void) {
  int sound = 0;
  for (int i = 0; i < 200; ++i) {
    char* piece = malloc((size_t)(100 + i * 300));
    memset(piece, i, 100);
    free(piece);
    void* self = dlopen(NULL, RTLD_NOW);
    sound += dlsym(self, "malloc") != NULL && dlsym(RTLD_DEFAULT, "free") != NULL;
    dlclose(self);
    const time_t now = i;
    struct tm parts;
    sound += localtime_r(&now, &parts) != NULL;
  }
  return sound;
}

void Ask(const char* line, char* answer, size_t size) { snprintf(answer, size, "old %s %d", line, Hold()); }
