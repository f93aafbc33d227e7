// The HTTP/1.1 server: listeners, TLS, connections, pools. Everything of Asio and Beast is behind it.
//
// One io_context a I/O thread; on each the same code for its own connections, so that a connection never leaves its
// thread. Handlers run on bounded pools; a full pool answers 503 with Retry-After at once. Requests on one connection
// are answered in order, one at a time. Smuggling is refused: Content-Length together with Transfer-Encoding, codings
// but plain chunked, several or missing Host fields, folded header lines.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "net/http.h"
#include "net/router.h"

namespace propolis::net {

struct Listen {
  // "127.0.0.1:8080", "[::]:8443", "localhost:0", or "fd:3" for a socket that was handed over (systemd activation).
  std::string where;
  bool tls = false;
};

struct ServerOptions {
  std::vector<Listen> listen;
  std::filesystem::path certificate;  // PEM chain; needed when a listener has tls
  std::filesystem::path private_key;  // PEM
  std::filesystem::path spool;        // for BodyMode::kSpool; created (mode 0700), leftovers of an earlier run removed

  unsigned io_threads = 0;  // 0: max(1, cores / 2)
  unsigned read_threads = 4;
  unsigned write_threads = 4;
  unsigned slow_threads = 2;
  std::size_t queue = 256;  // waiting requests for each pool

  std::size_t max_connections = 20'000;
  std::size_t max_per_peer = 256;  // from one address; trusted proxies are exempt
  std::size_t max_header = 16U << 10;
  std::size_t max_target = 8U << 10;
  std::int64_t max_body_memory_per_peer = 64LL << 20;  // of bodies in memory, of the 256 MiB for all; 503 beyond

  std::chrono::milliseconds header_timeout{
      10'000};  // from the first byte (or the connection) to the end of the head, TLS too
  std::chrono::milliseconds body_timeout{20'000};   // between two pieces of the body
  std::int64_t slowest_body = 8LL << 10;            // bytes a second, from the end of body_timeout on
  std::chrono::milliseconds idle_timeout{75'000};   // between two requests
  std::chrono::milliseconds write_timeout{30'000};  // without any progress
  std::chrono::milliseconds keep_awake{15'000};     // comment on idle event streams
  std::chrono::milliseconds sweep{1'000};           // granularity of all of the above

  std::vector<std::string> trusted_proxies;  // "10.0.0.0/8", "::1": X-Forwarded-For and -Proto count only from these
  ErrorFormatter errors;                     // empty: plain text
  // Asked, on a pool's thread, before a body that goes into a file is read: an answer refuses it unread. Empty: all
  // may.
  std::function<std::optional<Response>(Request&)> admit;
  metrics::Registry* metrics = nullptr;  // borrowed; may be null
};

class Server {
 public:
  // Binds, then serves until Stop(). Fails with kUnavailable "net.listen_failed" (where, why) or kInvalid
  // "net.tls_files" (why), "net.bad_address" (where).
  static Result<std::unique_ptr<Server>> Start(ServerOptions options, Router router);
  ~Server();  // Stop() without grace
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Accepts no more, closes idle connections, lets requests in hand finish within `grace`, ends event streams with a
  // retry hint. Blocks until every thread has ended. Call from any thread that is not the server's, once or more.
  void Stop(std::chrono::milliseconds grace);
  // Reads the certificate and key again (SIGHUP); new connections use them. On failure the old ones stay.
  Status ReloadCertificate();
  // The port of each listener, in order.
  // Makes every thread that waits for a socket look up for a moment. From any thread, until Stop().
  void Wake();
  [[nodiscard]] std::vector<std::uint16_t> Ports() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace propolis::net
