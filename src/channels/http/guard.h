// Which addresses the desk may call when people give it a URL. Pure.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "net/peers.h"

struct sockaddr;

namespace propolis::http {

// An address of the public internet: none of the special-purpose ones of RFC 6890 and the IANA registries (private,
// loopback, link-local, shared, documentation, multicast ...), nor an IPv6 one that carries such an IPv4 address.
bool IsPublic(const net::IpAddress& address);

// What an administrator allows besides.
using Allowed = std::vector<net::IpRange>;
// Errors: field errors "networks/N".
Result<Allowed> ParseAllowed(const std::vector<std::string>& networks);

// A public address over TLS, or one that is allowed.
bool MayCall(const net::IpAddress& address, bool tls, const Allowed& allowed);

// nullopt: neither IPv4 nor IPv6.
std::optional<net::IpAddress> AddressOf(const sockaddr& address);

}  // namespace propolis::http
