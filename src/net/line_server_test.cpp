#include "net/line_server.h"

#include <gtest/gtest.h>
#include <sys/un.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "net/dot_reader.h"
#include "net/net_test_support.h"

namespace propolis::net {
namespace {

using namespace std::chrono_literals;
using testing::RawClient;

struct Seen {
  std::atomic<int> closed{0};
  std::atomic<int> opened{0};
};

// HELLO, DATA, QUIT, THROW.
class Session final : public LineSession {
 public:
  explicit Session(Seen& seen) : seen_(seen) {}
  LineReply OnConnect(const LinePeer& peer) override {
    ++seen_.opened;
    return {"220 " + peer.address + "\r\n", LineReply::Next::kLine};
  }
  LineReply OnLine(std::string_view line) override {
    if (line == "DATA") {
      data_.clear();
      return {"354 go\r\n", LineReply::Next::kData};
    }
    if (line == "QUIT") {
      return {"221 bye\r\n", LineReply::Next::kClose};
    }
    if (line == "THROW") {
      throw std::runtime_error("boom");
    }
    return {"250 " + std::string(line) + "\r\n", LineReply::Next::kLine};
  }
  bool OnData(std::string_view piece) override {
    data_.append(piece);
    return true;
  }
  LineReply OnDataEnd(const DataEnd& end) override {
    return {"250 " + std::to_string(end.size) + (end.too_large ? " large" : "") + (end.bare_newline ? " bare" : "") +
                " " + std::to_string(std::hash<std::string>{}(data_)) + "\r\n",
            LineReply::Next::kLine};
  }
  void OnClose() override { ++seen_.closed; }

 private:
  Seen& seen_;
  std::string data_;
};

class LineServerTest : public ::testing::Test {
 protected:
  void Start() {
    options_.listen = options_.listen.empty() ? "127.0.0.1:0" : options_.listen;
    auto server = LineServer::Start(options_, [this] { return std::make_unique<Session>(seen_); });
    ASSERT_TRUE(server) << Describe(server.error());
    server_ = *std::move(server);
  }
  RawClient Client() { return RawClient(server_->Port()); }

  Seen seen_;
  LineServerOptions options_;
  std::unique_ptr<LineServer> server_;
};

TEST_F(LineServerTest, TalksAndPipelines) {
  Start();
  auto client = Client();
  EXPECT_EQ(client.Until("\r\n"), "220 127.0.0.1\r\n");
  const std::string data = "a\r\n.b\r\n";
  client.Send("ONE\r\nTWO\r\nDATA\r\na\r\n..b\r\n.\r\nTHREE\r\nQUIT\r\nFOUR\r\n");
  EXPECT_EQ(client.UntilClosed(), "250 ONE\r\n250 TWO\r\n354 go\r\n250 7 " +
                                      std::to_string(std::hash<std::string>{}(data)) + "\r\n250 THREE\r\n221 bye\r\n");
  for (int i = 0; i < 200 && seen_.closed == 0; ++i) {
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_EQ(seen_.closed, 1);
}

TEST_F(LineServerTest, ByteByByte) {
  Start();
  auto client = Client();
  client.Until("\r\n");
  for (const char c : std::string_view("DATA\r\nx\r\n.\r\nQUIT\r\n")) {
    client.Send(std::string_view(&c, 1));
  }
  EXPECT_THAT(client.UntilClosed(), ::testing::StartsWith("354 go\r\n250 3 "));
}

TEST_F(LineServerTest, SmugglingIsNotPossible) {
  Start();
  for (const std::string_view fake : {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n"}) {
    auto client = Client();
    client.Until("\r\n");
    client.Send("DATA\r\nx" + std::string(fake) + "QUIT\r\n.\r\nQUIT\r\n");
    const auto all = client.UntilClosed();
    EXPECT_THAT(all, ::testing::HasSubstr(" bare ")) << fake;
    EXPECT_EQ(all.find("221"), all.rfind("221"));
    EXPECT_THAT(all, ::testing::StartsWith("354 go\r\n250 "));
  }
}

TEST_F(LineServerTest, BadLinesEndTheSession) {
  options_.max_line = 20;
  Start();
  for (const std::string_view line : {"NOCR\n", "A\rB\r\n", "123456789012345678901\r\n", "1234567890123456789012345"}) {
    auto client = Client();
    client.Until("\r\n");
    client.Send(line);
    EXPECT_THAT(client.UntilClosed(), ::testing::StartsWith("500 ")) << line;
  }
}

TEST_F(LineServerTest, TooMuchDataIsReadAndToldOf) {
  options_.max_data = 1000;
  Start();
  auto client = Client();
  client.Until("\r\n");
  client.Send("DATA\r\n" + std::string(300'000, 'x') + "\r\n.\r\nQUIT\r\n");
  EXPECT_THAT(client.UntilClosed(), ::testing::HasSubstr("250 300002 large"));
}

TEST_F(LineServerTest, LimitsConnectionsAndTime) {
  options_.max_connections = 1;
  options_.line_timeout = 200ms;
  Start();
  auto first = Client();
  first.Until("\r\n");
  auto second = Client();
  EXPECT_THAT(second.UntilClosed(), ::testing::StartsWith("421 4.3.2"));
  EXPECT_THAT(first.UntilClosed(), ::testing::StartsWith("421 4.4.2"));
  EXPECT_FALSE(first.timed_out());
}

TEST_F(LineServerTest, ThrowingSessionsEndPolitely) {
  Start();
  auto client = Client();
  client.Until("\r\n");
  client.Send("THROW\r\n");
  EXPECT_THAT(client.UntilClosed(), ::testing::StartsWith("421 "));
}

TEST_F(LineServerTest, StopsGracefully) {
  Start();
  auto idle = Client();
  auto busy = Client();
  idle.Until("\r\n");
  busy.Until("\r\n");
  busy.Send("DATA\r\nhalf");
  busy.Until("354 go\r\n");
  std::thread stopper([this] { server_->Stop(5s); });
  EXPECT_THAT(idle.UntilClosed(), ::testing::StartsWith("421 4.3.2"));
  busy.Send(" done\r\n.\r\n");
  EXPECT_THAT(busy.UntilClosed(), ::testing::StartsWith("250 11 "));
  stopper.join();
  EXPECT_EQ(seen_.closed, 2);
  EXPECT_FALSE(RawClient(server_->Port()).connected());
}

TEST_F(LineServerTest, StopWithoutGraceCutsMessages) {
  Start();
  auto busy = Client();
  busy.Until("\r\n");
  busy.Send("DATA\r\nhalf");
  busy.Until("354 go\r\n");
  const auto started = std::chrono::steady_clock::now();
  server_->Stop(0ms);
  EXPECT_LT(std::chrono::steady_clock::now() - started, 3s);
  EXPECT_EQ(seen_.closed, 1);
}

TEST_F(LineServerTest, UnixSockets) {
  const auto path = std::filesystem::temp_directory_path() / ("line_test_" + std::to_string(::getpid()));
  options_.listen = "unix:" + path.string();
  Start();
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  std::array<char, 64> buffer{};
  EXPECT_EQ(::read(fd, buffer.data(), buffer.size()), 10);
  EXPECT_EQ(std::string_view(buffer.data()), "220 unix\r\n");
  ::close(fd);
  server_->Stop(0ms);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(LineServer, RefusesBadAddresses) {
  for (const std::string_view where : {"", "nonsense", "127.0.0.1:99999", "fd:x", "::1:25"}) {
    LineServerOptions options;
    options.listen = where;
    EXPECT_FALSE(LineServer::Start(options, [] { return nullptr; })) << where;
  }
}

TEST(DotReader, AnySplitGivesTheSame) {
  const std::string_view wire = "..a\r\n.\rb\r\n\r\n..\r\n.c\n.\r\nd\r\n.\r\nREST";
  const std::string expected = ".a\r\n\rb\r\n\r\n.\r\nc\n.\r\nd\r\n";
  for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
    DotReader reader;
    std::string out;
    auto used = reader.Feed(wire.substr(0, cut), out);
    if (!reader.done()) {
      ASSERT_EQ(used, cut);
      used += reader.Feed(wire.substr(cut), out);
    }
    EXPECT_TRUE(reader.done());
    EXPECT_TRUE(reader.bare_newline());
    EXPECT_EQ(out, expected) << cut;
    EXPECT_EQ(wire.substr(used), "REST") << cut;
  }
}

}  // namespace
}  // namespace propolis::net
