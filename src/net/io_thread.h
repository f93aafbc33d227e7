// Inside the server: what all threads share, one I/O thread, and what it knows of a connection. Asio starts here.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <memory>
#include <string>
#include <unordered_map>

#include "net/peers.h"
#include "net/server.h"
#include "net/worker_pool.h"

namespace propolis::net {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using SteadyTime = std::chrono::steady_clock::time_point;

// In-memory bodies of all requests together may hold this much; beyond it, 503.
inline constexpr std::int64_t kMaxBodyMemory = 256LL << 20;

struct RouteStats {
  std::array<metrics::Counter*, 6> by_class{};  // 1xx to 5xx at 1 to 5
  metrics::Histogram* seconds = nullptr;
};

struct Shared {
  Shared(ServerOptions server_options, Router server_router, ProxyTrust trust);

  ServerOptions options;
  Router router;
  ProxyTrust proxies;
  ConnectionCounter connections;
  std::atomic<std::int64_t> body_memory{0};
  std::string id_prefix;

  metrics::Registry own_metrics;  // when the caller gave none
  metrics::Registry& registry;
  std::unordered_map<const Route*, RouteStats> routes;
  RouteStats no_route;
  metrics::Gauge& streams;
  metrics::Counter& refused_connections;
  metrics::Counter& refused_requests;

  WorkerPool read;
  WorkerPool write;
  WorkerPool slow;
  WorkerPool files;  // reads and writes of spooled and served files

  Mutex tls_mutex;
  std::shared_ptr<asio::ssl::context> tls PROPOLIS_GUARDED_BY(tls_mutex);

  WorkerPool& PoolOf(Pool pool);
  RouteStats& StatsOf(const Route* route);
  std::shared_ptr<asio::ssl::context> Tls() PROPOLIS_EXCLUDES(tls_mutex);
};

// One open connection, in the list of its I/O thread; every call comes from that thread.
class Connection : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual ~Connection() = default;
  // Now and then: look at the deadlines.
  virtual void Sweep(SteadyTime now) = 0;
  // The server stops: finish what is begun.
  virtual void StopSoon() = 0;
  // Close at once.
  virtual void Abort() = 0;
};

class IoThread {
 public:
  explicit IoThread(Shared& server_shared);

  Shared& shared;
  asio::io_context context{1};
  bool stopping = false;

  // Coarse time: refreshed by every sweep and every request.
  SteadyTime now;
  // The Date field, good for this second.
  std::string date;

  void Add(Connection& connection) { connections_.push_back(connection); }
  [[nodiscard]] bool Idle() const { return connections_.empty(); }
  std::string NextRequestId();
  void StartSweeping();
  void StopSoon();
  void AbortAll();

 private:
  void Sweep();

  using List = boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;
  List connections_;
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> timer_;
  std::uint64_t next_id_ = 0;
  std::string id_prefix_;
};

// Takes over an accepted socket: serves it until it ends.
void ServePlain(IoThread& thread, Socket socket, IpAddress peer, std::uint16_t port, ConnectionCounter::Ticket ticket);
void ServeTls(IoThread& thread, std::shared_ptr<asio::ssl::context> tls, Socket socket, IpAddress peer,
              std::uint16_t port, ConnectionCounter::Ticket ticket);

}  // namespace propolis::net
