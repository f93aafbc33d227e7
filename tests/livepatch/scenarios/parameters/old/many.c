#include "many.h"

#include <stdarg.h>

#include "scenario.h"

double Many(int a, double b, long c, float d, char e, double f, long g, long h, double i, int j, double k, long l) {
  return a + b + (double)c + d + e + f + (double)g + (double)h + i + j + k + (double)l;
}

struct Large Structure(struct Large given) {
  given.text[0] = 'o';
  return given;
}

int Variadic(int count, ...) {
  va_list rest;
  va_start(rest, count);
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    sum += va_arg(rest, int);
  }
  va_end(rest);
  return sum;
}

void Ask(const char* line, char* answer, size_t size) {
  const struct Large large = Structure((struct Large){"?ld", {1, 2, 3, 4, 5, 6}});
  snprintf(answer, size, "%s %.1f %s%ld %d", line, Many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.0), large.text,
           large.numbers[5], Variadic(3, 1, 2, 3));
}
