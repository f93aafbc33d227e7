#include "net/io_thread.h"

#include <fmt/format.h>

#include "base/crypto.h"

namespace propolis::net {
namespace {

RouteStats MakeStats(metrics::Registry& registry, const std::string& route) {
  RouteStats stats;
  for (std::size_t i = 1; i < stats.by_class.size(); ++i) {
    stats.by_class[i] = &registry.GetCounter("propolis_http_requests_total", "Requests answered, by route and class",
                                             {{"route", route}, {"status", fmt::format("{}xx", i)}});
  }
  stats.seconds = &registry.GetHistogram("propolis_http_request_seconds", "From the end of the request to its answer",
                                         {{"route", route}});
  return stats;
}

}  // namespace

Shared::Shared(ServerOptions server_options, Router server_router, ProxyTrust trust)
    : options(std::move(server_options)),
      router(std::move(server_router)),
      proxies(std::move(trust)),
      connections(options.max_connections, options.max_per_peer),
      id_prefix(crypto::Hex(crypto::Sha256(crypto::RandomBytes(16))).substr(0, 10)),
      registry(options.metrics != nullptr ? *options.metrics : own_metrics),
      no_route(MakeStats(registry, "")),
      streams(registry.GetGauge("propolis_http_streams", "Open event streams")),
      refused_connections(registry.GetCounter("propolis_http_refused_connections_total",
                                              "Connections over the limit, in all or from one peer")),
      refused_requests(
          registry.GetCounter("propolis_http_refused_requests_total", "Requests answered 503 because a pool was full")),
      read("http-read", options.read_threads, options.queue),
      write("http-write", options.write_threads, options.queue),
      slow("http-slow", options.slow_threads, options.queue),
      files("http-files", 2, options.max_connections) {
  for (const auto& route : router.routes()) {
    routes.emplace(route.get(), MakeStats(registry, fmt::format("{} {}", NameOf(route->method), route->pattern)));
  }
}

WorkerPool& Shared::PoolOf(Pool pool) {
  switch (pool) {
    case Pool::kWrite:
      return write;
    case Pool::kSlow:
      return slow;
    case Pool::kInline:
    case Pool::kRead:
      break;
  }
  return read;
}

RouteStats& Shared::StatsOf(const Route* route) {
  const auto found = routes.find(route);
  return found == routes.end() ? no_route : found->second;
}

std::shared_ptr<asio::ssl::context> Shared::Tls() {
  MutexLock lock(tls_mutex);
  return tls;
}

IoThread::IoThread(Shared& server_shared)
    : shared(server_shared), now(std::chrono::steady_clock::now()), timer_(context) {
  static std::atomic<unsigned> number{0};
  id_prefix_ = fmt::format("{}{:x}", shared.id_prefix, number.fetch_add(1) % 16);
  date = HttpDate(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::string IoThread::NextRequestId() { return fmt::format("{}-{:x}", id_prefix_, ++next_id_); }

void IoThread::StartSweeping() {
  timer_.expires_after(std::min<std::chrono::milliseconds>(shared.options.sweep, std::chrono::seconds(1)));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) {
      Sweep();
      StartSweeping();
    }
  });
}

void IoThread::Sweep() {
  now = std::chrono::steady_clock::now();
  date = HttpDate(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  for (auto it = connections_.begin(); it != connections_.end();) {
    (it++)->Sweep(now);
  }
}

void IoThread::StopSoon() {
  stopping = true;
  for (auto it = connections_.begin(); it != connections_.end();) {
    (it++)->StopSoon();
  }
}

void IoThread::AbortAll() {
  for (auto it = connections_.begin(); it != connections_.end();) {
    (it++)->Abort();
  }
}

}  // namespace propolis::net
