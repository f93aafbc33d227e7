// Calls to URLs that people give: which addresses are refused, how templates are escaped, and calls to a real server.
#include <gmock/gmock.h>

#include "channels/http/client.h"
#include "channels/http/http_test_support.h"
#include "channels/http/template.h"

namespace propolis::http {
namespace {

using testing::Answer;
using ::testing::HasSubstr;
using testing::OneByOneServer;
using ::testing::SizeIs;

Allowed Loopback() { return ParseAllowed({"127.0.0.0/8"}).value(); }

bool Public(const std::string& text) { return IsPublic(net::IpAddress::Parse(text).value()); }

TEST(HttpGuard, OnlyPublicAddressesAreCalled) {
  for (const char* good : {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0",
                           "192.167.255.255", "223.255.255.255", "2606:4700::1111", "64:ff9b::808:808"}) {
    EXPECT_TRUE(Public(good)) << good;
  }
  for (const char* bad : {"0.0.0.0",
                          "10.0.0.1",
                          "100.64.0.1",
                          "127.0.0.1",
                          "127.255.255.255",
                          "169.254.169.254",
                          "172.16.0.1",
                          "172.31.255.255",
                          "192.0.0.1",
                          "192.168.1.1",
                          "198.18.0.1",
                          "224.0.0.1",
                          "240.0.0.1",
                          "255.255.255.255",
                          "::",
                          "::1",
                          "::ffff:127.0.0.1",
                          "::ffff:10.0.0.1",
                          "64:ff9b::7f00:1",
                          "64:ff9b::a00:1",
                          "fc00::1",
                          "fd12::1",
                          "fe80::1",
                          "fec0::1",
                          "ff02::1",
                          "2001::1",
                          "2001:db8::1",
                          "2002:7f00:1::1",
                          "3fff::1",
                          "4000::1"}) {
    EXPECT_FALSE(Public(bad)) << bad;
  }
}

TEST(HttpGuard, AnAllowedNetworkIsCalledEvenWithoutTls) {
  const auto allowed = ParseAllowed({"10.1.0.0/16", "fd00::/8"}).value();
  const auto may = [&](const char* text, bool tls) {
    return MayCall(net::IpAddress::Parse(text).value(), tls, allowed);
  };
  EXPECT_TRUE(may("10.1.2.3", false));
  EXPECT_TRUE(may("fd00::1", false));
  EXPECT_FALSE(may("10.2.0.1", true));
  EXPECT_TRUE(may("8.8.8.8", true));
  EXPECT_FALSE(may("8.8.8.8", false));
  EXPECT_EQ(ParseAllowed({"10.0.0.0/8", "everywhere"}).error().fields.at(0).field, "networks/1");
}

TEST(HttpTemplate, AValueCannotLeaveItsPlace) {
  const Values values = {{"text", "a\"b\\c\r\nX: <y>&z'"}, {"to", "+34 600"}};
  EXPECT_EQ(Fill("https://x/{{to}}?t={{text}}", values, Place::kUrl),
            "https://x/%2B34%20600?t=a%22b%5Cc%0D%0AX%3A%20%3Cy%3E%26z%27");
  EXPECT_EQ(Fill("{{text}}", values, Place::kHeader), "a\"b\\c  X: <y>&z'");
  EXPECT_EQ(Fill(R"({"t":"{{text}}"})", values, Place::kJson), R"({"t":"a\"b\\c\r\nX: <y>&z'"})");
  EXPECT_EQ(Fill("t={{text}}", values, Place::kForm), "t=a%22b%5Cc%0D%0AX%3A%20%3Cy%3E%26z%27");
  EXPECT_EQ(Fill("<t>{{text}}</t>", values, Place::kXml), "<t>a&quot;b\\c\nX: &lt;y&gt;&amp;z&apos;</t>");
  EXPECT_EQ(Fill("{{none}}|{{to", values, Place::kPlain), "|{{to");
  // What was filled in is not read again.
  EXPECT_EQ(Fill("{{text}}", {{"text", "{{to}}"}, {"to", "x"}}, Place::kPlain), "{{to}}");
}

TEST(HttpTemplate, ThePlaceFollowsFromTheMediaType) {
  EXPECT_EQ(PlaceOf("application/json; charset=utf-8"), Place::kJson);
  EXPECT_EQ(PlaceOf("APPLICATION/VND.api+JSON"), Place::kJson);
  EXPECT_EQ(PlaceOf("application/x-www-form-urlencoded"), Place::kForm);
  EXPECT_EQ(PlaceOf("text/xml"), Place::kXml);
  EXPECT_EQ(PlaceOf("text/plain"), Place::kPlain);
}

TEST(HttpClient, SendsWhatItIsToldAndAnswersTheStatus) {
  OneByOneServer server({Answer("201 Created")});
  const auto status = Send({.method = "PUT",
                            .url = server.Url("/hook?a=b"),
                            .headers = {{"Content-Type", "application/json"}, {"X-One", "two"}},
                            .body = R"({"x":1})"},
                           Loopback());
  EXPECT_EQ(status.value(), 201);
  const auto& requests = server.Stop();
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_THAT(requests[0], ::testing::StartsWith("PUT /hook?a=b HTTP/1.1\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("X-One: two\r\n"));
  EXPECT_THAT(requests[0], ::testing::EndsWith("\r\n\r\n{\"x\":1}"));
}

TEST(HttpClient, AnAddressThatMayNotBeCalledIsNeverConnectedTo) {
  OneByOneServer server({Answer("200 OK")});
  const auto port = server.Url().substr(std::string("http://127.0.0.1").size());
  for (const std::string& url : {server.Url(), "http://localhost" + port, "https://127.0.0.1" + port,
                                 "http://[::1]" + port, "http://0.0.0.0" + port, "http://2130706433" + port}) {
    const auto status = Send({.url = url, .headers = {}, .body = {}}, {});
    ASSERT_FALSE(status) << url;
    EXPECT_EQ(status.error().message, "http.refused_address") << url;
  }
  EXPECT_THAT(server.Stop(), SizeIs(0));
}

TEST(HttpClient, RedirectsAreNotFollowed) {
  OneByOneServer server({Answer("302 Found", "Location: http://127.0.0.1:1/\r\n")});
  EXPECT_EQ(Send({.url = server.Url(), .headers = {}, .body = {}}, Loopback()).value(), 302);
}

TEST(HttpClient, AnAnswerWithoutEndIsCutOff) {
  OneByOneServer server({Answer("200 OK", "", std::string(kLargestAnswer + 1, 'x'))});
  EXPECT_EQ(Send({.url = server.Url(), .headers = {}, .body = {}}, Loopback()).error().message, "http.failed");
}

TEST(HttpClient, OtherProtocolsAreRefused) {
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"}) {
    EXPECT_FALSE(Send({.url = url, .headers = {}, .body = {}}, Loopback())) << url;
  }
}

}  // namespace
}  // namespace propolis::http
