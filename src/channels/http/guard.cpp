#include "channels/http/guard.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace propolis::http {
namespace {

std::vector<net::IpRange> Ranges(std::initializer_list<const char*> texts) {
  std::vector<net::IpRange> ranges;
  for (const char* text : texts) {
    ranges.push_back(net::IpRange::Parse(text).value());
  }
  return ranges;
}

bool In(const std::vector<net::IpRange>& ranges, const net::IpAddress& address) {
  return std::ranges::any_of(ranges, [&](const net::IpRange& range) { return range.Contains(address); });
}

constexpr std::size_t kV4At = 12;  // where a mapped address has its four bytes

net::IpAddress MappedFrom(const net::IpAddress& address, std::size_t at) {
  net::IpAddress mapped = net::IpAddress::Parse("0.0.0.0").value();
  std::copy_n(address.bytes.begin() + static_cast<std::ptrdiff_t>(at), 4, mapped.bytes.begin() + kV4At);
  return mapped;
}

bool IsPublicV4(const net::IpAddress& address) {
  static const auto special =
      Ranges({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
              "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
              "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"});
  return !In(special, address);
}

}  // namespace

bool IsPublic(const net::IpAddress& address) {
  if (address.IsV4()) {
    return IsPublicV4(address);
  }
  static const auto nat64 = Ranges({"64:ff9b::/96"});
  if (In(nat64, address)) {
    return IsPublicV4(MappedFrom(address, kV4At));
  }
  // Global unicast (RFC 4291 section 2.4) without what is set apart in it; 6to4 and Teredo reach whatever they carry.
  static const auto global = Ranges({"2000::/3"});
  static const auto special = Ranges({"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"});
  return In(global, address) && !In(special, address);
}

Result<Allowed> ParseAllowed(const std::vector<std::string>& networks) {
  Allowed allowed;
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < networks.size(); ++i) {
    if (const auto range = net::IpRange::Parse(networks[i])) {
      allowed.push_back(*range);
    } else {
      errors.push_back({"networks/" + std::to_string(i), "http.not_network", {}});
    }
  }
  if (!errors.empty()) {
    return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors)});
  }
  return allowed;
}

bool MayCall(const net::IpAddress& address, bool tls, const Allowed& allowed) {
  return In(allowed, address) || (tls && IsPublic(address));
}

std::optional<net::IpAddress> AddressOf(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    net::IpAddress mapped = net::IpAddress::Parse("0.0.0.0").value();
    std::memcpy(mapped.bytes.data() + kV4At, &v4.sin_addr, 4);
    return mapped;
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    net::IpAddress found;
    std::memcpy(found.bytes.data(), &v6.sin6_addr, found.bytes.size());
    return found;
  }
  return std::nullopt;
}

}  // namespace propolis::http
