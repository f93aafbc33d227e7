#pragma once
#include <stddef.h>
void Note(char* answer, size_t size, const char* word, int code);
void Work(const char* line, char* answer, size_t size);
