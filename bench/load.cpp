#include "load.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace propolis::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Steady = std::chrono::steady_clock;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
constexpr asio::use_awaitable_t<Executor> kUse;

struct Run {
  Target target;
  const Operation& operation;
  Steady::time_point from;  // after the warm-up
  Steady::time_point until;
  std::vector<double> latencies = {};
  Measured measured = {};
};

http::request<http::string_body> Build(const Target& target, const Request& request) {
  http::request<http::string_body> out(request.body.empty() ? http::verb::get : http::verb::post, request.target, 11);
  out.set(http::field::host, "127.0.0.1");
  if (!target.key.empty()) {
    out.set(http::field::authorization, "Bearer " + target.key);
  }
  if (!request.body.empty()) {
    out.set(http::field::content_type, "application/json");
    out.body() = request.body;
    out.prepare_payload();
  }
  return out;
}

asio::awaitable<void, Executor> Client(asio::io_context& context, Run& run, std::uint64_t seed) {
  Socket socket(context);
  co_await socket.async_connect({asio::ip::make_address("127.0.0.1"), run.target.port}, kUse);
  socket.set_option(asio::ip::tcp::no_delay(true));
  boost::beast::flat_buffer buffer;
  demo::Random random(seed);
  while (Steady::now() < run.until) {
    const std::vector<Request> requests = run.operation(random);
    const auto start = Steady::now();
    for (const Request& request : requests) {
      const auto message = Build(run.target, request);
      co_await http::async_write(socket, message, kUse);
      http::response_parser<http::string_body> parser;
      parser.body_limit(64U << 20U);
      co_await http::async_read(socket, buffer, parser, kUse);
      const auto& answer = parser.get();
      if (http::to_status_class(answer.result()) != http::status_class::successful) {
        ++run.measured.failed;
        if (run.measured.first_failure.empty()) {
          run.measured.first_failure =
              fmt::format("{} {} {}", request.target, answer.result_int(), answer.body().substr(0, 300));
        }
      }
    }
    const auto end = Steady::now();
    ++run.measured.done;
    if (start >= run.from && end <= run.until) {
      run.latencies.push_back(std::chrono::duration<double>(end - start).count());
    }
  }
}

}  // namespace

Measured Summarise(std::vector<double> latencies, double elapsed) {
  Measured measured;
  if (latencies.empty()) {
    return measured;
  }
  std::ranges::sort(latencies);
  const auto at = [&](double part) {
    return 1000 * latencies[std::min(latencies.size() - 1,
                                     static_cast<std::size_t>(part * static_cast<double>(latencies.size())))];
  };
  measured.per_s = static_cast<double>(latencies.size()) / elapsed;
  measured.p50_ms = at(0.50);
  measured.p99_ms = at(0.99);
  return measured;
}

Measured Drive(const Target& target, int clients, std::chrono::milliseconds duration, const Operation& operation) {
  const auto from = Steady::now() + duration / 10;
  Run run{.target = target, .operation = operation, .from = from, .until = from + duration};
  asio::io_context context(1);
  for (int i = 0; i < clients; ++i) {
    const auto seed = static_cast<std::uint64_t>(Steady::now().time_since_epoch().count() + i);
    asio::co_spawn(context, Client(context, run, seed), [&run](const std::exception_ptr& failure) {
      if (!failure) {
        return;
      }
      ++run.measured.failed;
      try {
        std::rethrow_exception(failure);
      } catch (const std::exception& error) {
        run.measured.first_failure = error.what();
      }
    });
  }
  context.run();
  Measured measured = Summarise(std::move(run.latencies), std::chrono::duration<double>(duration).count());
  measured.done = run.measured.done;
  measured.failed = run.measured.failed;
  measured.first_failure = run.measured.first_failure;
  return measured;
}

std::string Fetch(const Target& target, const std::string& path, const std::string& encoding) {
  asio::io_context context(1);
  asio::ip::tcp::socket socket(context);
  socket.connect({asio::ip::make_address("127.0.0.1"), target.port});
  auto request = Build(target, {path});
  if (!encoding.empty()) {
    request.set(http::field::accept_encoding, encoding);
  }
  http::write(socket, request);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(64U << 20U);
  http::read(socket, buffer, parser);
  const bool fine = http::to_status_class(parser.get().result()) == http::status_class::successful;
  return fine ? parser.get().body() : std::string();
}

}  // namespace propolis::bench
