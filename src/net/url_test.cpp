#include "net/url.h"

#include <gtest/gtest.h>

#include "net/address.h"
#include "net/head_check.h"
#include "net/peers.h"
#include "net/response_head.h"
#include "net/router.h"

namespace propolis::net {
namespace {

TEST(Url, Targets) {
  const auto target = ParseTarget("/a/b%20c/%C3%A9?x=1&y=a+b%2B&x=2&flag");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/a/b c/é");
  EXPECT_EQ(target->segments, (std::vector<std::string>{"a", "b c", "é"}));
  EXPECT_EQ(target->query.Find("y"), "a b+");
  EXPECT_EQ(target->query.All("x"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_EQ(target->query.Find("flag"), "");
  EXPECT_EQ(ParseTarget("/")->path, "/");
  EXPECT_EQ(ParseTarget("/a/")->path, "/a/");
  EXPECT_EQ(ParseTarget("http://host:80/a?b=1")->path, "/a");
  for (const std::string_view bad :
       {"",          "a",      "*",     "/a/../b", "/..",     "/a/.",    "/%2e%2e/a",    "/a//b",
        "/a%2fb",    "/a%5Cb", "/a\\b", "/a%00",   "/a%0",    "/a%",     "/a%gg",        "/a b",
        "/\xc3\xa9", "/%ff",   "/a#b",  "/?a=%00", "/?a=%zz", "/?a=%ff", "ftp://host/a", "//host/a"}) {
    EXPECT_FALSE(ParseTarget(bad)) << bad;
  }
  EXPECT_FALSE(ParseTarget("/" + std::string(100, '/')));
  std::string deep;
  for (int i = 0; i < 40; ++i) {
    deep += "/a";
  }
  EXPECT_FALSE(ParseTarget(deep));
  std::string many = "/?";
  for (int i = 0; i < 300; ++i) {
    many += "a=1&";
  }
  EXPECT_FALSE(ParseTarget(many));
  EXPECT_EQ(PercentEncode("a b/é~"), "a%20b%2F%C3%A9~");
}

TEST(RouterTest, FixedBeforeParameterBeforeRest) {
  Router router;
  const auto add = [&](Method method, std::string pattern) {
    Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    route.handler = [](Request&) { return Response(); };
    router.Add(std::move(route));
  };
  add(Method::kGet, "/");
  add(Method::kGet, "/tickets");
  add(Method::kPost, "/tickets");
  add(Method::kGet, "/tickets/{id}");
  add(Method::kGet, "/tickets/stats");
  add(Method::kGet, "/tickets/{id}/messages/{n}");
  add(Method::kGet, "/{rest...}");
  const auto find = [&](Method method, std::string_view path) {
    const auto target = ParseTarget(path);
    auto match = router.Find(method, target->segments);
    std::string out = match.route == nullptr ? "none " + match.allow : match.route->pattern;
    for (const auto& [name, value] : match.params.items()) {
      out.append(" ").append(name).append("=").append(value);
    }
    return out;
  };
  EXPECT_EQ(find(Method::kGet, "/"), "/");
  EXPECT_EQ(find(Method::kHead, "/tickets"), "/tickets");
  EXPECT_EQ(find(Method::kPost, "/tickets"), "/tickets");
  EXPECT_EQ(find(Method::kPut, "/tickets"), "none GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(find(Method::kGet, "/tickets/7"), "/tickets/{id} id=7");
  EXPECT_EQ(find(Method::kGet, "/tickets/stats"), "/tickets/stats");
  EXPECT_EQ(find(Method::kGet, "/tickets/stats/messages/3"), "/tickets/{id}/messages/{n} id=stats n=3");
  EXPECT_EQ(find(Method::kGet, "/tickets/7/other"), "/{rest...} rest=tickets/7/other");
  EXPECT_EQ(find(Method::kDelete, "/x/y"), "none GET, HEAD, OPTIONS");
}

TEST(Peers, RangesAndForwarding) {
  EXPECT_TRUE(IpRange::Parse("10.0.0.0/8")->Contains(*IpAddress::Parse("10.255.1.2")));
  EXPECT_FALSE(IpRange::Parse("10.0.0.0/8")->Contains(*IpAddress::Parse("11.0.0.1")));
  EXPECT_TRUE(IpRange::Parse("192.0.2.128/25")->Contains(*IpAddress::Parse("::ffff:192.0.2.200")));
  EXPECT_TRUE(IpRange::Parse("2001:db8::/33")->Contains(*IpAddress::Parse("2001:db8:7fff::1")));
  EXPECT_FALSE(IpRange::Parse("2001:db8::/33")->Contains(*IpAddress::Parse("2001:db8:8000::1")));
  for (const std::string_view bad : {"", "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/8x", "host"}) {
    EXPECT_FALSE(IpRange::Parse(bad)) << bad;
  }
  const auto trust = ProxyTrust::Parse({"10.0.0.0/8", "::1"});
  ASSERT_TRUE(trust);
  Headers headers;
  headers.Add("X-Forwarded-For", "6.6.6.6, 198.51.100.7");
  headers.Add("x-forwarded-for", "10.1.1.1");
  headers.Add("X-Forwarded-Proto", "http, https");
  const auto client = trust->ClientOf(*IpAddress::Parse("10.0.0.1"), false, headers);
  EXPECT_EQ(client.address, "198.51.100.7");
  EXPECT_TRUE(client.secure);
  EXPECT_EQ(trust->ClientOf(*IpAddress::Parse("203.0.113.9"), false, headers).address, "203.0.113.9");
  Headers broken;
  broken.Add("X-Forwarded-For", "1.2.3.4, unknown, 10.2.2.2");
  EXPECT_EQ(trust->ClientOf(*IpAddress::Parse("10.0.0.1"), false, broken).address, "10.2.2.2");
}

TEST(Ranges, OneRangeOnly) {
  const auto at = [](std::string_view field) {
    const auto range = ParseRange(field, 100);
    return range ? std::to_string(range->offset) + "+" + std::to_string(range->length) : std::string("-");
  };
  EXPECT_EQ(at("bytes=0-0"), "0+1");
  EXPECT_EQ(at("Bytes=90-"), "90+10");
  EXPECT_EQ(at("bytes=90-500"), "90+10");
  EXPECT_EQ(at("bytes=-500"), "0+100");
  EXPECT_EQ(at("bytes=-0"), "100+0");
  EXPECT_EQ(at("bytes=100-"), "0+0");
  EXPECT_EQ(at("bytes=5-4"), "-");
  EXPECT_EQ(at("bytes=1-2,4-5"), "-");
  EXPECT_EQ(at("bytes=18446744073709551616-"), "-");
  EXPECT_EQ(at("items=1-2"), "-");
}

TEST(Addresses, Forms) {
  EXPECT_EQ(ParseListenAddress("[::1]:8080")->host, "::1");
  EXPECT_EQ(ParseListenAddress("127.0.0.1:0")->port, 0);
  EXPECT_EQ(ParseListenAddress("fd:3")->fd, 3);
  EXPECT_EQ(ParseListenAddress("unix:/x")->unix_path, "/x");
  for (const std::string_view bad : {"", ":80", "::1:80", "host", "host:", "host:65536", "fd:-1", "unix:"}) {
    EXPECT_FALSE(ParseListenAddress(bad)) << bad;
  }
}

TEST(HttpTypes, DatesCookiesHeaders) {
  EXPECT_EQ(HttpDate(std::chrono::sys_seconds(std::chrono::seconds(784111777))), "Sun, 06 Nov 1994 08:49:37 GMT");
  Request request;
  request.headers.Add("Cookie", "a=1; sid=\"x=y\"; a=2");
  EXPECT_EQ(request.Cookie("sid"), "x=y");
  EXPECT_EQ(request.Cookie("a"), "1");
  EXPECT_EQ(request.Cookie("b"), std::nullopt);
  CookieOptions options;
  options.max_age = std::chrono::seconds(0);
  options.strict = true;
  EXPECT_EQ(SetCookie("a", "b", options), "a=b; Path=/; SameSite=Strict; HttpOnly; Secure; Max-Age=0");
  Headers headers;
  headers.Add("A", "1");
  headers.Add("b", "2");
  headers.Set("a", *headers.Find("b"));
  EXPECT_EQ(headers.Find("A"), "2");
  EXPECT_EQ(headers.Count("a"), 1U);
  EXPECT_TRUE(HasFold("A: b\r\n c\r\n"));
  EXPECT_FALSE(HasFold("A: b\r\nC: d\r\n"));
}

}  // namespace
}  // namespace propolis::net
