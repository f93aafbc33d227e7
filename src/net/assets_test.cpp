#include "net/assets.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

namespace propolis::net {
namespace {

std::string Pack(std::string_view index, std::string_view bytes) {
  std::string pack = "PPACK01\n";
  const auto size = static_cast<std::uint32_t>(index.size());
  pack.append(reinterpret_cast<const char*>(&size), sizeof size);
  return pack + std::string(index) + std::string(bytes);
}

Request Get(std::string path) {
  Request request;
  request.path = std::move(path);
  return request;
}

class AssetsTest : public ::testing::Test {
 protected:
  const std::string pack_ = Pack(
      R"({"files":[
        {"path":"/index.html","type":"text/html; charset=utf-8","etag":"\"h1\"","immutable":false,
         "variants":[{"encoding":"","offset":0,"length":4}]},
        {"path":"/portal.html","type":"text/html; charset=utf-8","etag":"\"h2\"","immutable":false,
         "variants":[{"encoding":"","offset":4,"length":6}]},
        {"path":"/assets/app-12345678.js","type":"text/javascript","etag":"\"h3\"","immutable":true,
         "variants":[{"encoding":"br","offset":10,"length":2},{"encoding":"gzip","offset":12,"length":3},
                     {"encoding":"","offset":15,"length":5}]}]})",
      "homeportalBRgzipplain");
  const Assets assets_ = *Assets::Open(pack_, WebApps());
};

TEST_F(AssetsTest, NegotiatesEncodings) {
  auto request = Get("/assets/app-12345678.js");
  EXPECT_EQ(assets_.Serve(request)->static_body, "pplai");
  request.headers.Set("Accept-Encoding", "gzip, br;q=0.5");
  EXPECT_EQ(assets_.Serve(request)->static_body, "BR");
  EXPECT_EQ(assets_.Serve(request)->headers.Find("Content-Encoding"), "br");
  EXPECT_EQ(assets_.Serve(request)->headers.Find("Vary"), "Accept-Encoding");
  request.headers.Set("Accept-Encoding", "br;q=0, GZIP;q=1.0");
  EXPECT_EQ(assets_.Serve(request)->headers.Find("Content-Encoding"), "gzip");
  request.headers.Set("Accept-Encoding", "identity");
  EXPECT_EQ(assets_.Serve(request)->headers.Find("Content-Encoding"), std::nullopt);
}

TEST_F(AssetsTest, CachesAndRevalidates) {
  auto request = Get("/assets/app-12345678.js");
  EXPECT_THAT(std::string(*assets_.Serve(request)->headers.Find("Cache-Control")), ::testing::HasSubstr("immutable"));
  EXPECT_EQ(assets_.Serve(Get("/"))->headers.Find("Cache-Control"), "no-cache");
  request.headers.Set("If-None-Match", "\"other\", W/\"h3\"");
  EXPECT_EQ(assets_.Serve(request)->status, 304);
  EXPECT_TRUE(assets_.Serve(request)->static_body.empty());
  request.headers.Set("If-None-Match", "\"h\"");
  EXPECT_EQ(assets_.Serve(request)->status, 200);
}

TEST_F(AssetsTest, UnknownPathsGetTheirApplication) {
  EXPECT_EQ(assets_.Serve(Get("/"))->static_body, "home");
  EXPECT_EQ(assets_.Serve(Get("/tickets/PR-1"))->static_body, "home");
  EXPECT_EQ(assets_.Serve(Get("/portal"))->static_body, "portal");
  EXPECT_EQ(assets_.Serve(Get("/portal/a/b"))->static_body, "portal");
  EXPECT_EQ(assets_.Serve(Get("/portals"))->static_body, "home");
  EXPECT_FALSE(assets_.Serve(Get("/assets/gone.js")));
  EXPECT_FALSE(assets_.Serve(Get("/survey/x")));  // its page is not in this pack
}

TEST_F(AssetsTest, PagesCarryTheirPolicy) {
  const auto page = assets_.Serve(Get("/"));
  const std::string policy(*page->headers.Find("Content-Security-Policy"));
  EXPECT_THAT(policy, ::testing::HasSubstr("script-src 'self';"));
  EXPECT_THAT(policy, ::testing::HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(page->headers.Find("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(page->headers.Find("Referrer-Policy"), "no-referrer");
}

TEST_F(AssetsTest, TheRouteKnowsWhatIsNotOurs) {
  const auto route = AssetsRoute(std::make_shared<const Assets>(assets_), {"/api/"},
                                 [](const Request&) { return Response::Text(404, "missing"); });
  auto api = Get("/api/v1/none");
  EXPECT_EQ(route.handler(api).status, 404);
  auto page = Get("/tickets");
  EXPECT_EQ(route.handler(page).status, 200);
  const auto empty = AssetsRoute(std::make_shared<const Assets>(*Assets::Open("", WebApps())), {},
                                 [](const Request&) { return Response::Text(404, "missing"); });
  auto root = Get("/");
  EXPECT_THAT(empty.handler(root).body, ::testing::HasSubstr("without the web interface"));
  EXPECT_EQ(empty.handler(page).status, 404);
}

TEST_F(AssetsTest, DamagedPacksAreRefused) {
  EXPECT_TRUE(Assets::Open(Assets::Embedded(), WebApps()));
  EXPECT_FALSE(Assets::Open("PPACK01", {}));
  EXPECT_FALSE(Assets::Open("XPACK01\n\0\0\0\0", {}));
  EXPECT_FALSE(Assets::Open(pack_.substr(0, 30), {}));
  EXPECT_FALSE(Assets::Open(pack_.substr(0, pack_.size() - 5), {}));
  EXPECT_FALSE(Assets::Open(Pack(R"({"files":[{"path":"/x","variants":[]}]})", ""), {}));
  EXPECT_FALSE(Assets::Open(
      Pack(R"({"files":[{"path":"/x","variants":[{"encoding":"","offset":-1,"length":4}]}]})", "abcd"), {}));
}

TEST(AssetsPack, TheScriptAndTheServerAgree) {
  if (std::system("command -v node >/dev/null") != 0) {
    GTEST_SKIP() << "no node";
  }
  const auto folder = std::filesystem::temp_directory_path() / ("pack_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "dist/assets");
  std::ofstream(folder / "dist/index.html") << "<!doctype html>" << std::string(1000, 'x');
  std::ofstream(folder / "dist/assets/app-AbCd_123.js") << std::string(1000, 'y');
  std::ofstream(folder / "dist/assets/app.js.map") << "{}";
  const auto command = "node " PROPOLIS_SOURCE_DIR "/web/scripts/pack.mjs " + (folder / "dist").string() + " " +
                       (folder / "out.pack").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::ifstream in(folder / "out.pack", std::ios::binary);
  const std::string pack{std::istreambuf_iterator<char>(in), {}};
  const auto assets = Assets::Open(pack, WebApps());
  ASSERT_TRUE(assets);
  auto request = Get("/assets/app-AbCd_123.js");
  EXPECT_EQ(assets->Serve(request)->static_body, std::string(1000, 'y'));
  EXPECT_THAT(std::string(*assets->Serve(request)->headers.Find("Cache-Control")), ::testing::HasSubstr("immutable"));
  request.headers.Set("Accept-Encoding", "gzip, deflate, br");
  EXPECT_EQ(assets->Serve(request)->headers.Find("Content-Encoding"), "br");
  EXPECT_FALSE(assets->Serve(Get("/assets/app.js.map")));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace propolis::net
