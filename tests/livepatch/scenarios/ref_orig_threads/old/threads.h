#pragma once
const char* First(void);
const char* Second(void);
