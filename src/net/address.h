// "127.0.0.1:8080", "[::1]:0", "localhost:8080", "fd:3" taken apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace propolis::net {

struct ListenAddress {
  std::string host;        // without brackets
  std::uint16_t port = 0;  // 0: any free one
  std::optional<int> fd;   // "fd:N"
  std::string unix_path;   // "unix:/path"
};
std::optional<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace propolis::net
