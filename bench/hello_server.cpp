// The server of src/net with trivial handlers, to stand beside empty_beast: /inline on the I/O thread, /pool through
// the read pool. Usage: hello_server PORT [CERTIFICATE KEY]
#include <fmt/format.h>

#include <csignal>
#include <string>

#include "net/process.h"
#include "net/server.h"

int main(int argc, char** argv) {
  namespace net = propolis::net;
  net::Signals signals{SIGTERM, SIGINT};
  net::ServerOptions options;
  options.io_threads = 1;
  options.max_per_peer = 20'000;
  const std::string port = argc > 1 ? argv[1] : "8082";
  options.listen = {net::Listen{"127.0.0.1:" + port, argc > 3}};
  if (argc > 3) {
    options.certificate = argv[2];
    options.private_key = argv[3];
  }
  const std::string body(230, 'x');
  const auto handler = [&body](net::Request&) { return net::Response::Json(200, body); };
  net::Router router;
  for (const auto& [pattern, pool] : {std::pair{"/inline", net::Pool::kInline}, std::pair{"/pool", net::Pool::kRead}}) {
    net::Route route;
    route.pattern = pattern;
    route.pool = pool;
    route.handler = handler;
    router.Add(std::move(route));
  }
  net::Route events;
  events.pattern = "/events";
  events.handler = [](net::Request&) {
    return net::Response::Stream([](std::shared_ptr<net::EventStream> stream) {
      // Kept alive by its own closing function: idle until the client leaves.
      stream->OnClose([stream] {});
    });
  };
  router.Add(std::move(events));
  auto server = net::Server::Start(std::move(options), std::move(router));
  if (!server) {
    fmt::print(stderr, "{}\n", propolis::Describe(server.error()));
    return 1;
  }
  signals.Wait();
  (*server)->Stop(std::chrono::seconds(1));
}
