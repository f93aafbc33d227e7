#include "net/line_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <list>
#include <optional>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"
#include "livepatch/runtime/scope.h"
#include "net/address.h"
#include "net/dot_reader.h"

namespace propolis::net {
namespace {

using Millis = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

// Owns a descriptor.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { Close(); }
  void Close() {
    if (fd_ >= 0) {
      ::close(std::exchange(fd_, -1));
    }
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// Set once; wakes everyone who polls its descriptor.
class StopFlag {
 public:
  StopFlag() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  void Set() {
    set_ = true;
    const std::uint64_t one = 1;
    (void)!::write(fd_.get(), &one, sizeof one);
  }
  [[nodiscard]] bool IsSet() const { return set_; }
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  Fd fd_;
  std::atomic<bool> set_{false};
};

enum class Wake { kReady, kStop, kTimeout };

// Waits for `events` on `fd`, for the flag, or for the time. A set flag wins only when `stoppable`.
Wake WaitFor(int fd, short events, const StopFlag& stop, bool stoppable, SteadyTime until) {
  while (true) {
    const auto left = std::chrono::ceil<Millis>(until - std::chrono::steady_clock::now()).count();
    if (left <= 0) {
      return Wake::kTimeout;
    }
    std::array<pollfd, 2> fds = {pollfd{fd, events, 0}, pollfd{stop.fd(), POLLIN, 0}};
    const int ready = ::poll(fds.data(), stoppable ? 2 : 1, static_cast<int>(std::min<std::int64_t>(left, 1 << 30)));
    if (ready < 0 && errno != EINTR) {
      return Wake::kTimeout;
    }
    if (ready > 0) {
      return stoppable && fds[1].revents != 0 ? Wake::kStop : Wake::kReady;
    }
  }
}

// A connection's socket: buffered reading of lines and data, gathered writing.
class Wire {
 public:
  Wire(Fd fd, const LineServerOptions& options, const StopFlag& stop, const StopFlag& abort)
      : fd_(std::move(fd)), options_(options), stop_(stop), abort_(abort) {}

  enum class Input { kOk, kClosed, kTimeout, kStop, kMalformed };

  // The next line without its CRLF. Replies gathered so far go out before the wait.
  Input Line(std::string& line) {
    const auto until = std::chrono::steady_clock::now() + options_.line_timeout;
    while (true) {
      const auto newline = in_.find('\n', scanned_);
      if (newline != std::string::npos) {
        if (newline == 0 || in_[newline - 1] != '\r') {
          return Input::kMalformed;
        }
        line.assign(in_, 0, newline - 1);
        in_.erase(0, newline + 1);
        scanned_ = 0;
        const bool clean =
            line.size() <= options_.max_line && line.find_first_of(std::string_view("\r\0", 2)) == std::string::npos;
        return clean ? Input::kOk : Input::kMalformed;
      }
      scanned_ = in_.size();
      if (in_.size() > options_.max_line + 2) {
        return Input::kMalformed;
      }
      if (const auto input = Fill(until, /*stoppable=*/in_.empty()); input != Input::kOk) {
        return input;
      }
    }
  }

  // The bytes that are here, at least one.
  Input Data(std::string& bytes) {
    if (in_.empty()) {
      const auto input = Fill(std::chrono::steady_clock::now() + options_.data_timeout, /*stoppable=*/false);
      if (input != Input::kOk) {
        return input;
      }
    }
    bytes = std::exchange(in_, {});
    scanned_ = 0;
    return Input::kOk;
  }
  // What came after the end of the data.
  void GiveBack(std::string_view rest) { in_.insert(0, rest); }

  void Say(std::string_view text) { out_.append(text); }
  // Blocks until everything is out; false when the peer is gone or does not read.
  bool Flush() {
    std::string_view rest = out_;
    const auto until = std::chrono::steady_clock::now() + options_.write_timeout;
    while (!rest.empty()) {
      const auto sent = ::send(fd_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) {
        rest.remove_prefix(static_cast<std::size_t>(sent));
      } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        if (WaitFor(fd_.get(), POLLOUT, abort_, true, until) != Wake::kReady) {
          return false;
        }
      } else if (errno != EINTR) {
        return false;
      }
    }
    out_.clear();
    return true;
  }
  // Sends what is left, then reads a little on, so that the last reply is not overtaken by a reset.
  void Close() {
    if (Flush()) {
      ::shutdown(fd_.get(), SHUT_WR);
      std::array<char, 4096> rest;
      const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
      for (int i = 0; i < 64 && WaitFor(fd_.get(), POLLIN, stop_, true, until) == Wake::kReady; ++i) {
        if (::recv(fd_.get(), rest.data(), rest.size(), MSG_DONTWAIT) <= 0) {
          break;
        }
      }
    }
    fd_.Close();
  }

 private:
  Input Fill(SteadyTime until, bool stoppable) {
    if (!Flush()) {
      return Input::kClosed;
    }
    while (true) {
      const auto wake = WaitFor(fd_.get(), POLLIN, stoppable ? stop_ : abort_, true, until);
      if (wake != Wake::kReady) {
        return wake == Wake::kStop ? Input::kStop : Input::kTimeout;
      }
      const auto at = in_.size();
      in_.resize(at + kPiece);
      const auto got = ::recv(fd_.get(), in_.data() + at, kPiece, MSG_DONTWAIT);
      in_.resize(at + (got > 0 ? static_cast<std::size_t>(got) : 0));
      if (got > 0) {
        return Input::kOk;
      }
      if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        return Input::kClosed;
      }
    }
  }

  static constexpr std::size_t kPiece = 64U << 10;

  Fd fd_;
  const LineServerOptions& options_;
  const StopFlag& stop_;
  const StopFlag& abort_;
  std::string in_;
  std::size_t scanned_ = 0;
  std::string out_;
};

// Drives one session from greeting to end.
class Conversation {
 public:
  Conversation(Wire& wire, LineSession& session, const LineServerOptions& options)
      : wire_(wire), session_(session), options_(options) {}

  void Run(const LinePeer& peer) {
    auto next = Obey(session_.OnConnect(peer));
    std::string line;
    while (next != LineReply::Next::kClose) {
      if (next == LineReply::Next::kData) {
        const auto after = Data();
        if (!after) {
          return;
        }
        next = *after;
        continue;
      }
      const auto input = wire_.Line(line);
      if (input != Wire::Input::kOk) {
        Complain(input);
        return;
      }
      next = Obey(session_.OnLine(line));
    }
  }

 private:
  LineReply::Next Obey(const LineReply& reply) {
    wire_.Say(reply.text);
    return reply.next;
  }

  void Complain(Wire::Input input) {
    if (input == Wire::Input::kStop) {
      wire_.Say(options_.stop_reply);
    } else if (input == Wire::Input::kTimeout) {
      wire_.Say(options_.timeout_reply);
    } else if (input == Wire::Input::kMalformed) {
      wire_.Say(options_.syntax_reply);
    }
  }

  // nullopt: the connection is over.
  std::optional<LineReply::Next> Data() {
    DotReader reader;
    DataEnd end;
    bool wanted = true;
    std::string raw;
    std::string piece;
    while (!reader.done()) {
      const auto input = wire_.Data(raw);
      if (input != Wire::Input::kOk) {
        Complain(input);
        return std::nullopt;
      }
      piece.clear();
      const auto used = reader.Feed(raw, piece);
      wire_.GiveBack(std::string_view(raw).substr(used));
      end.size += piece.size();
      end.too_large = end.size > options_.max_data;
      wanted = wanted && !end.too_large;
      if (wanted && !piece.empty()) {
        wanted = session_.OnData(piece);
      }
    }
    end.bare_newline = reader.bare_newline();
    return Obey(session_.OnDataEnd(end));
  }

  Wire& wire_;
  LineSession& session_;
  const LineServerOptions& options_;
};

std::unexpected<Error> ListenFailed(const std::string& where, std::string why) {
  return Fail(Code::kUnavailable, "net.listen_failed", {{"where", where}, {"why", std::move(why)}});
}

Result<Fd> ListenUnix(const std::string& path, const std::string& where) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) {
    return ListenFailed(where, "path too long");
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // A socket file nobody listens on is a leftover.
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return ListenFailed(where, "in use");
  }
  ::unlink(path.c_str());
  fd = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return ListenFailed(where, std::strerror(errno));
  }
  return fd;
}

Result<Fd> ListenTcp(const ListenAddress& address, const std::string& where) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const auto port = std::to_string(address.port);
  if (const int error = ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return ListenFailed(where, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  Fd fd(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd.get(), found->ai_addr, found->ai_addrlen) != 0) {
    return ListenFailed(where, std::strerror(errno));
  }
  return fd;
}

LinePeer PeerOf(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return {text.data(), ntohs(v4.sin_port)};
  }
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(v6.sin6_port)};
  }
  return {"unix", 0};
}

}  // namespace

struct LineServer::Impl {
  Impl(LineServerOptions server_options, LineSessionFactory session_factory)
      : options(std::move(server_options)),
        factory(std::move(session_factory)),
        registry(options.metrics != nullptr ? *options.metrics : own_metrics),
        open(registry.GetGauge("propolis_line_connections", "Open connections", {{"server", options.name}})),
        accepted(registry.GetCounter("propolis_line_connections_total", "Connections", {{"server", options.name}})),
        refused(registry.GetCounter("propolis_line_refused_total", "Connections over the limit",
                                    {{"server", options.name}})) {}

  Status Listen();
  void AcceptLoop();
  void Welcome(Fd fd, const LinePeer& peer) PROPOLIS_EXCLUDES(mutex);
  void Serve(Fd fd, const LinePeer& peer);
  void Reap() PROPOLIS_EXCLUDES(mutex);

  LineServerOptions options;
  LineSessionFactory factory;
  metrics::Registry own_metrics;
  metrics::Registry& registry;
  metrics::Gauge& open;
  metrics::Counter& accepted;
  metrics::Counter& refused;

  Fd listener;
  std::uint16_t port = 0;
  std::string unix_path;
  StopFlag stop;   // no new sessions, idle ones end
  StopFlag abort;  // everything ends
  std::thread acceptor;

  struct Worker {
    std::thread thread;
    bool done = false;
  };
  Mutex mutex;
  CondVar ended;
  std::list<Worker> workers PROPOLIS_GUARDED_BY(mutex);
  std::size_t running PROPOLIS_GUARDED_BY(mutex) = 0;
  bool stopped PROPOLIS_GUARDED_BY(mutex) = false;
};

Status LineServer::Impl::Listen() {
  const auto address = ParseListenAddress(options.listen);
  if (!address) {
    return Fail(Code::kInvalid, "net.bad_address", {{"where", options.listen}});
  }
  if (address->fd) {
    listener = Fd(::dup(*address->fd));
  } else if (!address->unix_path.empty()) {
    listener = TRY(ListenUnix(address->unix_path, options.listen));
    unix_path = address->unix_path;
  } else {
    listener = TRY(ListenTcp(*address, options.listen));
  }
  if (::listen(listener.get(), 128) != 0) {
    return ListenFailed(options.listen, std::strerror(errno));
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  port = PeerOf(bound).port;
  return {};
}

void LineServer::Impl::AcceptLoop() {
  const livepatch::ThreadScope thread(options.name.c_str());
  while (true) {
    const auto wake = [this] {
      const livepatch::IdleScope idle;
      return WaitFor(listener.get(), POLLIN, stop, true, std::chrono::steady_clock::now() + std::chrono::hours(1));
    }();
    if (wake == Wake::kStop) {
      return;
    }
    Reap();
    if (wake == Wake::kTimeout) {
      continue;
    }
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    Fd fd(::accept4(listener.get(), reinterpret_cast<sockaddr*>(&address), &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd.get() < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
        log::Warning("line.accept_failed", {{"server", options.name}, {"why", std::strerror(errno)}});
        std::this_thread::sleep_for(Millis(100));
      }
      continue;
    }
    Welcome(std::move(fd), PeerOf(address));
  }
}

void LineServer::Impl::Welcome(Fd fd, const LinePeer& peer) {
  MutexLock lock(mutex);
  if (running >= options.max_connections) {
    refused.Add();
    (void)::send(fd.get(), options.busy_reply.data(), options.busy_reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return;
  }
  accepted.Add();
  open.Add(1);
  ++running;
  auto& worker = workers.emplace_back();
  worker.thread = std::thread([this, &worker, peer, own = std::move(fd)]() mutable {
    pthread_setname_np(pthread_self(), options.name.substr(0, 15).c_str());
    const livepatch::ThreadScope thread(options.name.c_str());
    Serve(std::move(own), peer);
    open.Add(-1);
    MutexLock done_lock(mutex);
    worker.done = true;
    --running;
    ended.NotifyAll();
  });
}

void LineServer::Impl::Serve(Fd fd, const LinePeer& peer) {
  std::unique_ptr<LineSession> session;
  Wire wire(std::move(fd), options, stop, abort);
  const livepatch::RequestScope request("session");
  try {
    session = factory();
    Conversation(wire, *session, options).Run(peer);
  } catch (const std::exception& error) {
    log::Error("line.session_threw", {{"server", options.name}, {"what", error.what()}});
    wire.Say(options.stop_reply);
  }
  wire.Close();
  if (session) {
    session->OnClose();
  }
}

void LineServer::Impl::Reap() {
  std::list<Worker> finished;
  {
    MutexLock lock(mutex);
    for (auto it = workers.begin(); it != workers.end();) {
      const auto next = std::next(it);
      if (it->done) {
        finished.splice(finished.end(), workers, it);
      }
      it = next;
    }
  }
  for (auto& worker : finished) {
    worker.thread.join();
  }
}

Result<std::unique_ptr<LineServer>> LineServer::Start(LineServerOptions options, LineSessionFactory factory) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(factory));
  TRY(impl->Listen());
  auto* raw = impl.get();
  raw->acceptor = std::thread([raw] { raw->AcceptLoop(); });
  return std::unique_ptr<LineServer>(new LineServer(std::move(impl)));
}

LineServer::LineServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LineServer::~LineServer() { Stop(std::chrono::milliseconds(0)); }

void LineServer::Stop(std::chrono::milliseconds grace) {
  {
    MutexLock lock(impl_->mutex);
    if (std::exchange(impl_->stopped, true)) {
      return;
    }
  }
  impl_->stop.Set();
  impl_->acceptor.join();
  impl_->listener.Close();
  if (!impl_->unix_path.empty()) {
    ::unlink(impl_->unix_path.c_str());
  }
  {
    const auto give_up = std::chrono::steady_clock::now() + grace;
    MutexLock lock(impl_->mutex);
    while (impl_->running > 0 && std::chrono::steady_clock::now() < give_up) {
      impl_->ended.WaitFor(impl_->mutex, give_up - std::chrono::steady_clock::now());
    }
  }
  impl_->abort.Set();
  {
    MutexLock lock(impl_->mutex);
    while (impl_->running > 0) {
      impl_->ended.Wait(impl_->mutex);
    }
  }
  impl_->Reap();
}

std::uint16_t LineServer::Port() const { return impl_->port; }

}  // namespace propolis::net
