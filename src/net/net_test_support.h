// A raw TCP client for tests: sends exactly the bytes it is told, reads with a time limit.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace propolis::net::testing {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_), pending_(std::move(other.pending_)) {}
  RawClient& operator=(RawClient&&) = delete;
  ~RawClient() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int fd() const { return fd_; }

  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void HalfClose() { ::shutdown(fd_, SHUT_WR); }

  // One read. Empty: the end, an error, or nothing within the limit (then timed_out()).
  std::string Some(std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    if (!pending_.empty()) {
      return std::exchange(pending_, {});
    }
    pollfd poll_fd{fd_, POLLIN, 0};
    timed_out_ = ::poll(&poll_fd, 1, static_cast<int>(limit.count())) == 0;
    if (timed_out_) {
      return {};
    }
    std::string buffer(64 * 1024, '\0');
    const auto got = ::recv(fd_, buffer.data(), buffer.size(), 0);
    buffer.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return buffer;
  }
  [[nodiscard]] bool timed_out() const { return timed_out_; }

  // Up to and with `mark`; what came is returned anyway when the connection ends first.
  std::string Until(std::string_view mark, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    std::string all;
    while (true) {
      if (const auto at = all.find(mark); at != std::string::npos) {
        pending_ = all.substr(at + mark.size());
        all.resize(at + mark.size());
        return all;
      }
      const auto more = Some(limit);
      if (more.empty()) {
        return all;
      }
      all += more;
    }
  }
  std::string UntilClosed(std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    std::string all;
    for (auto more = Some(limit); !more.empty(); more = Some(limit)) {
      all += more;
    }
    return all;
  }

  struct Reply {
    int status = 0;  // 0: none came
    std::string head;
    std::string body;
    [[nodiscard]] std::string Header(std::string_view name) const {
      const auto at = head.find("\r\n" + std::string(name) + ": ");
      if (at == std::string::npos) {
        return {};
      }
      const auto begin = at + name.size() + 4;
      return head.substr(begin, head.find("\r\n", begin) - begin);
    }
  };
  // One response by its Content-Length.
  Reply Read(bool head_only = false) {
    Reply reply;
    reply.head = Until("\r\n\r\n");
    if (reply.head.size() < 12) {
      return reply;
    }
    reply.status = std::stoi(reply.head.substr(9, 3));
    const auto length = reply.Header("Content-Length");
    const auto want = head_only || length.empty() ? 0 : std::stoul(length);
    while (reply.body.size() < want) {
      const auto more = Some();
      if (more.empty()) {
        break;
      }
      reply.body += more;
    }
    if (reply.body.size() > want) {
      pending_ = reply.body.substr(want);
      reply.body.resize(want);
    }
    return reply;
  }
  Reply Ask(std::string_view request) {
    Send(request);
    return Read();
  }

 private:
  int fd_;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string pending_;
};

}  // namespace propolis::net::testing
