#pragma once
int Marked(int x);
