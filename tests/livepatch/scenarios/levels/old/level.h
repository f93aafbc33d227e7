#pragma once
int One(void);
int Two(void);
