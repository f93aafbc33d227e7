// HTTP as handlers see it: requests, responses, routes, event streams. The server (net/server.h) fills and sends them.
//
// Handlers are plain blocking functions. They run on the pool their route names (or on the I/O thread when it is
// `inline`), may take their time up to the route's timeout, and answer with a Response. Everything in a Request comes
// from outside and is hostile: the sizes are bounded and the URL is decoded strictly (net/url.h), nothing else is
// promised.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.h"
#include "base/result.h"

namespace propolis::net {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };

// Header fields in the order they came. Names compare without case. Kept in one buffer: cheap to fill and to drop.
class Headers {
 public:
  void Add(std::string_view name, std::string_view value);
  // Replaces every field of that name.
  void Set(std::string_view name, std::string_view value);
  void Remove(std::string_view name);
  void Clear();
  // The first one of that name. The view lives until the next change.
  [[nodiscard]] std::optional<std::string_view> Find(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> All(std::string_view name) const;
  [[nodiscard]] std::size_t Count(std::string_view name) const;
  [[nodiscard]] std::size_t Size() const { return fields_.size(); }
  [[nodiscard]] std::pair<std::string_view, std::string_view> At(std::size_t index) const;

 private:
  struct Place {
    std::uint32_t name_at, name_size, value_at, value_size;
  };
  std::string text_;
  std::vector<Place> fields_;
};

// Decoded name-value pairs in order: a query, a form, path parameters.
class Pairs {
 public:
  void Add(std::string name, std::string value) { items_.emplace_back(std::move(name), std::move(value)); }
  void Clear() { items_.clear(); }
  [[nodiscard]] std::optional<std::string_view> Find(std::string_view name) const;  // the first
  [[nodiscard]] std::vector<std::string_view> All(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& items() const { return items_; }

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

// A body that went to disk. The file (mode 0600) is removed with the object unless Release() was called.
class SpooledFile {
 public:
  SpooledFile(std::filesystem::path path, std::uint64_t size) : path_(std::move(path)), size_(size) {}
  ~SpooledFile();
  SpooledFile(const SpooledFile&) = delete;
  SpooledFile& operator=(const SpooledFile&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  // The file is the caller's from now on.
  std::filesystem::path Release() { return std::exchange(path_, {}); }

 private:
  std::filesystem::path path_;
  std::uint64_t size_;
};

struct Request {
  Method method = Method::kGet;
  std::string target;  // as it came: for logs through log::RedactTarget only
  std::string path;    // decoded, "/" first, without "..", ".", empty segments in the middle, NUL or backslash; UTF-8
  Pairs params;        // {name} in the route's pattern -> decoded segment
  Pairs query;         // decoded, UTF-8, at most 200 pairs
  Headers headers;
  std::string body;                   // BodyMode::kMemory
  std::unique_ptr<SpooledFile> file;  // BodyMode::kSpool, when there was a body
  std::string peer;                   // the client's address; behind a trusted proxy the forwarded one
  std::uint16_t peer_port = 0;
  bool secure = false;                             // the client speaks TLS to us or to a trusted proxy
  std::string id;                                  // unique; in logs, error answers and the X-Request-Id header
  std::chrono::steady_clock::time_point deadline;  // after it nobody waits for the answer any more
  std::string_view route;                          // the pattern that matched, empty when none did

  // The value of a cookie (RFC 6265 section 5.4), the first when there are several.
  [[nodiscard]] std::optional<std::string_view> Cookie(std::string_view name) const;
  // The media type of the body in lower case without parameters; empty when not given.
  [[nodiscard]] std::string ContentType() const;
};

// A live stream of server-sent events (text/event-stream) to one client. Thread-safe. Send what SseEvent() makes, one
// shared buffer for all receivers. Idle streams are kept awake by a comment every 15 s. When a client reads too slowly
// and more than kMaxQueued messages or kMaxQueuedBytes wait for it, the stream is closed: the browser reconnects with
// Last-Event-ID and is brought up to date from the store.
class EventStream {
 public:
  static constexpr std::size_t kMaxQueued = 1024;
  static constexpr std::size_t kMaxQueuedBytes = 4U << 20;

  virtual ~EventStream() = default;
  // False when the client is gone or was dropped for slowness; the stream is closed then.
  virtual bool Send(std::shared_ptr<const std::string> message) = 0;
  // Ends the stream after what is queued. Safe to call again.
  virtual void Close() = 0;
  // `closed` runs once, on some thread, when the stream is over for whatever reason; at once if it already is. It must
  // not block. One function a stream.
  virtual void OnClose(std::function<void()> closed) = 0;
};

// One event in wire form. `event` and `id` may be empty; data may have several lines.
std::shared_ptr<const std::string> SseEvent(std::string_view event, std::string_view id, std::string_view data);
// Tells the browser how long to wait before it reconnects.
std::shared_ptr<const std::string> SseRetry(std::chrono::milliseconds wait);

struct Response {
  using OnStream = std::function<void(std::shared_ptr<EventStream>)>;
  // A part of a file. The file must not change while it is sent.
  struct FileRange {
    std::filesystem::path path;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    bool delete_after = false;
  };

  int status = 200;
  Headers headers;   // without Content-Length, Date, Connection and X-Request-Id: the server adds them
  std::string body;  // used when nothing below is set
  std::shared_ptr<const std::string> shared_body;  // sent to many, kept once
  std::string_view static_body;                    // lives as long as the program (embedded files)
  std::optional<FileRange> file;  // single byte ranges are answered when the status is 200 (RFC 9110 section 14)
  OnStream on_stream;             // see Stream()

  static Response Text(int status, std::string_view text);  // text/plain; charset=utf-8
  static Response Json(int status, std::string json);       // application/json
  static Response Html(int status, std::string html);       // with PageHeaders()
  static Response Empty(int status);
  static Response Redirect(int status, std::string_view location);
  // `path` as a download. Fails with kNotFound "error.not_found".
  static Result<Response> File(std::filesystem::path path, std::string_view content_type);
  // A server-sent event stream. `start` runs on the route's pool right after the handler; what it sends is queued and
  // goes out after the head.
  static Response Stream(OnStream start);

  Response& With(std::string_view name, std::string_view value) {
    headers.Set(name, value);
    return *this;
  }
};

// Adds what every page of HTML carries: a content security policy without inline script, nosniff, no framing, no
// referrer to others; Strict-Transport-Security under TLS is added by the server.
void PageHeaders(Headers& headers);

// A Set-Cookie value: HttpOnly, Path=/, SameSite=Lax (Strict if asked); Secure when `secure`. `max_age` zero deletes
// it.
struct CookieOptions {
  bool secure = true;
  bool strict = false;
  bool http_only = true;
  std::optional<std::chrono::seconds> max_age;
  std::string_view path = "/";
};
std::string SetCookie(std::string_view name, std::string_view value, const CookieOptions& options);

enum class Pool {
  kInline,  // on the I/O thread: for handlers that never block, not even on a lock held elsewhere
  kRead,    // reads of the store
  kWrite,   // writes of the store
  kSlow,    // password hashing, parsing of mail and files
};
enum class BodyMode {
  kNone,    // a body is refused with 413
  kMemory,  // Request::body
  kSpool,   // Request::file
};

using Handler = std::function<Response(Request&)>;

struct Route {
  Method method = Method::kGet;  // a GET route answers HEAD too; OPTIONS is answered by the server
  // "/api/v1/tickets/{id}"; a last segment "{name...}" takes the rest of the path, slashes included, empty too. A fixed
  // segment wins over a parameter. Methods may not differ in the names of parameters.
  std::string pattern;
  Handler handler;
  Pool pool = Pool::kRead;
  BodyMode body = BodyMode::kNone;
  std::uint64_t max_body = 1U << 20;  // bytes
  std::chrono::milliseconds timeout{30'000};
  std::vector<std::string> accepts;  // media types of the body ("application/json"); others get 415; empty takes any
};

// What the server itself has to say: 400, 404, 405, 408, 411, 413, 414, 415, 417, 431, 500, 501, 503, 505.
// `message` is an id of the message catalogue (http.*).
struct ProtocolError {
  int status = 400;
  std::string message;
  std::vector<Arg> args;
};
// Makes the answer. The request may be incomplete (a broken head leaves everything but id and peer empty). The server
// adds Allow (405), Retry-After (503) and Connection. Runs on the I/O thread: must not block.
using ErrorFormatter = std::function<Response(const ProtocolError&, const Request&)>;

// "Sun, 06 Nov 1994 08:49:37 GMT": the IMF-fixdate of RFC 9110 section 5.6.7.
std::string HttpDate(std::chrono::sys_seconds time);
std::string_view ReasonPhrase(int status);

}  // namespace propolis::net

namespace propolis {
template <>
struct Names<net::Method> {
  using M = net::Method;
  static constexpr std::array kTable = {
      std::pair{M::kGet, std::string_view("GET")},         std::pair{M::kHead, std::string_view("HEAD")},
      std::pair{M::kPost, std::string_view("POST")},       std::pair{M::kPut, std::string_view("PUT")},
      std::pair{M::kPatch, std::string_view("PATCH")},     std::pair{M::kDelete, std::string_view("DELETE")},
      std::pair{M::kOptions, std::string_view("OPTIONS")},
  };
};
}  // namespace propolis
