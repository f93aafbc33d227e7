// For tests of the mail channel.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace propolis::mail {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A mail's bytes with CRLF, from text with \n.
inline std::string Crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  return out;
}

}  // namespace propolis::mail
