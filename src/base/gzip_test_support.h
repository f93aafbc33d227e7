// Reading corpora that lie compressed.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace propolis {

// The unpacked bytes, by the machine's own gzip; empty when it cannot.
inline std::string ReadGzip(const std::filesystem::path& path) {
  struct Closer {
    void operator()(FILE* pipe) const { pclose(pipe); }
  };
  const std::unique_ptr<FILE, Closer> pipe(popen(("gzip -dc '" + path.string() + "'").c_str(), "r"));
  std::string bytes;
  std::array<char, 65536> piece{};
  while (pipe) {
    const std::size_t read = std::fread(piece.data(), 1, piece.size(), pipe.get());
    if (read == 0) {
      break;
    }
    bytes.append(piece.data(), read);
  }
  return bytes;
}

}  // namespace propolis
