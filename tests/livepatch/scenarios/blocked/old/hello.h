#pragma once
const char* Hello(void);
