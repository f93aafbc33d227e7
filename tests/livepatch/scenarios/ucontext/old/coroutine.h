#pragma once
const char* Version(void);
