#pragma once
long Leaf(long seed);
int Version(void);
