#pragma once
const char* Two(void);
