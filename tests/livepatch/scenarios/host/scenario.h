// What a scenario offers its host, and the host to it.
#pragma once

#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

// Answers one line. Each connection has a thread of its own, each line is a request.
void Ask(const char* line, char* answer, size_t size);

// Until somebody says "go".
void WaitForGo(void);

#ifdef __cplusplus
}
#endif
