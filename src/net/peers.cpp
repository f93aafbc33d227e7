#include "net/peers.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/number.h"
#include "base/text.h"

namespace propolis::net {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// What counts as one peer: an IPv6 host owns its /64.
IpAddress PeerKey(IpAddress address) {
  if (!address.IsV4()) {
    std::fill(address.bytes.begin() + 8, address.bytes.end(), std::uint8_t{0});
  }
  return address;
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  if (text.size() > 45) {
    return std::nullopt;
  }
  const std::string terminated(text);
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes.begin());
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + 12) == 1) {
    return address;
  }
  return std::nullopt;
}

bool IpAddress::IsV4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

std::string IpAddress::ToString() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (IsV4()) {
    inet_ntop(AF_INET, bytes.data() + 12, buffer.data(), buffer.size());
  } else {
    inet_ntop(AF_INET6, bytes.data(), buffer.data(), buffer.size());
  }
  return buffer.data();
}

std::optional<IpRange> IpRange::Parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = IpAddress::Parse(text.substr(0, slash));
  if (!base) {
    return std::nullopt;
  }
  const unsigned width = base->IsV4() && !text.contains(':') ? 32 : 128;
  unsigned bits = width;
  if (slash != std::string_view::npos) {
    const auto given = text::ParseNumber<unsigned>(text.substr(slash + 1));
    if (!given || *given > width) {
      return std::nullopt;
    }
    bits = *given;
  }
  return IpRange{*base, bits + (128 - width)};
}

bool IpRange::Contains(const IpAddress& address) const {
  const unsigned whole = bits / 8;
  if (!std::equal(base.bytes.begin(), base.bytes.begin() + whole, address.bytes.begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  if (rest == 0) {
    return true;
  }
  const auto mask = static_cast<std::uint8_t>(0xff00U >> rest);
  return (base.bytes[whole] & mask) == (address.bytes[whole] & mask);
}

Result<ProxyTrust> ProxyTrust::Parse(const std::vector<std::string>& ranges) {
  ProxyTrust trust;
  for (const auto& text : ranges) {
    const auto range = IpRange::Parse(text);
    if (!range) {
      return Fail(Code::kInvalid, "net.bad_address", {{"where", text}});
    }
    trust.ranges_.push_back(*range);
  }
  return trust;
}

bool ProxyTrust::Trusts(const IpAddress& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const IpRange& range) { return range.Contains(address); });
}

ProxyTrust::Client ProxyTrust::ClientOf(const IpAddress& peer, bool secure, const Headers& headers) const {
  if (ranges_.empty() || !Trusts(peer)) {
    return {peer.ToString(), secure};
  }
  std::vector<std::string_view> hops;
  for (const auto field : headers.All("X-Forwarded-For")) {
    for (const auto hop : text::Split(field, ',')) {
      hops.push_back(text::Trim(hop));
    }
  }
  auto client = peer;
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    const auto address = IpAddress::Parse(*hop);
    if (!address) {
      break;
    }
    client = *address;
    if (!Trusts(client)) {
      break;
    }
  }
  if (const auto proto = headers.All("X-Forwarded-Proto"); !proto.empty()) {
    // With several values the last is what our own proxy says.
    const auto values = text::Split(proto.back(), ',');
    secure = text::AsciiLower(text::Trim(values.back())) == "https";
  }
  return {client.ToString(), secure};
}

std::optional<ConnectionCounter::Ticket> ConnectionCounter::Enter(const IpAddress& peer, bool exempt) {
  MutexLock lock(mutex_);
  if (open_ >= most_) {
    return std::nullopt;
  }
  if (exempt) {
    ++open_;
    return Ticket(this, std::nullopt);
  }
  const auto key = PeerKey(peer);
  auto& count = by_peer_[key].connections;
  if (count >= most_by_peer_) {
    return std::nullopt;
  }
  ++count;
  ++open_;
  return Ticket(this, key);
}

std::size_t ConnectionCounter::Open() {
  MutexLock lock(mutex_);
  return open_;
}

void ConnectionCounter::Leave(const std::optional<IpAddress>& peer) {
  MutexLock lock(mutex_);
  --open_;
  if (!peer) {
    return;
  }
  const auto found = by_peer_.find(*peer);
  if (--found->second.connections == 0) {
    by_peer_.erase(found);
  }
}

bool ConnectionCounter::Hold(const IpAddress& peer, std::int64_t bytes, std::int64_t most) {
  MutexLock lock(mutex_);
  auto& held = by_peer_.at(peer).held;
  if (held + bytes > most) {
    return false;
  }
  held += bytes;
  return true;
}

void ConnectionCounter::GiveBack(const IpAddress& peer, std::int64_t bytes) {
  MutexLock lock(mutex_);
  by_peer_.at(peer).held -= bytes;
}

}  // namespace propolis::net
