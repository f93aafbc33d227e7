#include "net/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/log.h"
#include "net/net_test_support.h"

namespace propolis::net {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("net_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    options_.listen = {Listen{"127.0.0.1:0", false}};
    options_.spool = folder_ / "spool";
    options_.sweep = 10ms;
    options_.io_threads = 2;
    options_.metrics = &registry_;
    log::SetSink([](std::string_view) {});
  }
  void TearDown() override {
    release_ = true;
    server_.reset();
    std::filesystem::remove_all(folder_);
    log::SetSink({});
  }

  void Add(Method method, std::string pattern, Handler handler, Pool pool = Pool::kRead,
           BodyMode body = BodyMode::kNone, std::uint64_t max_body = 1U << 20) {
    Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    route.handler = std::move(handler);
    route.pool = pool;
    route.body = body;
    route.max_body = max_body;
    router_.Add(std::move(route));
  }

  void Start() {
    Add(Method::kGet, "/hello", [](Request&) { return Response::Text(200, "hello"); }, Pool::kInline);
    Add(Method::kGet, "/pool/{name}", [](Request& request) {
      return Response::Text(200, request.params.items().front().second + "|" + request.path + "|" +
                                     std::string(request.query.Find("q").value_or("-")));
    });
    Add(
        Method::kPost, "/echo", [](Request& request) { return Response::Text(200, request.body); }, Pool::kWrite,
        BodyMode::kMemory, 100'000);
    Add(
        Method::kPost, "/spool",
        [](Request& request) {
          return Response::Text(200, request.file ? std::to_string(request.file->size()) + ":" +
                                                        std::to_string(ReadFile(request.file->path()).size())
                                                  : "none");
        },
        Pool::kSlow, BodyMode::kSpool, 5'000'000);
    Add(Method::kGet, "/throws", [](Request&) -> Response { throw std::runtime_error("boom"); });
    Add(Method::kGet, "/wait", [this](Request&) {
      ++waiting_;
      while (!release_) {
        std::this_thread::sleep_for(2ms);
      }
      return Response::Text(200, "waited");
    });
    Add(Method::kGet, "/big", [](Request&) { return Response::Text(200, std::string(3'000'000, 'b')); });
    auto server = Server::Start(options_, std::move(router_));
    ASSERT_TRUE(server) << Describe(server.error());
    server_ = *std::move(server);
    port_ = server_->Ports().front();
  }

  RawClient Client() const { return RawClient(port_); }

  std::filesystem::path folder_;
  metrics::Registry registry_;
  ServerOptions options_;
  Router router_;
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
  std::atomic<bool> release_{false};
  std::atomic<int> waiting_{0};
};

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(ServerTest, AnswersAndKeepsAlive) {
  Start();
  auto client = Client();
  for (int i = 0; i < 3; ++i) {
    const auto reply = client.Ask(kHello);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "hello");
    EXPECT_NE(reply.Header("Date"), "");
    EXPECT_NE(reply.Header("X-Request-Id"), "");
    EXPECT_EQ(reply.Header("Connection"), "");
  }
  const auto reply = client.Ask("GET /pool/a%20b?q=%C3%A9+x HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(reply.body, "a b|/pool/a b|é x");
}

TEST_F(ServerTest, ClosesWhenAsked) {
  Start();
  auto client = Client();
  client.Send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto all = client.UntilClosed();
  EXPECT_THAT(all, ::testing::HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(all.ends_with("hello"));
  EXPECT_FALSE(client.timed_out());

  auto old = Client();
  old.Send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.UntilClosed().ends_with("hello"));
  auto old_alive = Client();
  const auto reply = old_alive.Ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(reply.Header("Connection"), "keep-alive");
  EXPECT_EQ(old_alive.Ask(kHello).status, 200);
}

TEST_F(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
  Start();
  auto client = Client();
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += "GET /pool/n" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    all += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  }
  client.Send(all);
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(client.Read().body.starts_with("n" + std::to_string(i) + "|"));
    EXPECT_EQ(client.Read().body, "abc");
  }
}

TEST_F(ServerTest, HeadOptionsAndMethods) {
  Start();
  auto client = Client();
  client.Send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto head = client.Read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("Content-Length"), "5");
  const auto options = client.Ask("OPTIONS /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.Header("Allow"), "POST, OPTIONS");
  const auto wrong = client.Ask("DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.Header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(client.Ask("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n").status, 404);
  EXPECT_EQ(client.Ask("BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 501);
  EXPECT_EQ(client.Ask("TRACE /hello HTTP/1.1\r\nHost: x\r\n\r\n").status, 501);
  EXPECT_EQ(client.Ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").status, 204);
  EXPECT_EQ(client.Ask(kHello).status, 200);
}

TEST_F(ServerTest, BodiesByLengthAndByChunks) {
  Start();
  auto client = Client();
  EXPECT_EQ(client.Ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").body, "");
  EXPECT_EQ(client.Ask("POST /echo HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(client
                .Ask("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "5;ext=1\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n")
                .body,
            "hello!");
  client.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("12345");
  EXPECT_EQ(client.Read().body, "12345");
  const std::string big(90'000, 'x');
  EXPECT_EQ(client.Ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n" + big).body, big);
}

TEST_F(ServerTest, BodiesOverTheLimit) {
  Start();
  {
    auto client = Client();
    EXPECT_EQ(client.Ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n").status, 413);
    EXPECT_EQ(client.UntilClosed(), "");
  }
  {
    auto client = Client();
    client.Send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 60; ++i) {
      client.Send("1000\r\n" + std::string(4096, 'y') + "\r\n");
    }
    EXPECT_EQ(client.Read().status, 413);
  }
  {
    auto client = Client();  // one who writes all of it before reading gets the answer, too
    const std::string large(4'000'000, 'x');
    EXPECT_EQ(client.Ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n" + large).status, 413);
  }
  {
    auto client = Client();  // small and unwanted: read away, the connection stays
    EXPECT_EQ(client.Ask("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd").status, 404);
    EXPECT_EQ(client.Ask(kHello).status, 200);
    EXPECT_EQ(client.Ask("GET /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd").status, 413);
    EXPECT_EQ(client.Ask(kHello).status, 200);
  }
}

TEST_F(ServerTest, SpooledBodiesGoToDiskAndAway) {
  Start();
  auto client = Client();
  const std::string big(3'000'000, 's');
  EXPECT_EQ(client.Ask("POST /spool HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + big).body,
            "3000000:3000000");
  EXPECT_EQ(
      client.Ask("POST /spool HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").body,
      "3:3");
  EXPECT_EQ(client.Ask(kHello).status, 200);
  EXPECT_TRUE(std::filesystem::is_empty(options_.spool));
  {
    auto quitter = Client();
    quitter.Send("POST /spool HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + big.substr(0, 1'000'000));
  }
  for (int i = 0; i < 200 && !std::filesystem::is_empty(options_.spool); ++i) {
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_TRUE(std::filesystem::is_empty(options_.spool));
}

TEST_F(ServerTest, WhoMayNotSendAFileIsToldBeforeIt) {
  options_.admit = [](Request& request) {
    return request.headers.Find("X-Who") ? std::nullopt : std::optional(Response::Text(401, "who?"));
  };
  Start();
  auto stranger = Client();
  stranger.Send("POST /spool HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
  EXPECT_EQ(stranger.Read().status, 401);
  EXPECT_TRUE(std::filesystem::is_empty(options_.spool));
  // A small body is read over, and the connection goes on.
  auto client = Client();
  EXPECT_EQ(client.Ask("POST /spool HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc").status, 401);
  EXPECT_EQ(client.Ask("POST /spool HTTP/1.1\r\nHost: x\r\nX-Who: I\r\nContent-Length: 3\r\n\r\nabc").body, "3:3");
  EXPECT_EQ(client.Ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc").body, "abc");
}

TEST_F(ServerTest, OnePeerHoldsItsShareOfTheMemoryForBodies) {
  options_.max_body_memory_per_peer = 300'000;
  Start();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
  const auto probe = [&] { return Client().Ask(head + std::string(100'000, 'a')).status; };
  EXPECT_EQ(probe(), 200);
  {
    std::vector<RawClient> holders;
    for (int i = 0; i < 10; ++i) {
      holders.push_back(Client());
      holders.back().Send(head + std::string(99'999, 'a'));
    }
    int status = probe();
    for (int i = 0; i < 500 && status != 503; ++i) {
      std::this_thread::sleep_for(10ms);
      status = probe();
    }
    EXPECT_EQ(status, 503);
  }
  int status = probe();
  for (int i = 0; i < 500 && status != 200; ++i) {
    std::this_thread::sleep_for(10ms);
    status = probe();
  }
  EXPECT_EQ(status, 200);
}

TEST_F(ServerTest, MalformedRequestsAreRefused) {
  Start();
  const std::vector<std::pair<std::string, int>> cases = {
      {"GET /hello HTTP/1.1\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: x\r\nA: b\x01\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\nHost: x\n\n", 400},
      {"GET /hello HTTP/3.0\r\nHost: x\r\n\r\n", 505},
      {"GET /hello FTP/1.0\r\nHost: x\r\n\r\n", 400},
      {"GET /a/../hello HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /%2e%2e/hello HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET hello HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n", 501},
      {"POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 3\r\n\r\nabc", 417},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", 415},
  };
  for (const auto& [request, status] : cases) {
    auto client = Client();
    EXPECT_EQ(client.Ask(request).status, status) << request;
  }
  EXPECT_EQ(Client().Ask(kHello).status, 200);
}

TEST_F(ServerTest, HugeHeadsAreRefused) {
  Start();
  {
    auto client = Client();
    client.Send("GET /" + std::string(30'000, 'a'));
    EXPECT_EQ(client.Read().status, 414);
  }
  {
    auto client = Client();
    EXPECT_EQ(client.Ask("GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n").status, 414);
  }
  {
    auto client = Client();
    client.Send("GET /hello HTTP/1.1\r\nHost: x\r\nA: " + std::string(30'000, 'a'));
    EXPECT_EQ(client.Read().status, 431);
  }
  {
    auto client = Client();
    std::string many = "GET /hello HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 5000; ++i) {
      many += "A: b\r\n";
    }
    client.Send(many);
    EXPECT_EQ(client.Read().status, 431);
  }
}

TEST_F(ServerTest, TricklingBodiesAreCutOff) {
  options_.body_timeout = 150ms;
  options_.slowest_body = 1000;
  Start();
  auto client = Client();
  client.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  // No byte is late after the one before; the whole is.
  std::string answer;
  for (int i = 0; i < 1000 && answer.empty(); ++i) {
    client.Send("x");
    answer = client.Some(10ms);
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408")) << answer;
}

TEST_F(ServerTest, SlowClientsAreCutOff) {
  options_.header_timeout = 150ms;
  options_.body_timeout = 150ms;
  options_.idle_timeout = 150ms;
  Start();
  auto loris = Client();
  auto idle = Client();
  auto slow_body = Client();
  EXPECT_EQ(idle.Ask(kHello).status, 200);
  slow_body.Send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
  const auto started = std::chrono::steady_clock::now();
  for (const char c : std::string_view("GET /hello HTTP/1.1\r\nHost: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")) {
    if (!loris.Send(std::string_view(&c, 1))) {
      break;
    }
    std::this_thread::sleep_for(8ms);
  }
  EXPECT_EQ(loris.Read().status, 408);
  EXPECT_LT(std::chrono::steady_clock::now() - started, 3s);
  EXPECT_EQ(slow_body.Read().status, 408);
  EXPECT_EQ(idle.UntilClosed(2s), "");
  EXPECT_FALSE(idle.timed_out());
  auto silent = Client();
  EXPECT_EQ(silent.UntilClosed(2s), "");
  EXPECT_FALSE(silent.timed_out());
}

TEST_F(ServerTest, StalledReadersAreCutOff) {
  options_.write_timeout = 200ms;
  Start();
  auto client = Client();
  for (int i = 0; i < 20; ++i) {
    client.Send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  std::this_thread::sleep_for(600ms);
  std::string all;
  for (auto more = client.Some(2s); !more.empty(); more = client.Some(2s)) {
    all += more;
  }
  EXPECT_LT(all.size(), 60'000'000U);
}

TEST_F(ServerTest, HalfClosedClientsGetTheirAnswer) {
  Start();
  auto client = Client();
  client.Send("GET /pool/x HTTP/1.1\r\nHost: x\r\n\r\n");
  client.HalfClose();
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_EQ(client.UntilClosed(), "");
}

TEST_F(ServerTest, ThrowingHandlersAre500) {
  Start();
  auto client = Client();
  EXPECT_EQ(client.Ask("GET /throws HTTP/1.1\r\nHost: x\r\n\r\n").status, 500);
  EXPECT_EQ(client.Ask(kHello).status, 200);
}

TEST_F(ServerTest, FullPoolsSayBusyAtOnce) {
  options_.read_threads = 1;
  options_.queue = 1;
  Start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 2; ++i) {
    clients.push_back(Client());
    clients.back().Send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    while (i == 0 && waiting_ == 0) {
      std::this_thread::sleep_for(1ms);
    }
  }
  std::this_thread::sleep_for(50ms);
  auto third = Client();
  const auto refused = third.Ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.Header("Retry-After"), "");
  EXPECT_EQ(third.Ask(kHello).status, 200);  // inline handlers still answer
  release_ = true;
  EXPECT_EQ(clients[0].Read().body, "waited");
  EXPECT_EQ(clients[1].Read().body, "waited");
}

TEST_F(ServerTest, SlowHandlersTimeOut) {
  Route route;
  route.pattern = "/too-slow";
  route.timeout = 100ms;
  route.handler = [this](Request&) {
    while (!release_) {
      std::this_thread::sleep_for(2ms);
    }
    return Response::Text(200, "late");
  };
  router_.Add(std::move(route));
  Start();
  auto client = Client();
  EXPECT_EQ(client.Ask("GET /too-slow HTTP/1.1\r\nHost: x\r\n\r\n").status, 503);
  EXPECT_EQ(client.UntilClosed(), "");
}

// What waited too long in the queue is not served late, and never answered by an empty success.
TEST_F(ServerTest, RequestsThatAgeInTheQueueAreRefused) {
  options_.read_threads = 1;
  options_.sweep = 500ms;  // the worker finds out before the sweep does
  Route route;
  route.pattern = "/brief";
  route.timeout = 50ms;
  route.handler = [](Request&) { return Response::Text(200, "late"); };
  router_.Add(std::move(route));
  Start();
  auto first = Client();
  first.Send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  while (waiting_ == 0) {
    std::this_thread::sleep_for(1ms);
  }
  auto second = Client();
  second.Send("GET /brief HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(150ms);
  release_ = true;
  EXPECT_EQ(second.Read().status, 503);
  EXPECT_EQ(first.Read().status, 200);
}

TEST_F(ServerTest, LimitsConnections) {
  options_.max_per_peer = 3;
  Start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(Client());
    EXPECT_EQ(clients.back().Ask(kHello).status, 200);
  }
  auto surplus = Client();
  EXPECT_EQ(surplus.Read().status, 503);
  clients.pop_back();
  for (int i = 0; i < 100; ++i) {
    auto again = Client();
    if (again.Ask(kHello).status == 200) {
      return;
    }
    std::this_thread::sleep_for(10ms);
  }
  FAIL() << "the place of a closed connection was not given back";
}

TEST_F(ServerTest, FilesAndRanges) {
  const auto path = folder_ / "file.bin";
  std::string content;
  for (int i = 0; i < 100'000; ++i) {
    content += std::to_string(i);
  }
  std::ofstream(path, std::ios::binary) << content;
  Add(Method::kGet, "/file",
      [path](Request&) { return Response::File(path, "application/octet-stream")->With("ETag", "\"v1\""); });
  Start();
  auto client = Client();
  const std::string begin = "GET /file HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(client.Ask(begin + "\r\n").body, content);
  auto part = client.Ask(begin + "Range: bytes=10-19\r\n\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, content.substr(10, 10));
  EXPECT_EQ(part.Header("Content-Range"), "bytes 10-19/" + std::to_string(content.size()));
  EXPECT_EQ(client.Ask(begin + "Range: bytes=-5\r\n\r\n").body, content.substr(content.size() - 5));
  EXPECT_EQ(client.Ask(begin + "Range: bytes=99999999-\r\n\r\n").status, 416);
  EXPECT_EQ(client.Ask(begin + "Range: bytes=0-1,5-6\r\n\r\n").status, 200);
  EXPECT_EQ(client.Ask(begin + "Range: bytes=0-1\r\nIf-Range: \"v0\"\r\n\r\n").status, 200);
  EXPECT_EQ(client.Ask(begin + "Range: bytes=0-1\r\nIf-Range: \"v1\"\r\n\r\n").status, 206);
  client.Send("HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.Read(true).Header("Content-Length"), std::to_string(content.size()));
  EXPECT_EQ(client.Ask(kHello).status, 200);
}

TEST_F(ServerTest, ForwardedHeadersCountOnlyFromTrustedProxies) {
  Add(Method::kGet, "/who",
      [](Request& request) { return Response::Text(200, request.peer + (request.secure ? " s" : " p")); });
  options_.trusted_proxies = {"127.0.0.0/8"};
  Start();
  auto client = Client();
  EXPECT_EQ(client
                .Ask("GET /who HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4, 198.51.100.7\r\n"
                     "X-Forwarded-Proto: https\r\n\r\n")
                .body,
            "198.51.100.7 s");
  const auto plain = client.Ask("GET /who HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(plain.body, "127.0.0.1 p");
  EXPECT_EQ(plain.Header("Strict-Transport-Security"), "");
}

TEST_F(ServerTest, ResponseSplittingIsImpossible) {
  Add(Method::kGet, "/split", [](Request&) {
    return Response::Text(200, "x").With("Location", "a\r\nSet-Cookie: evil=1").With("Good", "yes");
  });
  Start();
  auto client = Client();
  const auto reply = client.Ask("GET /split HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(reply.head.find("evil"), std::string::npos);
  EXPECT_EQ(reply.Header("Good"), "yes");
}

TEST_F(ServerTest, EveryAnswerTellsBrowsersWhatTheyMayDoWithIt) {
  Add(Method::kGet, "/own",
      [](Request&) { return Response::Text(200, "x").With("Content-Security-Policy", "default-src 'self'"); });
  Add(Method::kGet, "/page", [](Request&) { return Response::Html(200, "<p>x"); });
  Add(Method::kGet, "/unchanged", [](Request&) { return Response::Empty(304); });
  Start();
  auto client = Client();
  for (const char* path : {"/hello", "/nowhere", "/throws", "/own", "/page", "/hello?%zz"}) {
    const auto reply = client.Ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    for (const char* name : {"X-Content-Type-Options: ", "Content-Security-Policy: ", "Referrer-Policy: ",
                             "Cross-Origin-Resource-Policy: "}) {
      const auto at = reply.head.find(name);
      ASSERT_NE(at, std::string::npos) << path << " lacks " << name;
      EXPECT_EQ(reply.head.find(name, at + 1), std::string::npos) << path << " has two of " << name;
    }
    EXPECT_EQ(reply.Header("X-Content-Type-Options"), "nosniff") << path;
    if (std::string_view(path) != "/own") {
      EXPECT_THAT(reply.Header("Content-Security-Policy"), ::testing::HasSubstr("frame-ancestors 'none'")) << path;
    }
  }
  EXPECT_EQ(client.Ask("GET /own HTTP/1.1\r\nHost: x\r\n\r\n").Header("Content-Security-Policy"), "default-src 'self'");
}

TEST_F(ServerTest, CountsRequestsByRoute) {
  Start();
  auto client = Client();
  client.Ask(kHello);
  client.Ask(kHello);
  client.Ask("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  client.Ask(kHello);
  const auto text = registry_.Text();
  EXPECT_NE(text.find("propolis_http_requests_total{route=\"\",status=\"4xx\"} 1"), std::string::npos);
  EXPECT_NE(text.find("propolis_http_requests_total{route=\"GET /hello\",status=\"2xx\"} "), std::string::npos);
}

}  // namespace
}  // namespace propolis::net
