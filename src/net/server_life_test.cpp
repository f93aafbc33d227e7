// Streams, TLS, stopping, and sockets handed over.
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/un.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/mutex.h"
#include "net/event_queue.h"
#include "net/net_test_support.h"
#include "net/process.h"
#include "net/server.h"

namespace propolis::net {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr std::string_view kEvents = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";

template <class Condition>
bool Eventually(Condition condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) {
      return true;
    }
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

// Holds the open streams, as the live hub does.
class Hub {
 public:
  void Join(const std::shared_ptr<EventStream>& stream) {
    {
      MutexLock lock(mutex_);
      streams_.insert(stream);
    }
    stream->OnClose([this, weak = std::weak_ptr(stream)] {
      MutexLock lock(mutex_);
      if (const auto gone = weak.lock()) {
        streams_.erase(gone);
      }
      ++closed_;
    });
  }
  int Send(std::string_view text) {
    const auto message = SseEvent("note", "7", text);
    int sent = 0;
    for (const auto& stream : All()) {
      sent += stream->Send(message) ? 1 : 0;
    }
    return sent;
  }
  std::set<std::shared_ptr<EventStream>> All() {
    MutexLock lock(mutex_);
    return streams_;
  }
  int Closed() {
    MutexLock lock(mutex_);
    return closed_;
  }

 private:
  Mutex mutex_;
  std::set<std::shared_ptr<EventStream>> streams_ PROPOLIS_GUARDED_BY(mutex_);
  int closed_ PROPOLIS_GUARDED_BY(mutex_) = 0;
};

class LifeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.listen = {Listen{"127.0.0.1:0", false}};
    options_.sweep = 10ms;
    options_.io_threads = 2;
    options_.max_per_peer = 5000;
    log::SetSink([](std::string_view) {});
  }
  void TearDown() override {
    server_.reset();
    log::SetSink({});
  }

  std::unique_ptr<Server> Make(const ServerOptions& options) {
    Router router;
    Route hello;
    hello.pattern = "/hello";
    hello.handler = [](Request& request) { return Response::Text(200, request.secure ? "secure" : "hello"); };
    router.Add(std::move(hello));
    Route slow;
    slow.pattern = "/slow";
    slow.handler = [this](Request&) {
      ++in_hand_;
      std::this_thread::sleep_for(200ms);
      return Response::Text(200, "slow");
    };
    router.Add(std::move(slow));
    Route events;
    events.pattern = "/events";
    events.handler = [this](Request&) {
      return Response::Stream([this](const std::shared_ptr<EventStream>& stream) {
        stream->Send(SseEvent("hello", "", "first"));
        hub_.Join(stream);
      });
    };
    router.Add(std::move(events));
    auto server = Server::Start(options, std::move(router));
    EXPECT_TRUE(server) << (server ? "" : Describe(server.error()));
    return server ? *std::move(server) : nullptr;
  }
  void Start() {
    server_ = Make(options_);
    port_ = server_->Ports().front();
  }

  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
  Hub hub_;
  std::atomic<int> in_hand_{0};
};

TEST_F(LifeTest, StreamsCarryEventsAndEnd) {
  Start();
  RawClient client(port_);
  client.Send(kEvents);
  const auto head = client.Until("\r\n\r\n");
  EXPECT_THAT(head, ::testing::HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(head, ::testing::Not(::testing::HasSubstr("Content-Length")));
  EXPECT_EQ(client.Until("\n\n"), "event: hello\ndata: first\n\n");
  ASSERT_TRUE(Eventually([&] { return hub_.All().size() == 1; }));
  EXPECT_EQ(hub_.Send("a\nb"), 1);
  EXPECT_EQ(client.Until("\n\n"), "event: note\nid: 7\ndata: a\ndata: b\n\n");
  const auto stream = *hub_.All().begin();
  stream->Send(SseEvent("", "", "last"));
  stream->Close();
  EXPECT_FALSE(stream->Send(SseEvent("", "", "never")));
  EXPECT_EQ(client.UntilClosed(), "data: last\n\n");
  EXPECT_TRUE(Eventually([&] { return hub_.Closed() == 1; }));
}

TEST_F(LifeTest, StreamsNoticeThatTheClientLeft) {
  Start();
  {
    RawClient client(port_);
    client.Send(kEvents);
    client.Until("first\n\n");
    ASSERT_TRUE(Eventually([&] { return hub_.All().size() == 1; }));
  }
  EXPECT_TRUE(Eventually([&] { return hub_.Closed() == 1; }));
  EXPECT_TRUE(hub_.All().empty());
}

TEST_F(LifeTest, StreamsAreKeptAwake) {
  options_.keep_awake = 50ms;
  Start();
  RawClient client(port_);
  client.Send(kEvents);
  client.Until("first\n\n");
  EXPECT_EQ(client.Until("\n\n"), ":\n\n");
  EXPECT_EQ(client.Until("\n\n"), ":\n\n");
}

TEST_F(LifeTest, SlowReadersAreDroppedNotWaitedFor) {
  Start();
  RawClient client(port_);
  client.Send(kEvents);
  client.Until("first\n\n");
  ASSERT_TRUE(Eventually([&] { return hub_.All().size() == 1; }));
  const std::string big(100'000, 'x');
  int sent = 0;
  while (sent < 1000 && hub_.Send(big) == 1) {
    ++sent;
  }
  EXPECT_GT(sent, 5);
  EXPECT_LT(sent, 1000);  // the socket's buffers and the queue hold far less than 100 MB
  client.UntilClosed(2s);
  EXPECT_TRUE(Eventually([&] { return hub_.Closed() == 1; }));
}

TEST_F(LifeTest, AThousandStreams) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_max < 2500) {
    GTEST_SKIP() << "fewer than 2500 file descriptors allowed";
  }
  Start();
  std::vector<RawClient> clients;
  for (int i = 0; i < 1000; ++i) {
    clients.emplace_back(port_);
    ASSERT_TRUE(clients.back().connected());
    clients.back().Send(kEvents);
    if (i % 100 == 99) {  // a pool's queue holds 256
      for (std::size_t c = clients.size() - 100; c < clients.size(); ++c) {
        clients[c].Until("first\n\n");
      }
    }
  }
  ASSERT_TRUE(Eventually([&] { return hub_.All().size() == 1000; }));
  EXPECT_EQ(hub_.Send("to all"), 1000);
  for (auto& client : clients) {
    EXPECT_THAT(client.Until("\n\n"), ::testing::EndsWith("data: to all\n\n"));
  }
  clients.clear();
  EXPECT_TRUE(Eventually([&] { return hub_.Closed() == 1000; }));
}

TEST_F(LifeTest, StopFinishesWhatIsBegun) {
  Start();
  RawClient idle(port_);
  EXPECT_EQ(idle.Ask(kHello).status, 200);
  RawClient stream(port_);
  stream.Send(kEvents);
  stream.Until("first\n\n");
  RawClient busy(port_);
  busy.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(Eventually([&] { return in_hand_ == 1; }));
  std::thread stopper([this] { server_->Stop(10s); });
  const auto reply = busy.Read();
  EXPECT_EQ(reply.body, "slow");
  EXPECT_EQ(reply.Header("Connection"), "close");
  EXPECT_THAT(stream.UntilClosed(), ::testing::MatchesRegex("retry: [0-9]+\n\n"));
  EXPECT_EQ(idle.UntilClosed(), "");
  const auto started = std::chrono::steady_clock::now();
  busy.UntilClosed();
  {
    RawClient gone = std::move(busy);
  }
  stopper.join();
  EXPECT_LT(std::chrono::steady_clock::now() - started, 5s);
  EXPECT_FALSE(RawClient(port_).connected());
}

// Clients hammer while one server stops and the next takes over the same listening socket: nobody is turned away.
TEST_F(LifeTest, HandOverLosesNoConnection) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(fd, 1024), 0);
  options_.listen = {Listen{"fd:" + std::to_string(fd), false}};
  Start();
  std::atomic<bool> stop{false};
  std::atomic<int> good{0};
  std::atomic<int> bad{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (!stop) {
        RawClient client(port_);
        const auto reply = client.Ask("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        ++(reply.status == 200 ? good : bad);
      }
    });
  }
  for (int round = 0; round < 3; ++round) {
    const auto before = good.load();
    ASSERT_TRUE(Eventually([&] { return good > before + 20; }));
    auto next = Make(options_);
    server_->Stop(5s);
    server_ = std::move(next);
  }
  stop = true;
  threads.clear();
  EXPECT_EQ(bad, 0);
  EXPECT_GT(good, 60);
  ::close(fd);
}

TEST(Process, HandedSocketsAndNotification) {
  ::setenv("LISTEN_PID", "1", 1);
  ::setenv("LISTEN_FDS", "1", 1);
  EXPECT_TRUE(TakeHandedSockets().empty());  // meant for another process
  EXPECT_EQ(std::getenv("LISTEN_FDS"), nullptr);
  ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
  ::setenv("LISTEN_FDS", "2", 1);
  ::setenv("LISTEN_FDNAMES", "http:lmtp", 1);
  const auto sockets = TakeHandedSockets();
  ASSERT_EQ(sockets.size(), 2U);
  EXPECT_EQ(sockets[0].fd, 3);
  EXPECT_EQ(sockets[1].name, "lmtp");

  EXPECT_FALSE(NotifySupervisor("READY=1"));
  const auto path = std::filesystem::temp_directory_path() / ("notify_" + std::to_string(::getpid()));
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  EXPECT_TRUE(NotifySupervisor("READY=1"));
  std::string buffer(64, '\0');
  buffer.resize(static_cast<std::size_t>(::recv(fd, buffer.data(), buffer.size(), 0)));
  EXPECT_EQ(buffer, "READY=1");
  ::unsetenv("NOTIFY_SOCKET");
  ::close(fd);
  std::filesystem::remove(path);
}

// ---- TLS
// -------------------------------------------------------------------------------------------------------------

class TlsClient {
 public:
  TlsClient(std::uint16_t port, int most_version) : raw_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_, 0);
    SSL_CTX_set_max_proto_version(context_, most_version);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, raw_.fd());
    connected_ = SSL_connect(ssl_) == 1;
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string Version() const { return SSL_get_version(ssl_); }
  [[nodiscard]] std::string Subject() const {
    X509* certificate = SSL_get1_peer_certificate(ssl_);
    char* name = X509_NAME_oneline(X509_get_subject_name(certificate), nullptr, 0);
    std::string subject = name;
    OPENSSL_free(name);
    X509_free(certificate);
    return subject;
  }
  std::string Ask(std::string_view request, std::string_view until) {
    SSL_write(ssl_, request.data(), static_cast<int>(request.size()));
    std::string all;
    std::array<char, 4096> buffer;
    while (!all.contains(until)) {
      const int got = SSL_read(ssl_, buffer.data(), buffer.size());
      if (got <= 0) {
        break;
      }
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  RawClient raw_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool connected_ = false;
};

class TlsTest : public LifeTest {
 protected:
  void SetUp() override {
    LifeTest::SetUp();
    if (std::system("command -v openssl >/dev/null") != 0) {
      GTEST_SKIP() << "no openssl program to make a certificate with";
    }
    folder_ = std::filesystem::temp_directory_path() / ("tls_test_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    Certify("one");
    options_.listen = {Listen{"127.0.0.1:0", true}};
    options_.certificate = folder_ / "cert.pem";
    options_.private_key = folder_ / "key.pem";
  }
  void TearDown() override {
    LifeTest::TearDown();
    std::filesystem::remove_all(folder_);
  }
  void Certify(const std::string& name) {
    const auto command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name + " -keyout " +
        (folder_ / "key.pem").string() + " -out " + (folder_ / "cert.pem").string() + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  std::filesystem::path folder_;
};

TEST_F(TlsTest, SpeaksTls12And13Only) {
  Start();
  for (const auto& [version, name] : {std::pair{TLS1_3_VERSION, "TLSv1.3"}, std::pair{TLS1_2_VERSION, "TLSv1.2"}}) {
    TlsClient client(port_, version);
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(client.Version(), name);
    for (int i = 0; i < 2; ++i) {
      const auto reply = client.Ask(kHello, "secure");
      EXPECT_THAT(reply, ::testing::HasSubstr("Strict-Transport-Security: "));
      EXPECT_THAT(reply, ::testing::EndsWith("\r\n\r\nsecure"));
    }
  }
  EXPECT_FALSE(TlsClient(port_, TLS1_1_VERSION).connected());
  RawClient plain(port_);
  plain.Send(kHello);
  EXPECT_THAT(plain.UntilClosed(), ::testing::Not(::testing::HasSubstr("HTTP/1.1 200")));
}

TEST_F(TlsTest, StreamsOverTls) {
  Start();
  TlsClient client(port_, TLS1_3_VERSION);
  EXPECT_THAT(client.Ask(kEvents, "first\n\n"), ::testing::HasSubstr("text/event-stream"));
  ASSERT_TRUE(Eventually([&] { return hub_.All().size() == 1; }));
  hub_.Send("over tls");
  EXPECT_THAT(client.Ask("", "tls\n\n"), ::testing::HasSubstr("data: over tls\n\n"));
}

TEST_F(TlsTest, ReloadsItsCertificate) {
  Start();
  EXPECT_EQ(TlsClient(port_, TLS1_3_VERSION).Subject(), "/CN=one");
  Certify("two");
  ASSERT_TRUE(server_->ReloadCertificate());
  EXPECT_EQ(TlsClient(port_, TLS1_3_VERSION).Subject(), "/CN=two");
  std::filesystem::remove(folder_ / "key.pem");
  EXPECT_FALSE(server_->ReloadCertificate());
  EXPECT_EQ(TlsClient(port_, TLS1_3_VERSION).Subject(), "/CN=two");
}

TEST_F(TlsTest, SilentHandshakesAreCutOff) {
  options_.header_timeout = 100ms;
  Start();
  RawClient silent(port_);
  EXPECT_EQ(silent.UntilClosed(5s), "");
  EXPECT_FALSE(silent.timed_out());
}

TEST_F(TlsTest, RefusesFilesThatDoNotFit) {
  options_.private_key = "/nonexistent";
  const auto server = Server::Start(options_, Router());
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().message, "net.tls_files");
}

TEST(EventQueue, BoundsAndOrder) {
  EventQueue queue;
  int woken = 0;
  queue.Attach([&] { ++woken; });
  EXPECT_TRUE(queue.Take().messages.empty());
  EXPECT_TRUE(queue.Send(SseEvent("", "", "1")));
  EXPECT_TRUE(queue.Send(SseEvent("", "", "2")));
  EXPECT_EQ(woken, 1);
  const auto taken = queue.Take();
  ASSERT_EQ(taken.messages.size(), 2U);
  EXPECT_EQ(*taken.messages[0], "data: 1\n\n");
  for (std::size_t i = 0; i < EventStream::kMaxQueued; ++i) {
    EXPECT_TRUE(queue.Send(SseEvent("", "", "x")));
  }
  EXPECT_FALSE(queue.Send(SseEvent("", "", "too many")));
  EXPECT_FALSE(queue.Send(SseEvent("", "", "after")));
  EXPECT_TRUE(queue.Take().closed);
  bool told = false;
  queue.OnClose([&] { told = true; });
  EXPECT_FALSE(told);
  queue.Gone();
  EXPECT_TRUE(told);
}

TEST(Sse, LineEndsCannotForgeFields) {
  EXPECT_EQ(*SseEvent("a\nevent: b", "1\r\nid: 2", "x\r\ny\rz"), "event: a\nid: 1\ndata: x\ndata: y\ndata: z\n\n");
}

}  // namespace
}  // namespace propolis::net
