#pragma once
const char* Top(int wait);
const char* Middle(int wait);
