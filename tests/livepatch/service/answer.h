#pragma once

#include <string>

// What the service answers to one line. Throws nothing.
std::string Answer(const std::string& line);
