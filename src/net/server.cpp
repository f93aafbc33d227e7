#include "net/server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "base/crypto.h"
#include "base/log.h"
#include "livepatch/runtime/scope.h"
#include "net/address.h"
#include "net/io_thread.h"
#include "net/tls.h"

namespace propolis::net {
namespace {

using tcp = asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr int kBacklog = 4096;

std::unexpected<Error> ListenFailed(const std::string& where, std::string why) {
  return Fail(Code::kUnavailable, "net.listen_failed", {{"where", where}, {"why", std::move(why)}});
}

IpAddress ToIpAddress(const asio::ip::address& address) {
  IpAddress ip;
  if (address.is_v4()) {
    ip.bytes = asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes();
  } else {
    ip.bytes = address.to_v6().to_bytes();
  }
  return ip;
}

// Accepts for one I/O thread on one listener.
class Door : public std::enable_shared_from_this<Door> {
 public:
  Door(IoThread& thread, Acceptor acceptor, bool tls)
      : thread_(thread), acceptor_(std::move(acceptor)), tls_(tls), pause_(thread.context) {}

  void Accept() {
    acceptor_.async_accept([self = shared_from_this()](const boost::system::error_code& error, Socket socket) {
      if (!error) {
        // Also when the door was closed meanwhile: whom we accepted, no other server will answer.
        self->Welcome(std::move(socket));
        if (self->acceptor_.is_open()) {
          self->Accept();
        }
        return;
      }
      if (error == asio::error::operation_aborted || !self->acceptor_.is_open()) {
        return;
      }
      // Out of descriptors or memory: look again in a while instead of spinning.
      log::Warning("http.accept_failed", {{"why", error.message()}});
      self->pause_.expires_after(std::chrono::milliseconds(100));
      self->pause_.async_wait([self](const boost::system::error_code& stopped) {
        if (!stopped) {
          self->Accept();
        }
      });
    });
  }

  // Takes what the kernel has already accepted for us, so that it is not reset, then closes. A socket that the
  // supervisor owns is left alone: what waits there is for the next server.
  void Close(bool drain) {
    boost::system::error_code error;
    pause_.cancel();
    acceptor_.cancel(error);
    if (drain) {
      acceptor_.non_blocking(true, error);
      for (int i = 0; i < kBacklog && !error; ++i) {
        Socket socket(thread_.context);
        acceptor_.accept(socket, error);
        if (!error) {
          Welcome(std::move(socket));
        }
      }
    }
    acceptor_.close(error);
  }

 private:
  void Welcome(Socket socket) {
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) {
      return;
    }
    auto& shared = thread_.shared;
    const auto peer = ToIpAddress(remote.address());
    auto ticket = shared.connections.Enter(peer, shared.proxies.Trusts(peer));
    if (!ticket) {
      shared.refused_connections.Add();
      Dismiss(socket);
      return;
    }
    if (tls_) {
      ServeTls(thread_, shared.Tls(), std::move(socket), peer, remote.port(), *std::move(ticket));
    } else {
      ServePlain(thread_, std::move(socket), peer, remote.port(), *std::move(ticket));
    }
  }

  // One attempt to say why, never waiting.
  void Dismiss(Socket& socket) const {
    static constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    if (!tls_) {
      (void)::send(socket.native_handle(), kBusy.data(), kBusy.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }
  }

  IoThread& thread_;
  Acceptor acceptor_;
  bool tls_;
  asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor> pause_;
};

// A listening socket of our own. `endpoint` gets the port the kernel chose.
Result<Acceptor> Bind(asio::io_context& context, tcp::endpoint& endpoint, const std::string& where) {
  Acceptor acceptor(context);
  boost::system::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) {
    acceptor.set_option(asio::socket_base::reuse_address(true), error);
  }
  if (!error) {
    acceptor.set_option(ReusePort(true), error);
  }
  if (!error && endpoint.address().is_v6() && endpoint.address().is_unspecified()) {
    acceptor.set_option(asio::ip::v6_only(false), error);
  }
  if (!error) {
    acceptor.bind(endpoint, error);
  }
  if (!error) {
    acceptor.listen(kBacklog, error);
  }
  if (!error) {
    endpoint = acceptor.local_endpoint(error);
  }
  if (error) {
    return ListenFailed(where, error.message());
  }
  return acceptor;
}

// A socket that was handed over; every thread gets its own descriptor of it.
Result<Acceptor> Adopt(asio::io_context& context, int fd, tcp::endpoint& endpoint, const std::string& where) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  int listening = 0;
  socklen_t flag_size = sizeof listening;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      (address.ss_family != AF_INET && address.ss_family != AF_INET6) ||
      ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &flag_size) != 0 || listening == 0) {
    return ListenFailed(where, "not a listening TCP socket");
  }
  const int own = ::fcntl(fd, F_DUPFD_CLOEXEC, 3);
  Acceptor acceptor(context);
  boost::system::error_code error;
  acceptor.assign(address.ss_family == AF_INET ? tcp::v4() : tcp::v6(), own, error);
  if (error) {
    ::close(own);
    return ListenFailed(where, error.message());
  }
  endpoint = acceptor.local_endpoint(error);
  return acceptor;
}

Response PlainError(const ProtocolError& error, const Request&) {
  std::string text = fmt::format("{} {}\n", error.status, ReasonPhrase(error.status));
  return Response::Text(error.status, text);
}

// Bodies an earlier run left behind.
void CleanSpool(const std::filesystem::path& spool) {
  std::error_code error;
  std::filesystem::create_directories(spool, error);
  std::filesystem::permissions(spool, std::filesystem::perms::owner_all, error);
  for (const auto& entry : std::filesystem::directory_iterator(spool, error)) {
    if (entry.path().filename().string().starts_with("body-")) {
      std::filesystem::remove(entry.path(), error);
    }
  }
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, Router router, ProxyTrust trust)
      : shared(std::move(options), std::move(router), std::move(trust)) {}

  struct Thread {
    explicit Thread(Shared& shared) : io(shared), guard(io.context.get_executor()) {}
    IoThread io;
    asio::executor_work_guard<Executor> guard;
    std::vector<std::pair<std::shared_ptr<Door>, bool>> doors;  // with: drain when closing
    std::thread thread;
  };

  Status Open(const Listen& listen);
  void Run();
  void Stop(std::chrono::milliseconds grace);
  bool AllIdle();

  Shared shared;
  std::vector<std::unique_ptr<Thread>> threads;
  std::vector<std::uint16_t> ports;
  Mutex stop_mutex;
  bool stopped PROPOLIS_GUARDED_BY(stop_mutex) = false;
};

Status Server::Impl::Open(const Listen& listen) {
  const auto address = ParseListenAddress(listen.where);
  if (!address || !address->unix_path.empty()) {
    return Fail(Code::kInvalid, "net.bad_address", {{"where", listen.where}});
  }
  tcp::endpoint endpoint;
  if (!address->fd) {
    boost::system::error_code error;
    tcp::resolver resolver(threads.front()->io.context);
    const auto found = resolver.resolve(address->host, std::to_string(address->port), error);
    if (error || found.empty()) {
      return ListenFailed(listen.where, error.message());
    }
    endpoint = found.begin()->endpoint();
  }
  for (auto& thread : threads) {
    auto acceptor = TRY(address->fd ? Adopt(thread->io.context, *address->fd, endpoint, listen.where)
                                    : Bind(thread->io.context, endpoint, listen.where));
    thread->doors.emplace_back(std::make_shared<Door>(thread->io, std::move(acceptor), listen.tls),
                               !address->fd.has_value());
  }
  ports.push_back(endpoint.port());
  return {};
}

// Between two handlers the code may be switched.
void RunHandlers(asio::io_context& context) {
  if (!livepatch_active()) {
    context.run();
    return;
  }
  const livepatch::ThreadScope thread("http-io");
  while (context.run_one() > 0) {
    livepatch_safe_point();
  }
}

void Server::Impl::Run() {
  for (auto& thread : threads) {
    thread->io.StartSweeping();
    for (const auto& [door, drain] : thread->doors) {
      door->Accept();
    }
    thread->thread = std::thread([&io = thread->io] { RunHandlers(io.context); });
    pthread_setname_np(thread->thread.native_handle(), "http-io");
  }
}

bool Server::Impl::AllIdle() { return shared.connections.Open() == 0; }

void Server::Impl::Stop(std::chrono::milliseconds grace) {
  MutexLock lock(stop_mutex);
  if (std::exchange(stopped, true)) {
    return;
  }
  const auto give_up = std::chrono::steady_clock::now() + grace;
  std::atomic<std::size_t> closing = threads.size();
  for (auto& thread : threads) {
    asio::post(thread->io.context, [&thread = *thread, &closing] {
      for (const auto& [door, drain] : thread.doors) {
        door->Close(drain);
      }
      thread.io.StopSoon();
      asio::post(thread.io.context, [&closing] { --closing; });  // behind those who were accepted already
    });
  }
  while ((closing > 0 || !AllIdle()) && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (auto& thread : threads) {
    asio::post(thread->io.context, [&io = thread->io] { io.AbortAll(); });
  }
  // Handlers that still run are waited for: they hold references to what the caller is about to take down.
  shared.read.Stop();
  shared.write.Stop();
  shared.slow.Stop();
  shared.files.Stop();
  const auto unwound = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (!AllIdle() && std::chrono::steady_clock::now() < unwound) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  for (auto& thread : threads) {
    thread->io.context.stop();
    if (thread->thread.joinable()) {
      thread->thread.join();
    }
  }
}

void Server::Wake() {
  for (auto& thread : impl_->threads) {
    asio::post(thread->io.context, [] {});
  }
}

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options, Router router) {
  crypto::Start();
  auto trust = TRY(ProxyTrust::Parse(options.trusted_proxies));
  if (!options.errors) {
    options.errors = PlainError;
  }
  if (options.io_threads == 0) {
    options.io_threads = std::max(1U, std::thread::hardware_concurrency() / 2);
  }
  if (!options.spool.empty()) {
    CleanSpool(options.spool);
  }
  auto impl = std::make_unique<Impl>(std::move(options), std::move(router), std::move(trust));
  const auto& listen = impl->shared.options.listen;
  auto server = std::unique_ptr<Server>(new Server(std::move(impl)));
  if (std::any_of(listen.begin(), listen.end(), [](const Listen& one) { return one.tls; })) {
    TRY(server->ReloadCertificate());
  }
  for (unsigned i = 0; i < server->impl_->shared.options.io_threads; ++i) {
    server->impl_->threads.push_back(std::make_unique<Impl::Thread>(server->impl_->shared));
  }
  for (const auto& one : listen) {
    TRY(server->impl_->Open(one));
  }
  server->impl_->Run();
  return server;
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() { Stop(std::chrono::milliseconds(0)); }
void Server::Stop(std::chrono::milliseconds grace) { impl_->Stop(grace); }
std::vector<std::uint16_t> Server::Ports() const { return impl_->ports; }

Status Server::ReloadCertificate() {
  auto& shared = impl_->shared;
  auto fresh = TRY(LoadTls(shared.options.certificate, shared.options.private_key));
  MutexLock lock(shared.tls_mutex);
  shared.tls = std::move(fresh);
  return {};
}

}  // namespace propolis::net
