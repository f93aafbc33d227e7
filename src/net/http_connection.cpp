#include "net/http_connection.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>

#include "base/log.h"
#include "base/text.h"
#include "livepatch/runtime/scope.h"
#include "net/head_check.h"
#include "net/response_head.h"
#include "net/sse_connection.h"
#include "net/url.h"

namespace propolis::net {
namespace {

namespace http = boost::beast::http;

constexpr auto kUse = asio::as_tuple(asio::use_awaitable_t<Executor>());

constexpr std::size_t kFirstRead = 4096;
constexpr std::size_t kBodyRead = 64U << 10;
constexpr std::size_t kFilePiece = 256U << 10;
constexpr std::size_t kSmallBody = 16U << 10;  // joins the head in one buffer
constexpr std::uint64_t kDrain = 64U << 10;    // an unwanted body up to this size is read to keep the connection
constexpr std::chrono::milliseconds kLinger{2000};
constexpr std::uint64_t kLingerBytes = 16U << 20;  // of a refused body, so that its sender gets to read why
constexpr std::chrono::milliseconds kLastRequest{
    1000};  // how long a stopping server waits for a fresh connection to ask

void PutBody(Response& response, std::string_view text) { response.body = text; }

std::string_view BodyOf(const Response& response) {
  if (response.shared_body) {
    return *response.shared_body;
  }
  return response.static_body.empty() ? std::string_view(response.body) : response.static_body;
}

// Closes a file descriptor with its scope.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

ProtocolError Plain(int status, std::string message) { return ProtocolError{status, std::move(message), {}}; }

}  // namespace

void Answer(Exchange& exchange, const ErrorFormatter& errors) {
  const log::Context context(exchange.request.id);
  std::string what;
  try {
    exchange.response = exchange.route->handler(exchange.request);
    if (exchange.response.on_stream && exchange.request.method != Method::kHead) {
      exchange.events = std::make_shared<EventQueue>();
      exchange.response.on_stream(exchange.events);
    }
    return;
  } catch (const std::exception& caught) {
    what = caught.what();
  } catch (...) {
    what = "unknown exception";
  }
  log::Error("http.handler_threw", {{"route", exchange.route->pattern}, {"what", what}});
  if (exchange.events) {
    exchange.events->Gone();
    exchange.events.reset();
  }
  exchange.response = errors(Plain(500, "http.internal"), exchange.request);
}

template <class Stream>
HttpConnection<Stream>::HttpConnection(IoThread& thread, Stream stream, std::shared_ptr<asio::ssl::context> tls,
                                       IpAddress peer, std::uint16_t port, ConnectionCounter::Ticket ticket)
    : thread_(thread),
      tls_(std::move(tls)),
      stream_(std::move(stream)),
      ticket_(std::move(ticket)),
      peer_(peer),
      peer_text_(peer.ToString()),
      peer_is_proxy_(thread.shared.proxies.Trusts(peer)),
      port_(port) {
  thread_.Add(*this);
}

template <class Stream>
HttpConnection<Stream>::~HttpConnection() {
  ReleaseBody();
}

template <class Stream>
void HttpConnection<Stream>::Start() {
  boost::system::error_code ignored;
  Tcp().set_option(asio::ip::tcp::no_delay(true), ignored);
  asio::co_spawn(
      thread_.context, [self = this->shared_from_this()]() -> Awaitable<void> { co_await self->Run(); },
      asio::detached);
}

// ---- deadlines and endings
// -------------------------------------------------------------------------------------------

template <class Stream>
void HttpConnection<Stream>::Arm(Phase phase, std::chrono::milliseconds timeout) {
  phase_ = phase;
  timed_out_ = false;
  if (phase == Phase::kIdle && thread_.stopping) {
    timeout = std::min(timeout, kLastRequest);
  }
  deadline_ = thread_.now + timeout;
}

template <class Stream>
void HttpConnection<Stream>::Sweep(SteadyTime now) {
  if (now < deadline_) {
    return;
  }
  deadline_ = SteadyTime::max();
  timed_out_ = true;
  if (phase_ == Phase::kHandling) {
    Resume(exchange_.get(), Outcome::kTimedOut);
    return;
  }
  boost::system::error_code ignored;
  if (phase_ == Phase::kHead || phase_ == Phase::kBody) {
    Tcp().cancel(ignored);  // there is somebody to tell
  } else {
    Tcp().close(ignored);
  }
}

template <class Stream>
void HttpConnection<Stream>::StopSoon() {
  if (phase_ != Phase::kIdle || buffer_.size() > 0) {
    return;  // what is begun ends with Connection: close
  }
  if (served_) {
    boost::system::error_code ignored;
    Tcp().cancel(ignored);
  } else {
    // Just accepted: its first request is under way and would be lost.
    deadline_ = std::min(deadline_, thread_.now + kLastRequest);
  }
}

template <class Stream>
void HttpConnection<Stream>::Abort() {
  boost::system::error_code ignored;
  Tcp().close(ignored);
  Resume(exchange_.get(), Outcome::kTimedOut);
}

template <class Stream>
void HttpConnection<Stream>::Resume(const Exchange* exchange, Outcome outcome) {
  if (resume_ && exchange == exchange_.get()) {
    auto resume = std::exchange(resume_, nullptr);
    resume(outcome);
  }
}

template <class Stream>
auto HttpConnection<Stream>::Wait() -> Awaitable<Outcome> {
  constexpr asio::use_awaitable_t<Executor> kToken;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Outcome)>(
      [this](auto handler) { resume_ = std::move(handler); }, kToken);
}

template <class Stream>
template <class Work>
auto HttpConnection<Stream>::OnFilesPool(Work work) -> Awaitable<bool> {
  const auto exchange = exchange_;
  // Blocks in the pool, not here; the answer comes by post, so not before Wait() has begun.
  auto done = std::make_shared<bool>(false);
  const bool taken = thread_.shared.files.Submit(
      [work = std::move(work), done, exchange, weak = this->weak_from_this(), &context = thread_.context]() mutable {
        *done = work();
        asio::post(context, [weak, exchange] {
          if (const auto self = weak.lock()) {
            self->Resume(exchange.get(), Outcome::kDone);
          }
        });
      });
  if (!taken) {
    co_return false;
  }
  const auto phase = std::exchange(phase_, Phase::kHandling);
  const auto outcome = co_await Wait();
  phase_ = phase;
  co_return outcome == Outcome::kDone && *done;
}

template <class Stream>
Awaitable<void> HttpConnection<Stream>::CloseGently() {
  if (!Tcp().is_open()) {
    co_return;
  }
  Arm(Phase::kClosing, kLinger);
  boost::system::error_code ignored;
  if constexpr (kTls) {
    co_await stream_.async_shutdown(kUse);
  }
  // Unread bytes in our buffer would turn the close into a reset, which may overtake the answer on its way: read on.
  Tcp().shutdown(Socket::shutdown_send, ignored);
  std::array<char, 16384> rest;
  for (std::uint64_t thrown = 0; thrown < kLingerBytes;) {
    const auto [error, count] = co_await Tcp().async_read_some(asio::buffer(rest), kUse);
    if (error || count == 0) {
      break;
    }
    thrown += count;
  }
  Tcp().close(ignored);
}

// ---- the life of a connection
// ----------------------------------------------------------------------------------------

template <class Stream>
Awaitable<void> HttpConnection<Stream>::Run() {
  if (co_await Handshake()) {
    Arm(Phase::kIdle, thread_.shared.options.header_timeout);
    while (co_await ServeOne()) {
      if (thread_.stopping && buffer_.size() == 0) {
        break;
      }
      if (buffer_.size() == 0 && buffer_.capacity() > kFirstRead) {
        buffer_.shrink_to_fit();  // a connection that waits holds little
      }
      Arm(Phase::kIdle, thread_.shared.options.idle_timeout);
    }
  }
  if (!handed_over_) {
    co_await CloseGently();
  }
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::Handshake() {
  if constexpr (kTls) {
    Arm(Phase::kHandshake, thread_.shared.options.header_timeout);
    const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kUse);
    if (error) {
      boost::system::error_code ignored;
      Tcp().close(ignored);
      co_return false;
    }
  }
  co_return true;
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::ServeOne() {
  if (!exchange_ || exchange_.use_count() > 1) {
    exchange_ = std::make_shared<Exchange>();
  } else {
    exchange_->Reset();
  }
  ReleaseBody();
  parser_.emplace(exchange_->request);
  auto refusal = co_await ReadHead();
  if (!refusal) {
    refusal = CheckRequest();
  }
  bool admitted = true;
  if (!refusal && HasBody() && exchange_->route->body == BodyMode::kSpool) {
    refusal = co_await Admit(admitted);
  }
  if (!refusal && admitted && HasBody()) {
    refusal = co_await ReadBody();
  }
  const auto started = std::chrono::steady_clock::now();
  thread_.now = started;
  if (!refusal && admitted) {
    refusal = co_await Handle();
  }
  bool keep = false;
  if (refusal) {
    if (refusal->error.status == 0) {
      co_return false;
    }
    keep = co_await Refuse(*std::move(refusal));
  } else if (!admitted) {
    keep = co_await RespondUnread();
  } else {
    keep = co_await Respond();
  }
  Count(started);
  co_return keep;
}

template <class Stream>
void HttpConnection<Stream>::Count(SteadyTime started) {
  const int status = exchange_->response.status;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  auto& stats = thread_.shared.StatsOf(exchange_->route);
  stats.by_class[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))]->Add();
  stats.seconds->Observe(took.count());
  if (log::Enabled(log::Level::kDebug)) {
    log::Debug("http.request", {{"request", exchange_->request.id},
                                {"method", NameOf(exchange_->request.method)},
                                {"target", log::RedactTarget(exchange_->request.target)},
                                {"status", status},
                                {"seconds", took.count()},
                                {"peer", exchange_->request.peer}});
  }
}

// ---- reading
// ---------------------------------------------------------------------------------------------------------

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::Read(std::size_t most) {
  const auto [error, count] = co_await stream_.async_read_some(buffer_.prepare(most), kUse);
  buffer_.commit(count);
  co_return !error && count > 0;
}

template <class Stream>
auto HttpConnection<Stream>::ReadHead() -> Awaitable<std::optional<Refusal>> {
  const auto& options = thread_.shared.options;
  auto& request = exchange_->request;
  parser_->header_limit(static_cast<std::uint32_t>(options.max_header));
  parser_->body_limit(boost::none);
  parser_->eager(false);
  std::size_t head_size = 0;
  bool folded = false;
  bool begun = false;
  while (!parser_->is_header_done()) {
    if (buffer_.size() > 0 && !begun) {
      begun = true;
      Arm(Phase::kHead, options.header_timeout);
    }
    boost::system::error_code error = http::make_error_code(http::error::need_more);
    if (buffer_.size() > 0) {
      const auto bytes = buffer_.cdata();
      const auto used = parser_->put(bytes, error);
      folded = folded || HasFold(std::string_view(static_cast<const char*>(bytes.data()), used));
      head_size += used;
      buffer_.consume(used);
    }
    if (!error && head_size <= options.max_header) {
      continue;
    }
    if (error != http::error::need_more || head_size + buffer_.size() > options.max_header) {
      co_return ParserRefusal(error);
    }
    if (!co_await Read(kFirstRead)) {
      if (begun && timed_out_) {
        co_return Refusal{Plain(408, "http.timeout"), {}};
      }
      co_return Refusal{};
    }
  }
  served_ = true;
  keep_alive_ = parser_->keep_alive() && !thread_.stopping;
  request.id = thread_.NextRequestId();
  request.peer_port = port_;
  if (request.target.size() > options.max_target) {
    co_return Refusal{Plain(414, "http.target_too_long"), {}};
  }
  if (auto wrong =
          CheckHead(request.headers, parser_->version(), folded ? std::string_view("\n ") : std::string_view())) {
    keep_alive_ = false;  // where the next request begins is in doubt
    co_return Refusal{*std::move(wrong), {}};
  }
  co_return std::nullopt;
}

template <class Stream>
auto HttpConnection<Stream>::ParserRefusal(const boost::system::error_code& error) const -> std::optional<Refusal> {
  if (error == http::error::header_limit || error == http::error::need_more || !error) {
    const bool in_target = exchange_->request.target.empty();  // the first line has not ended
    return Refusal{in_target ? Plain(414, "http.target_too_long") : Plain(431, "http.headers_too_large"), {}};
  }
  if (error == http::error::body_limit) {
    return Refusal{ProtocolError{413, "http.too_large", {}}, {}};
  }
  if (error == http::error::bad_version) {
    const std::string_view rest(static_cast<const char*>(buffer_.cdata().data()), buffer_.size());
    const auto line = rest.substr(0, rest.find('\n'));
    const auto version = line.rfind(" HTTP/");
    if (version != std::string_view::npos && line.size() >= version + 9 && line[version + 6] >= '2') {
      return Refusal{Plain(505, "http.version"), {}};
    }
  }
  return Refusal{ProtocolError{400, "http.bad_request", {{"why", error.message()}}}, {}};
}

template <class Stream>
auto HttpConnection<Stream>::CheckRequest() -> std::optional<Refusal> {
  auto& request = exchange_->request;
  if (peer_is_proxy_) {
    auto client = thread_.shared.proxies.ClientOf(peer_, kTls, request.headers);
    request.peer = std::move(client.address);
    request.secure = client.secure;
  } else {
    request.peer = peer_text_;
    request.secure = kTls;
  }
  const auto method = FromName<Method>(parser_->method());
  if (!method) {
    return Refusal{Plain(501, "http.not_implemented"), {}};
  }
  request.method = *method;
  if (*method == Method::kOptions && request.target == "*") {
    return Refusal{Plain(204, {}), "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"};
  }
  auto target = ParseTarget(request.target);
  if (!target) {
    return Refusal{ProtocolError{400, target.error().message, target.error().args}, {}};
  }
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  auto match = thread_.shared.router.Find(*method, target->segments);
  if (match.route == nullptr) {
    if (match.allow.empty()) {
      return Refusal{Plain(404, "http.not_found"), {}};
    }
    return Refusal{*method == Method::kOptions ? Plain(204, {}) : Plain(405, "http.method_not_allowed"), match.allow};
  }
  exchange_->route = match.route;
  request.route = match.route->pattern;
  request.params = std::move(match.params);
  if (!HasBody()) {
    return std::nullopt;
  }
  const auto length = parser_->content_length();
  if (match.route->body == BodyMode::kNone || (length && *length > match.route->max_body)) {
    return Refusal{ProtocolError{413, "http.too_large", {{"limit", fmt::format("{}", match.route->max_body)}}}, {}};
  }
  const auto encoding = request.headers.Find("Content-Encoding");
  if ((encoding && text::AsciiLower(*encoding) != "identity") ||
      !AcceptsType(match.route->accepts, request.ContentType())) {
    return Refusal{Plain(415, "http.unsupported_media_type"), {}};
  }
  return std::nullopt;
}

template <class Stream>
bool HttpConnection<Stream>::HasBody() const {
  return !parser_->is_done();
}

template <class Stream>
bool HttpConnection<Stream>::ChargeBody(std::size_t bytes) {
  const auto more = static_cast<std::int64_t>(bytes) - charged_;
  if (more <= 0) {
    return true;
  }
  if (!ticket_.Hold(more, thread_.shared.options.max_body_memory_per_peer)) {
    return false;
  }
  auto& total = thread_.shared.body_memory;
  if (total.fetch_add(more, std::memory_order_relaxed) + more > kMaxBodyMemory) {
    total.fetch_sub(more, std::memory_order_relaxed);
    ticket_.GiveBack(more);
    return false;
  }
  charged_ += more;
  return true;
}

template <class Stream>
void HttpConnection<Stream>::ReleaseBody() {
  if (charged_ > 0) {
    thread_.shared.body_memory.fetch_sub(charged_, std::memory_order_relaxed);
    ticket_.GiveBack(std::exchange(charged_, 0));
  }
}

// The next piece must come in time, and the whole no slower than the slowest allowed: who sends a byte now and then
// would otherwise hold its place, and the memory of what came, for as long as she likes.
template <class Stream>
void HttpConnection<Stream>::ArmBody() {
  const auto& options = thread_.shared.options;
  Arm(Phase::kBody, options.body_timeout);
  const auto came = static_cast<std::int64_t>(parser_->body_size());
  const auto due = std::chrono::milliseconds(came * 1000 / options.slowest_body);
  deadline_ = std::min(deadline_, body_began_ + options.body_timeout + due);
}

// What is in the buffer into the parser.
template <class Stream>
auto HttpConnection<Stream>::FeedBody() -> std::optional<Refusal> {
  boost::system::error_code error;
  while (buffer_.size() > 0 && !parser_->is_done()) {
    const auto used = parser_->put(buffer_.cdata(), error);
    buffer_.consume(used);
    if (error == http::error::need_more) {
      // A chunk header or trailer that does not end.
      return buffer_.size() > thread_.shared.options.max_header ? ParserRefusal(http::error::bad_chunk) : std::nullopt;
    }
    if (error) {
      keep_alive_ = false;
      return ParserRefusal(error);
    }
  }
  return std::nullopt;
}

template <class Stream>
auto HttpConnection<Stream>::ReadBody() -> Awaitable<std::optional<Refusal>> {
  body_began_ = thread_.now;
  ArmBody();
  if (const auto expect = exchange_->request.headers.Find("Expect"); expect && buffer_.size() == 0) {
    if (!co_await Write("HTTP/1.1 100 Continue\r\n\r\n", {})) {
      co_return Refusal{};
    }
  }
  parser_->eager(true);
  if (exchange_->route->body == BodyMode::kSpool) {
    co_return co_await SpoolBody();
  }
  auto& body = exchange_->request.body;
  parser_->SetBody(&body, exchange_->route->max_body);
  while (true) {
    if (auto refusal = FeedBody()) {
      co_return refusal;
    }
    if (!ChargeBody(body.capacity())) {
      keep_alive_ = false;
      co_return Refusal{Plain(503, "http.busy"), {}};
    }
    if (parser_->is_done()) {
      co_return std::nullopt;
    }
    ArmBody();
    if (!co_await Read(kBodyRead)) {
      keep_alive_ = false;
      co_return timed_out_ ? Refusal{Plain(408, "http.timeout"), {}} : Refusal{};
    }
  }
}

template <class Stream>
auto HttpConnection<Stream>::SpoolBody() -> Awaitable<std::optional<Refusal>> {
  const auto& options = thread_.shared.options;
  const auto path = options.spool / fmt::format("body-{}", exchange_->request.id);
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) {
    log::Error("http.spool_failed", {{"errno", errno}});
    keep_alive_ = false;
    co_return Refusal{Plain(503, "http.busy"), {}};
  }
  auto spooled = std::make_unique<SpooledFile>(path, 0);
  auto piece = std::make_shared<std::string>();  // the pool may outlive our interest in it
  parser_->SetBody(piece.get(), exchange_->route->max_body);
  while (true) {
    if (auto refusal = FeedBody()) {
      co_return refusal;
    }
    const bool done = parser_->is_done();
    if (piece->size() >= kFilePiece || (done && !piece->empty())) {
      ArmBody();
      const int own = ::dup(file.get());
      if (!co_await OnFilesPool([piece, own] {
            const FileDescriptor closer(own);
            return own >= 0 && WriteAll(own, *piece);
          })) {
        log::Error("http.spool_failed");
        keep_alive_ = false;
        co_return Refusal{Plain(503, "http.busy"), {}};
      }
      piece->clear();
    }
    if (done) {
      break;
    }
    ArmBody();
    if (!co_await Read(kBodyRead)) {
      keep_alive_ = false;
      co_return timed_out_ ? Refusal{Plain(408, "http.timeout"), {}} : Refusal{};
    }
  }
  exchange_->request.file = std::make_unique<SpooledFile>(spooled->Release(), parser_->body_size());
  co_return std::nullopt;
}

template <class Stream>
auto HttpConnection<Stream>::Admit(bool& admitted) -> Awaitable<std::optional<Refusal>> {
  const auto& options = thread_.shared.options;
  if (!options.admit) {
    co_return std::nullopt;
  }
  Arm(Phase::kBody, options.body_timeout);
  auto answer = std::make_shared<std::optional<Response>>();
  const bool asked = co_await OnFilesPool([answer, exchange = exchange_, &admit = options.admit] {
    *answer = admit(exchange->request);
    return true;
  });
  if (!asked) {
    keep_alive_ = false;
    // When the time was up, the pool may still read the request: then nothing is said.
    co_return exchange_.use_count() > 1 ? Refusal{} : Refusal{Plain(503, "http.busy"), {}};
  }
  if (*answer) {
    exchange_->response = *std::move(*answer);
    admitted = false;
  }
  co_return std::nullopt;
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::DrainBody() {
  const auto length = parser_->content_length_remaining();
  if (!length || *length > kDrain || exchange_->request.headers.Find("Expect")) {
    co_return false;
  }
  parser_->eager(true);
  parser_->DiscardBody(parser_->body_size() + kDrain);
  body_began_ = thread_.now;
  while (true) {
    if (FeedBody()) {
      co_return false;
    }
    if (parser_->is_done()) {
      co_return true;
    }
    ArmBody();
    if (!co_await Read(kBodyRead)) {
      co_return false;
    }
  }
}

// ---- answering
// -------------------------------------------------------------------------------------------------------

template <class Stream>
auto HttpConnection<Stream>::Handle() -> Awaitable<std::optional<Refusal>> {
  const auto* route = exchange_->route;
  auto& request = exchange_->request;
  request.deadline = thread_.now + route->timeout;
  if (route->pool == Pool::kInline) {
    Answer(*exchange_, thread_.shared.options.errors);
    co_return std::nullopt;
  }
  const bool taken =
      thread_.shared.PoolOf(route->pool)
          .Submit([exchange = exchange_, weak = this->weak_from_this(), &thread = thread_]() mutable {
            const livepatch::RequestScope code("http");
            // Its time may have run out in the queue: then the work would be for nobody.
            if (std::chrono::steady_clock::now() < exchange->request.deadline) {
              Answer(*exchange, thread.shared.options.errors);
            } else {
              exchange->response = thread.shared.options.errors(Plain(503, "http.too_slow"), exchange->request);
              exchange->response.headers.Set("Retry-After", "2");
            }
            asio::post(thread.context, [weak = std::move(weak), exchange = std::move(exchange)]() mutable {
              if (const auto self = weak.lock()) {
                const auto* which = exchange.get();
                exchange.reset();
                self->Resume(which, Outcome::kDone);
              }
            });
          });
  if (!taken) {
    thread_.shared.refused_requests.Add();
    co_return Refusal{Plain(503, "http.busy"), {}};
  }
  Arm(Phase::kHandling, route->timeout);
  if (co_await Wait() == Outcome::kTimedOut) {
    // The worker still holds the exchange: leave it to it and answer from a fresh one.
    auto fresh = std::make_shared<Exchange>();
    fresh->request.id = exchange_->request.id;
    fresh->request.method = exchange_->request.method;
    fresh->route = route;
    parser_.reset();
    exchange_ = std::move(fresh);
    keep_alive_ = false;
    co_return Refusal{Plain(503, "http.too_slow"), {}};
  }
  co_return std::nullopt;
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::Refuse(Refusal refusal) {
  auto& response = exchange_->response;
  if (refusal.error.status == 204) {
    response = Response::Empty(204);
  } else {
    response = thread_.shared.options.errors(refusal.error, exchange_->request);
  }
  if (!refusal.allow.empty()) {
    response.headers.Set("Allow", refusal.allow);
  }
  if (refusal.error.status == 503) {
    response.headers.Set("Retry-After", "2");
  }
  co_return co_await RespondUnread();
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::RespondUnread() {
  const bool broken = !parser_ || !parser_->is_header_done();
  if (broken) {
    keep_alive_ = false;
  } else if (keep_alive_ && HasBody() && !co_await DrainBody()) {
    keep_alive_ = false;
  }
  co_return co_await Respond();
}

// Narrows a whole file to the range asked for. False: the range cannot be satisfied, the response is a 416 now.
template <class Stream>
bool HttpConnection<Stream>::ApplyRange() {
  auto& response = exchange_->response;
  const auto& headers = exchange_->request.headers;
  response.headers.Set("Accept-Ranges", "bytes");
  const auto field = headers.Find("Range");
  if (!field || exchange_->request.method != Method::kGet) {
    return true;
  }
  if (const auto condition = headers.Find("If-Range"); condition && response.headers.Find("ETag") != condition) {
    return true;
  }
  const auto size = response.file->length;
  const auto range = ParseRange(*field, size);
  if (!range) {
    return true;
  }
  if (range->length == 0) {
    response.status = 416;
    response.headers.Set("Content-Range", fmt::format("bytes */{}", size));
    return false;
  }
  response.status = 206;
  response.headers.Set("Content-Range",
                       fmt::format("bytes {}-{}/{}", range->offset, range->offset + range->length - 1, size));
  response.file->offset += range->offset;
  response.file->length = range->length;
  return true;
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::Respond() {
  auto& response = exchange_->response;
  const bool head_only = exchange_->request.method == Method::kHead;
  const bool bodiless = response.status == 204 || response.status == 304;
  const bool streams = exchange_->events != nullptr;
  keep_alive_ = keep_alive_ && !thread_.stopping && !streams;
  if (response.file && response.status == 200 && !ApplyRange()) {
    response.file.reset();
    PutBody(response, {});
  }
  const auto body = BodyOf(response);
  HeadOptions options;
  if (!bodiless && !response.on_stream) {
    options.content_length = response.file ? response.file->length : body.size();
  }
  options.keep_alive = keep_alive_;
  options.say_keep_alive = parser_ && parser_->version() == 10;
  options.hsts = exchange_->request.secure;
  options.date = thread_.date;
  options.request_id = exchange_->request.id;
  std::string head;
  head.reserve(512 + (body.size() <= kSmallBody ? body.size() : 0));
  AppendHead(head, response, options);
  if (streams) {
    co_return co_await SendStream(std::move(head));
  }
  if (response.file && !head_only) {
    co_return co_await SendFile(std::move(head), std::move(*response.file));
  }
  bool sent = false;
  if (head_only || bodiless) {
    sent = co_await Write(head, {});
  } else if (body.size() <= kSmallBody) {
    head.append(body);
    sent = co_await Write(head, {});
  } else {
    sent = co_await Write(head, body);
  }
  co_return sent&& keep_alive_;
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::SendFile(std::string head, Response::FileRange file) {
  const FileDescriptor fd(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.delete_after) {
    ::unlink(file.path.c_str());
  }
  if (fd.get() < 0 || !co_await Write(head, {})) {
    co_return false;
  }
  auto piece = std::make_shared<std::string>();
  while (file.length > 0) {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(file.length, kFilePiece));
    const int own = ::dup(fd.get());
    const auto offset = static_cast<off_t>(file.offset);
    if (!co_await OnFilesPool([piece, own, want, offset] {
          const FileDescriptor closer(own);
          piece->resize(want);
          const auto got = own < 0 ? -1 : ::pread(own, piece->data(), want, offset);
          piece->resize(got > 0 ? static_cast<std::size_t>(got) : 0);
          return got > 0;
        })) {
      co_return false;  // shorter than promised: the client sees it by the missing bytes
    }
    if (!co_await Write(*piece, {})) {
      co_return false;
    }
    file.offset += piece->size();
    file.length -= piece->size();
  }
  co_return keep_alive_;
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::SendStream(std::string head) {
  auto queue = std::exchange(exchange_->events, nullptr);
  if (!co_await Write(head, {})) {
    queue->Gone();
    co_return false;
  }
  handed_over_ = true;
  unlink();
  std::make_shared<SseConnection<Stream>>(thread_, std::move(stream_), std::move(ticket_), std::move(queue))->Start();
  co_return false;
}

template <class Stream>
Awaitable<bool> HttpConnection<Stream>::Write(std::string_view first, std::string_view second) {
  while (!first.empty() || !second.empty()) {
    Arm(Phase::kWriting, thread_.shared.options.write_timeout);
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first), asio::buffer(second)};
    const auto [error, count] = second.empty() ? co_await stream_.async_write_some(asio::buffer(first), kUse)
                                               : co_await stream_.async_write_some(buffers, kUse);
    if (error) {
      co_return false;
    }
    const auto of_first = std::min(count, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(count - of_first);
  }
  co_return true;
}

template class HttpConnection<Socket>;
template class HttpConnection<TlsStream>;

void ServePlain(IoThread& thread, Socket socket, IpAddress peer, std::uint16_t port, ConnectionCounter::Ticket ticket) {
  std::make_shared<HttpConnection<Socket>>(thread, std::move(socket), nullptr, peer, port, std::move(ticket))->Start();
}

void ServeTls(IoThread& thread, std::shared_ptr<asio::ssl::context> tls, Socket socket, IpAddress peer,
              std::uint16_t port, ConnectionCounter::Ticket ticket) {
  TlsStream stream(std::move(socket), *tls);
  std::make_shared<HttpConnection<TlsStream>>(thread, std::move(stream), std::move(tls), peer, port, std::move(ticket))
      ->Start();
}

}  // namespace propolis::net
