#pragma once
#include <stddef.h>

// Each tells the version that it was compiled with.
int First(int x);
int Second(int x, char* words, size_t size);
int Waiting(void);  // returns when somebody lets it

void WaitForGo(void);
