#include "livepatch/engine/client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace propolis::livepatch {
namespace {

constexpr std::uint64_t kMaxAnswer = 1 << 20;

class Socket {
 public:
  explicit Socket(int file) : file_(file) {}
  ~Socket() {
    if (file_ >= 0) {
      close(file_);
    }
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int file() const { return file_; }

  bool Send(const void* bytes, std::size_t size) const {
    for (const char* at = static_cast<const char*>(bytes); size > 0;) {
      const ssize_t put = send(file_, at, size, MSG_NOSIGNAL);
      if (put < 0 && errno == EINTR) {
        continue;
      }
      if (put <= 0) {
        return false;
      }
      at += put;
      size -= static_cast<std::size_t>(put);
    }
    return true;
  }

  bool Receive(void* bytes, std::size_t size) const {
    for (char* at = static_cast<char*>(bytes); size > 0;) {
      const ssize_t got = recv(file_, at, size, 0);
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got <= 0) {
        return false;
      }
      at += got;
      size -= static_cast<std::size_t>(got);
    }
    return true;
  }

 private:
  int file_;
};

std::unexpected<Error> NoAgent(const std::string& folder) {
  return Fail(Code::kUnavailable, "livepatch.no_agent", {{"folder", folder}});
}

}  // namespace

Result<AgentAnswer> Ask(const std::string& folder, Verb verb, std::string_view payload, int patience_ms) {
  const Socket agent(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = folder + "/" + kSocketName;
  if (path.size() >= sizeof address.sun_path) {
    return NoAgent(folder);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const timeval patience = {.tv_sec = patience_ms / 1000, .tv_usec = patience_ms % 1000 * 1000};
  setsockopt(agent.file(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(agent.file(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return NoAgent(folder);
  }
  const RequestHeader request = {kProtocolMagic, verb, payload.size()};
  // A refusal may come before everything is sent: the answer counts.
  if (agent.Send(&request, sizeof request)) {
    agent.Send(payload.data(), payload.size());
  }
  AnswerHeader header = {};
  AgentAnswer answer;
  if (!agent.Receive(&header, sizeof header) || header.magic != kProtocolMagic || header.size > kMaxAnswer) {
    return Fail(Code::kTimeout, "livepatch.no_answer");
  }
  answer.outcome = header.outcome;
  answer.json.resize(header.size);
  if (!agent.Receive(answer.json.data(), answer.json.size())) {
    return Fail(Code::kTimeout, "livepatch.no_answer");
  }
  return answer;
}

}  // namespace propolis::livepatch
