#pragma once
int Plain(void);
int Fast(void);
int Chosen(void);
