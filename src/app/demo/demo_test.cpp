#include "app/demo/demo.h"

#include <gtest/gtest.h>

#include "app/demo/stories.h"
#include "base/crypto.h"
#include "base/i18n.h"
#include "store/test_support.h"

namespace propolis::demo {
namespace {

class DemoTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    crypto::Start();
    desk = std::make_unique<store::TestStore>();
    blobs = *blob::Store::OpenFolder(desk->folder.path + "/blobs");
    ends = *ParseTime("2026-11-20T14:02:00Z");
    const auto filled = FillDemo(**desk, *blobs, *desk->clock, ends, "three quiet bees");
    ASSERT_TRUE(filled) << Describe(filled.error());
  }
  static void TearDownTestSuite() {
    blobs.reset();
    desk.reset();
  }

  static std::int64_t Count(std::string_view sql) {
    return (*desk)
        ->Read([&](store::ReadTx& tx) -> Result<std::int64_t> {
          return tx.One(sql, [](const store::Row& row) { return row.Int(0); }).value_or(-1);
        })
        .value_or(-1);
  }

  static std::unique_ptr<store::TestStore> desk;
  static std::unique_ptr<blob::Store> blobs;
  static Time ends;
};
std::unique_ptr<store::TestStore> DemoTest::desk;
std::unique_ptr<blob::Store> DemoTest::blobs;
Time DemoTest::ends;

TEST_F(DemoTest, HasWhatItPromises) {
  EXPECT_EQ(Count("SELECT count(*) FROM organisation"), 4);
  EXPECT_EQ(Count("SELECT count(*) FROM staff"), 12);
  EXPECT_EQ(Count("SELECT count(*) FROM ticket"), 200);
  EXPECT_EQ(Count("SELECT count(DISTINCT state) FROM ticket"), 10);
  EXPECT_EQ(Count("SELECT count(DISTINCT language) FROM ticket"), 3);
  EXPECT_GE(Count("SELECT count(DISTINCT priority) FROM ticket"), 4);
  EXPECT_GE(Count("SELECT count(DISTINCT outcome) FROM promise"), 3);
  EXPECT_GE(Count("SELECT count(*) FROM approval WHERE state = 'rejected'"), 3);
  EXPECT_GE(Count("SELECT count(*) FROM approval WHERE state = 'asked'"), 1);
  EXPECT_GE(Count("SELECT count(DISTINCT language) FROM article"), 3);
  EXPECT_GE(Count("SELECT count(*) FROM evidence"), 30);
  EXPECT_GE(Count("SELECT count(*) FROM survey WHERE score IS NOT NULL"), 50);
  EXPECT_GE(Count("SELECT count(DISTINCT score) FROM survey WHERE score IS NOT NULL"), 3);
  EXPECT_GE(Count("SELECT count(*) FROM ticket WHERE is_open = 1 AND team IS NOT NULL"), 20);
}

TEST_F(DemoTest, LeavesTheLeadSomethingToDo) {
  const std::string lead = "(SELECT id FROM staff WHERE email = 'marta.lindqvist@desk.example')";
  EXPECT_GE(Count("SELECT count(*) FROM approval WHERE state = 'asked' AND approver = " + lead), 1);
  EXPECT_GE(Count("SELECT count(*) FROM ticket_mention WHERE staff = " + lead), 1);
}

TEST_F(DemoTest, SomeCertificationsAreExpiredAndSomeEndSoon) {
  EXPECT_GE(Count("SELECT count(*) FROM skill WHERE certified_until < '2026-11-20'"), 2);
  EXPECT_GE(Count("SELECT count(*) FROM skill WHERE certified_until BETWEEN '2026-11-20' AND '2027-01-19'"), 3);
}

TEST_F(DemoTest, NothingHappensAfterItsEnd) {
  const std::string latest = "SELECT max(at) FROM entry";
  EXPECT_LE(Count(latest), ToMicros(ends));
  EXPECT_GT(Count(latest), ToMicros(ends - std::chrono::hours{2}));
  EXPECT_LT(Count("SELECT min(created_at) FROM ticket"), ToMicros(ends - std::chrono::days{85}));
  EXPECT_EQ(Count("SELECT count(*) FROM entry e JOIN ticket t ON t.number = e.ticket WHERE e.at < t.created_at"), 0);
}

TEST_F(DemoTest, IsMadeOnceOnly) {
  const auto again = FillDemo(**desk, *blobs, *desk->clock, ends, "three quiet bees");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "demo.not_empty");
}

TEST_F(DemoTest, LeavesNoPlaceholder) {
  EXPECT_EQ(Count("SELECT count(*) FROM entry WHERE body GLOB '*{[a-z]*}*'"), 0);
  EXPECT_EQ(Count("SELECT count(*) FROM ticket WHERE subject GLOB '*{*'"), 0);
}

// A newcomer opens it at any hour of any day: what is on the shifts then must not decide what there is to see.
class DemoAt : public testing::TestWithParam<std::string_view> {};

TEST_P(DemoAt, ShowsTheSameWhenever) {
  crypto::Start();
  const store::TestStore desk;
  const auto blobs = *blob::Store::OpenFolder(desk.folder.path + "/blobs");
  const auto filled = FillDemo(*desk, *blobs, *desk.clock, *ParseTime(GetParam()), "three quiet bees");
  ASSERT_TRUE(filled) << Describe(filled.error());
  const auto count = [&](std::string_view sql) {
    return desk
        ->Read([&](store::ReadTx& tx) -> Result<std::int64_t> {
          return tx.One(sql, [](const store::Row& row) { return row.Int(0); }).value_or(-1);
        })
        .value_or(-1);
  };
  EXPECT_EQ(count("SELECT count(DISTINCT state) FROM ticket"), 10);
  EXPECT_GE(count("SELECT count(*) FROM approval WHERE state = 'asked' AND approver ="
                  " (SELECT id FROM staff WHERE email = 'marta.lindqvist@desk.example')"),
            1);
  EXPECT_GE(count("SELECT count(*) FROM ticket t JOIN staff s ON s.id = t.assignee"
                  " WHERE s.email = 'ines.prado@desk.example' AND t.state = 'open'"
                  " AND EXISTS (SELECT 1 FROM entry e WHERE e.ticket = t.number AND e.kind = 'work_record')"),
            2);
  EXPECT_EQ(count("SELECT count(DISTINCT language) FROM ticket WHERE state = 'resolved'"), 3);
}
INSTANTIATE_TEST_SUITE_P(Hours, DemoAt,
                         testing::Values("2026-11-16T00:10:00Z", "2026-11-17T04:00:00Z", "2026-11-18T15:00:00Z",
                                         "2026-11-19T12:00:00Z", "2026-11-20T23:50:00Z", "2026-11-22T03:00:00Z",
                                         "2027-02-28T09:30:00Z", "2027-07-01T18:45:00Z"));

TEST(Stories, AreTheSameInEveryLanguage) {
  const auto& en = Stories(Language::kEn);
  for (const Language language : {Language::kEs, Language::kPt}) {
    const auto& other = Stories(language);
    ASSERT_EQ(other.size(), en.size());
    for (std::size_t i = 0; i < en.size(); ++i) {
      EXPECT_EQ(other[i].key, en[i].key);
      EXPECT_EQ(text::DetectLanguage(other[i].body), language) << other[i].body;
    }
  }
}

}  // namespace
}  // namespace propolis::demo
