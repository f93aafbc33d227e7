// Who is at the other end: address ranges, trusted proxies and what they forward, connections counted by peer.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "net/http.h"

namespace propolis::net {

// An IPv4 or IPv6 address; IPv4 in its mapped form (RFC 4291 section 2.5.5.2), so that both compare.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const IpAddress&) const = default;
  static std::optional<IpAddress> Parse(std::string_view text);  // no zone, no port
  [[nodiscard]] bool IsV4() const;
  [[nodiscard]] std::string ToString() const;
};

struct IpRange {
  IpAddress base;
  unsigned bits = 128;                                         // of the mapped form
  static std::optional<IpRange> Parse(std::string_view text);  // "10.0.0.0/8", "::1"
  [[nodiscard]] bool Contains(const IpAddress& address) const;
};

class ProxyTrust {
 public:
  // Fails with kInvalid "net.bad_address" (where).
  static Result<ProxyTrust> Parse(const std::vector<std::string>& ranges);
  [[nodiscard]] bool Trusts(const IpAddress& address) const;

  struct Client {
    std::string address;
    bool secure;
  };
  // The client behind `peer`. X-Forwarded-For is read from the right, past proxies that are trusted themselves, as far
  // as it can be believed; an entry that is no address ends the walk.
  [[nodiscard]] Client ClientOf(const IpAddress& peer, bool secure, const Headers& headers) const;

 private:
  std::vector<IpRange> ranges_;
};

// Open connections in all and by peer, an IPv4 address or an IPv6 /64, and the memory that a peer's requests hold.
// Thread-safe.
class ConnectionCounter {
 public:
  ConnectionCounter(std::size_t most, std::size_t most_by_peer) : most_(most), most_by_peer_(most_by_peer) {}

  // Counts one connection while it lives.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(ConnectionCounter* counter, std::optional<IpAddress> peer) : counter_(counter), peer_(peer) {}
    Ticket(Ticket&& other) noexcept : counter_(std::exchange(other.counter_, nullptr)), peer_(other.peer_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(counter_, other.counter_);
      std::swap(peer_, other.peer_);
      return *this;
    }
    ~Ticket() {
      if (counter_ != nullptr) {
        counter_->Leave(peer_);
      }
    }
    // Counts `bytes` more for the peer. False, and nothing is counted: it would hold more than `most`. Exempt peers may
    // hold anything. What was counted is to be given back before the ticket ends.
    bool Hold(std::int64_t bytes, std::int64_t most) {
      return counter_ == nullptr || !peer_ || counter_->Hold(*peer_, bytes, most);
    }
    void GiveBack(std::int64_t bytes) {
      if (counter_ != nullptr && peer_) {
        counter_->GiveBack(*peer_, bytes);
      }
    }

   private:
    ConnectionCounter* counter_ = nullptr;
    std::optional<IpAddress> peer_;
  };
  // nullopt: too many. `exempt` peers are counted in the total only.
  std::optional<Ticket> Enter(const IpAddress& peer, bool exempt) PROPOLIS_EXCLUDES(mutex_);
  [[nodiscard]] std::size_t Open() PROPOLIS_EXCLUDES(mutex_);

 private:
  struct Peer {
    std::size_t connections = 0;
    std::int64_t held = 0;  // bytes
  };
  void Leave(const std::optional<IpAddress>& peer) PROPOLIS_EXCLUDES(mutex_);
  bool Hold(const IpAddress& peer, std::int64_t bytes, std::int64_t most) PROPOLIS_EXCLUDES(mutex_);
  void GiveBack(const IpAddress& peer, std::int64_t bytes) PROPOLIS_EXCLUDES(mutex_);

  const std::size_t most_;
  const std::size_t most_by_peer_;
  Mutex mutex_;
  std::size_t open_ PROPOLIS_GUARDED_BY(mutex_) = 0;
  std::map<IpAddress, Peer> by_peer_ PROPOLIS_GUARDED_BY(mutex_);
};

}  // namespace propolis::net
