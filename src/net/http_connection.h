// One HTTP/1.1 connection, plain or TLS: reads a request, has it answered, writes the answer, again. A coroutine on the
// I/O thread; only handlers and file access leave it.
#pragma once

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/event_queue.h"
#include "net/io_thread.h"
#include "net/request_parser.h"

namespace propolis::net {

template <class T>
using Awaitable = asio::awaitable<T, Executor>;

using TlsStream = asio::ssl::stream<Socket>;

// A request and its answer. Shared with the worker that makes the answer, so that the connection may give up waiting.
struct Exchange {
  Request request;
  Response response;
  std::shared_ptr<EventQueue> events;  // when the response is a stream
  const Route* route = nullptr;

  ~Exchange() { Reset(); }
  void Reset() {
    if (events) {
      events->Gone();  // no connection took it over
    }
    events.reset();
    request = Request();
    response = Response();
    route = nullptr;
  }
};

// Runs the handler: exceptions become 500 by way of `errors`. On any thread.
void Answer(Exchange& exchange, const ErrorFormatter& errors);

template <class Stream>
class HttpConnection final : public Connection, public std::enable_shared_from_this<HttpConnection<Stream>> {
 public:
  HttpConnection(IoThread& thread, Stream stream, std::shared_ptr<asio::ssl::context> tls, IpAddress peer,
                 std::uint16_t port, ConnectionCounter::Ticket ticket);
  ~HttpConnection() override;

  void Start();
  void Sweep(SteadyTime now) override;
  void StopSoon() override;
  void Abort() override;

 private:
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  enum class Phase { kHandshake, kIdle, kHead, kBody, kHandling, kWriting, kClosing };
  enum class Outcome { kDone, kTimedOut };

  // Why a request is not served. Status 0: the connection is over, there is nobody to tell.
  struct Refusal {
    ProtocolError error{0, {}, {}};
    std::string allow;
  };

  Awaitable<void> Run();
  Awaitable<bool> Handshake();
  // One request and its answer. False: the connection is to be closed.
  Awaitable<bool> ServeOne();
  Awaitable<std::optional<Refusal>> ReadHead();
  Awaitable<std::optional<Refusal>> ReadBody();
  Awaitable<std::optional<Refusal>> SpoolBody();
  // Who may not send a body into a file has her answer in the exchange. False: refused.
  Awaitable<std::optional<Refusal>> Admit(bool& admitted);
  Awaitable<std::optional<Refusal>> Handle();
  Awaitable<bool> Refuse(Refusal refusal);
  // The answer that stands, when the body may not have been read.
  Awaitable<bool> RespondUnread();
  Awaitable<bool> DrainBody();
  Awaitable<bool> Respond();
  Awaitable<bool> SendFile(std::string head, Response::FileRange file);
  Awaitable<bool> SendStream(std::string head);
  // Everything of both; false when the connection is over.
  Awaitable<bool> Write(std::string_view first, std::string_view second);
  // More bytes into the buffer; false when the connection is over or the time is up.
  Awaitable<bool> Read(std::size_t most);
  Awaitable<void> CloseGently();
  // A piece of blocking work on the files pool.
  template <class Work>
  Awaitable<bool> OnFilesPool(Work work);

  std::optional<Refusal> CheckRequest();
  std::optional<Refusal> FeedBody();
  std::optional<Refusal> ParserRefusal(const boost::system::error_code& error) const;
  [[nodiscard]] bool HasBody() const;
  bool ChargeBody(std::size_t bytes);
  void ReleaseBody();
  void ArmBody();
  bool ApplyRange();
  void Arm(Phase phase, std::chrono::milliseconds timeout);
  void Resume(const Exchange* exchange, Outcome outcome);
  Awaitable<Outcome> Wait();
  void Count(SteadyTime started);
  Socket& Tcp() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  IoThread& thread_;
  std::shared_ptr<asio::ssl::context> tls_;
  Stream stream_;
  ConnectionCounter::Ticket ticket_;
  IpAddress peer_;
  std::string peer_text_;
  bool peer_is_proxy_;
  std::uint16_t port_;

  boost::beast::flat_buffer buffer_;
  std::optional<RequestParser> parser_;
  std::shared_ptr<Exchange> exchange_;
  std::move_only_function<void(Outcome)> resume_;
  std::int64_t charged_ = 0;  // of Shared::body_memory
  SteadyTime body_began_;

  Phase phase_ = Phase::kIdle;
  SteadyTime deadline_ = SteadyTime::max();
  bool timed_out_ = false;
  bool served_ = false;       // at least one request was read
  bool keep_alive_ = false;   // after the present answer
  bool handed_over_ = false;  // the socket is an event stream's now
};

}  // namespace propolis::net
