// A small server for line protocols in the manner of SMTP and LMTP (RFC 5321, RFC 2033): commands end with CRLF, a
// command may switch to data, data ends with CRLF "." CRLF and is dot-unstuffed (RFC 5321 section 4.5.2).
//
// One thread a connection, at most `max_connections` of them; calls of one session never overlap and come from one
// thread, and may block. Pipelined commands (RFC 2920) are answered in order and replies are gathered until the peer
// must wait.
//
// Strict about line ends: only CRLF ends a command or a line of data and only CRLF "." CRLF ends the data, so that no
// message can be smuggled inside another one; a bare CR or LF in a command ends the session, in data it is passed on
// and LineSession::OnDataEnd is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"

namespace propolis::net {

struct LinePeer {
  std::string address;  // "192.0.2.7", "2001:db8::1", or "unix"
  std::uint16_t port = 0;
};

// What to send and what to expect next. `text` is sent as it is: zero or more complete lines, each with its CRLF.
struct LineReply {
  enum class Next { kLine, kData, kClose };
  std::string text;
  Next next = Next::kLine;
};

// How the data of one message ended.
struct DataEnd {
  std::uint64_t size = 0;     // bytes after unstuffing
  bool too_large = false;     // over max_data: the surplus was read and thrown away
  bool bare_newline = false;  // held a CR or LF outside of a CRLF pair
};

// One connection. Made by the factory, destroyed on the connection's thread.
class LineSession {
 public:
  virtual ~LineSession() = default;
  // The greeting. kData is not allowed here.
  virtual LineReply OnConnect(const LinePeer& peer) = 0;
  // One command without its CRLF, at most max_line bytes, any bytes but CR, LF and NUL.
  virtual LineReply OnLine(std::string_view line) = 0;
  // A piece of the message: unstuffed, CRLF kept, without the end mark. False stops the delivery of further pieces
  // (they are read and thrown away); OnDataEnd comes nevertheless.
  virtual bool OnData(std::string_view piece) = 0;
  // The end mark came. In LMTP the answer has a line for each accepted recipient.
  virtual LineReply OnDataEnd(const DataEnd& end) = 0;
  // The connection is over, also when it broke in the middle of a message (then without OnDataEnd). Called once.
  virtual void OnClose() {}
};

struct LineServerOptions {
  std::string listen;                // "127.0.0.1:2424", "[::1]:2424", "unix:/run/propolis/lmtp.sock", "fd:3"
  std::string name = "line";         // for logs, threads and metrics
  std::size_t max_connections = 64;  // the next one is sent `busy_reply` and closed
  std::string busy_reply = "421 4.3.2 Too busy, try again later\r\n";
  std::string stop_reply = "421 4.3.2 Shutting down\r\n";
  std::string timeout_reply = "421 4.4.2 Timed out\r\n";
  std::string syntax_reply = "500 5.5.2 Line too long or malformed\r\n";
  std::size_t max_line = 2048;                                      // without CRLF
  std::uint64_t max_data = 50ULL << 20;                             // bytes of one message
  std::chrono::milliseconds line_timeout{std::chrono::minutes(5)};  // RFC 5321 section 4.5.3.2.7
  std::chrono::milliseconds data_timeout{std::chrono::minutes(3)};  // between two pieces of data
  std::chrono::milliseconds write_timeout{std::chrono::seconds(60)};
  metrics::Registry* metrics = nullptr;  // borrowed; may be null
};

using LineSessionFactory = std::function<std::unique_ptr<LineSession>()>;

class LineServer {
 public:
  // Listens and answers. Fails with kUnavailable "net.listen_failed" (where, why).
  static Result<std::unique_ptr<LineServer>> Start(LineServerOptions options, LineSessionFactory factory);
  // Stops with no grace.
  ~LineServer();
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;

  // Accepts no more; sessions that wait for a command get stop_reply; one in the middle of a message may finish it
  // within `grace`. Blocks until every thread has ended.
  void Stop(std::chrono::milliseconds grace);
  [[nodiscard]] std::uint16_t Port() const;  // the port bound; 0 for unix sockets

 private:
  struct Impl;
  explicit LineServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace propolis::net
