#include "net/address.h"

#include "base/number.h"

namespace propolis::net {
std::optional<ListenAddress> ParseListenAddress(std::string_view text) {
  ListenAddress address;
  if (text.starts_with("fd:")) {
    address.fd = text::ParseNumber<int>(text.substr(3));
    return address.fd && *address.fd >= 0 ? std::optional(address) : std::nullopt;
  }
  if (text.starts_with("unix:")) {
    address.unix_path = text.substr(5);
    return address.unix_path.empty() ? std::nullopt : std::optional(address);
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return std::nullopt;
  }
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.contains(':')) {
    return std::nullopt;  // IPv6 needs its brackets
  }
  const auto port = text::ParseNumber<std::uint16_t>(text.substr(colon + 1));
  if (!port || host.empty()) {
    return std::nullopt;
  }
  address.host = host;
  address.port = *port;
  return address;
}

}  // namespace propolis::net
