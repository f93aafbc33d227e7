#pragma once

struct Large {
  char text[32];
  long numbers[6];
};

double Many(int a, double b, long c, float d, char e, double f, long g, long h, double i, int j, double k, long l);
struct Large Structure(struct Large given);
int Variadic(int count, ...);
