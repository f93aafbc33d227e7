#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "scenario.h"

// Functions that the release never called, one of them chosen by the processor, and variables of the C library.
void Ask(const char* line, char* answer, size_t size) {
  char sorted[64] = "";
  strncpy(sorted, line, sizeof sorted - 1);
  strfry(sorted);
  errno = ENOENT;
  snprintf(answer, size, "new %zu %ld %d %s %d %d", strnlen(sorted, 64), strtol("123", NULL, 10),
           strcasecmp("AbC", "aBc"), strerror(errno), environ != NULL, stdout != stderr && optind == 1);
}
