#include "base/log.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/json.h"

namespace propolis::log {
namespace {

class LogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    SetSink([this](std::string_view line) { lines_.emplace_back(line); });
  }
  void TearDown() override {
    SetSink({});
    SetFormat(Format::kJson);
    SetLevel(Level::kInfo);
  }
  std::vector<std::string> lines_;
};

TEST_F(LogTest, OneJsonObjectALine) {
  const Context context("req-1");
  Info("test.json", {{"name", "a\nb\"c"}, {"count", 3}, {"ok", true}, {"ratio", 0.5}});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0].find('\n'), std::string::npos);
  const auto document = json::Document::Parse(lines_[0]);
  ASSERT_TRUE(document);
  const auto root = document->Root();
  EXPECT_EQ(root.Find("event")->AsString(), "test.json");
  EXPECT_EQ(root.Find("request")->AsString(), "req-1");
  EXPECT_EQ(root.Find("name")->AsString(), "a\nb\"c");
  EXPECT_EQ(root.Find("count")->AsInteger(), 3);
  EXPECT_EQ(root.Find("ok")->AsBool(), true);
}

TEST_F(LogTest, LogfmtQuotesWhatCouldForgeAField) {
  SetFormat(Format::kLogfmt);
  Info("test.logfmt", {{"plain", "abc"}, {"forged", "x level=error\nevent=evil"}});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_THAT(lines_[0], ::testing::HasSubstr("plain=abc forged=\"x level=error\\nevent=evil\""));
}

TEST_F(LogTest, FloodIsSwallowedAndCounted) {
  for (int i = 0; i < 500; ++i) {
    Warning("test.flood");
  }
  EXPECT_GE(lines_.size(), 50U);
  EXPECT_LT(lines_.size(), 100U);
  const auto before = lines_.size();
  Info("test.other");
  EXPECT_EQ(lines_.size(), before + 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  Warning("test.flood");
  EXPECT_THAT(lines_.back(), ::testing::HasSubstr("\"suppressed\":"));
}

TEST_F(LogTest, LevelsAndContexts) {
  Debug("test.debug");
  EXPECT_TRUE(lines_.empty());
  SetLevel(Level::kError);
  Info("test.info");
  EXPECT_TRUE(lines_.empty());
  {
    const Context outer("a");
    {
      const Context inner("b");
      EXPECT_EQ(CurrentRequest(), "b");
    }
    EXPECT_EQ(CurrentRequest(), "a");
  }
  EXPECT_EQ(CurrentRequest(), "");
}

TEST_F(LogTest, LongValuesAreCut) {
  Info("test.long", {{"value", std::string(5000, 'x')}});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_LT(lines_[0].size(), 1300U);
}

TEST(Redact, Targets) {
  EXPECT_EQ(RedactTarget("/a/b"), "/a/b");
  EXPECT_EQ(RedactTarget("/a?page=2&token=abc&q=x"), "/a?page=2&token=***&q=x");
  EXPECT_EQ(RedactTarget("/a?API_Key=abc"), "/a?API_Key=***");
  EXPECT_EQ(RedactTarget("/a?t%6Fken=abc"), "/a?t%6Fken=***");
  EXPECT_EQ(RedactTarget("/a?token"), "/a?token");
}

TEST(Redact, Headers) {
  EXPECT_EQ(RedactHeader("Authorization", "Bearer x"), "***");
  EXPECT_EQ(RedactHeader("cookie", "sid=1"), "***");
  EXPECT_EQ(RedactHeader("X-Api-Key", "1"), "***");
  EXPECT_EQ(RedactHeader("Accept", "text/html"), "text/html");
}

}  // namespace
}  // namespace propolis::log
