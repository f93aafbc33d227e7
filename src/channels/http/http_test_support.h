// A real HTTP server for tests of what the desk calls: answers each connection with the next of its answers and keeps
// what was asked.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"

namespace propolis::http::testing {

inline std::string Answer(const std::string& status, const std::string& more = "", const std::string& body = "") {
  return "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

class OneByOneServer {
 public:
  explicit OneByOneServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(fd_, 8) != 0 ||
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  OneByOneServer(const OneByOneServer&) = delete;
  OneByOneServer& operator=(const OneByOneServer&) = delete;
  ~OneByOneServer() { Stop(); }

  [[nodiscard]] std::string Url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  // Ends the server; then what was asked, whole.
  const std::vector<std::string>& Stop() {
    if (thread_.joinable()) {
      ::shutdown(fd_, SHUT_RDWR);
      thread_.join();
      ::close(fd_);
    }
    return requests_;
  }

 private:
  void Serve() {
    for (const std::string& answer : answers_) {
      const int peer = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) {
        return;
      }
      requests_.push_back(Read(peer));
      std::string_view left = answer;
      while (!left.empty()) {
        const auto sent = ::send(peer, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
          break;
        }
        left.remove_prefix(static_cast<std::size_t>(sent));
      }
      ::close(peer);
    }
  }

  // The head, and as much of a body as it promises.
  static std::string Read(int peer) {
    std::string all;
    std::size_t wanted = std::string::npos;
    while (all.size() < wanted) {
      char buffer[4096];
      const auto got = ::recv(peer, buffer, sizeof buffer, 0);
      if (got <= 0) {
        break;
      }
      all.append(buffer, static_cast<std::size_t>(got));
      if (const auto end = all.find("\r\n\r\n"); end != std::string::npos && wanted == std::string::npos) {
        const std::string head = text::AsciiLower(all.substr(0, end));
        const auto at = head.find("content-length: ");
        std::size_t length = 0;
        if (at != std::string::npos) {
          std::from_chars(head.data() + at + 16, head.data() + head.size(), length);
        }
        wanted = end + 4 + length;
      }
    }
    return all;
  }

  std::vector<std::string> answers_;
  std::vector<std::string> requests_;
  int fd_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace propolis::http::testing
