#include "net/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/number.h"
#include "base/text.h"

namespace propolis::net {
namespace {

constexpr int kFirstHandedSocket = 3;  // SD_LISTEN_FDS_START

std::optional<int> NumberIn(const char* variable) {
  const char* text = std::getenv(variable);
  return text == nullptr ? std::nullopt : text::ParseNumber<int>(text);
}

sigset_t SetOf(const std::vector<int>& signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) {
    sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

std::vector<HandedSocket> TakeHandedSockets() {
  std::vector<HandedSocket> sockets;
  const auto pid = NumberIn("LISTEN_PID");
  const auto count = NumberIn("LISTEN_FDS");
  if (pid == ::getpid() && count && *count > 0 && *count < 1000) {
    const char* names = std::getenv("LISTEN_FDNAMES");
    const std::string all = names == nullptr ? "" : names;
    const auto parts = text::Split(all, ':');
    for (int i = 0; i < *count; ++i) {
      const int fd = kFirstHandedSocket + i;
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
      const auto index = static_cast<std::size_t>(i);
      sockets.push_back({fd, index < parts.size() ? std::string(parts[index]) : std::string()});
    }
  }
  ::unsetenv("LISTEN_PID");
  ::unsetenv("LISTEN_FDS");
  ::unsetenv("LISTEN_FDNAMES");
  return sockets;
}

bool NotifySupervisor(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (path == nullptr || (path[0] != '/' && path[0] != '@') || std::strlen(path) >= sizeof address.sun_path) {
    return false;
  }
  address.sun_family = AF_UNIX;
  const auto size = std::strlen(path);
  std::memcpy(address.sun_path, path, size);
  if (path[0] == '@') {
    address.sun_path[0] = '\0';  // the abstract namespace
  }
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return false;
  }
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
  const auto sent =
      ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length);
  ::close(fd);
  return sent == static_cast<ssize_t>(state.size());
}

bool NotifyReloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto micros = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
  return NotifySupervisor(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", micros));
}

Signals::Signals(std::initializer_list<int> signals) : signals_(signals) {
  const auto set = SetOf(signals_);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int Signals::Wait() {
  const auto set = SetOf(signals_);
  int signal = 0;
  while (::sigwait(&set, &signal) != 0) {
  }
  return signal;
}

}  // namespace propolis::net
