// The ceiling for HTTP: one thread, Beast's own parser and serializer, an answer of 230 bytes and nothing else.
// Usage: empty_beast PORT
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <string>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
constexpr asio::use_awaitable_t<Executor> kUse;

asio::awaitable<void, Executor> Serve(Socket socket) {
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  boost::beast::flat_buffer buffer;
  const std::string body(230, 'x');
  try {
    while (true) {
      http::request<http::string_body> request;
      co_await http::async_read(socket, buffer, request, kUse);
      http::response<http::string_body> response(http::status::ok, request.version());
      response.set(http::field::content_type, "application/json");
      response.keep_alive(request.keep_alive());
      response.body() = body;
      response.prepare_payload();
      co_await http::async_write(socket, response, kUse);
      if (!response.keep_alive()) {
        break;
      }
    }
  } catch (const std::exception&) {
    // the client has left
  }
}

asio::awaitable<void, Executor> Accept(asio::io_context& context, unsigned short port) {
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor(
      context, asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), port));
  while (true) {
    Socket socket = co_await acceptor.async_accept(kUse);
    asio::co_spawn(context, Serve(std::move(socket)), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto port = static_cast<unsigned short>(argc > 1 ? std::atoi(argv[1]) : 8081);
  asio::io_context context(1);
  asio::co_spawn(context, Accept(context, port), asio::detached);
  context.run();
}
