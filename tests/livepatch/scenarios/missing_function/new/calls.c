#include "scenario.h"

int OfferedByNobody(void);

void Ask(const char* line, char* answer, size_t size) { snprintf(answer, size, "%s %d", line, OfferedByNobody()); }
