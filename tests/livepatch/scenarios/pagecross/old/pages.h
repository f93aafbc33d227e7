#pragma once
int First(void);
int Large(int x);
