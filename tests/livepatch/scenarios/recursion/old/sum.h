#pragma once
long Sum(long n, int wait);
