// How people are reached: rules and quiet hours, ways and gateways as they are stored, and the log.
#include <gmock/gmock.h>

#include "base/crypto.h"
#include "base/p256.h"
#include "base/text.h"
#include "domain/desk_test_support.h"
#include "domain/notify/gateway.h"
#include "domain/notify/log.h"
#include "domain/notify/notice.h"
#include "domain/notify/push_key.h"
#include "domain/notify/reach.h"
#include "domain/notify/web_address.h"
#include "domain/wall_clock.h"

namespace propolis::notify {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Time At(const std::string& text) { return ParseTime(text).value(); }
QuietHours Quiet(const char* from, const char* to) {
  return {sla::TimeOfDay::Parse(from).value(), sla::TimeOfDay::Parse(to).value()};
}
std::vector<std::string> Due(const std::vector<PlannedDelivery>& planned) {
  std::vector<std::string> times;
  for (const auto& one : planned) {
    times.push_back((one.method ? "way " : "mail ") + FormatTime(one.due_at));
  }
  return times;
}
std::vector<std::string> Messages(const std::vector<FieldError>& errors) {
  std::vector<std::string> messages;
  for (const auto& error : errors) {
    messages.push_back(error.field + " " + error.message);
  }
  return messages;
}

const MethodId kPhone = MethodId::Parse("0190a000-0000-7000-8000-000000000001").value();

TEST(NotificationRules, WithoutRulesAMailGoesAtOnce) {
  const Time now = At("2026-03-04T12:00:00Z");
  const auto& utc = *FindZone("Etc/UTC");
  EXPECT_THAT(Due(PlanDeliveries({}, {}, utc, NoticeKind::kPage, true, now)), ElementsAre("mail 2026-03-04T12:00:00Z"));
  EXPECT_THAT(Due(PlanDeliveries({}, {}, utc, NoticeKind::kClock, false, now)),
              ElementsAre("mail 2026-03-04T12:00:00Z"));
}

TEST(NotificationRules, EachKindHasItsOwnAndLaterOnesWait) {
  const std::vector<Rule> rules = {{RuleKind::kPage, std::nullopt, 0}, {RuleKind::kPage, kPhone, 5}};
  const Time now = At("2026-03-04T12:00:00Z");
  const auto& utc = *FindZone("Etc/UTC");
  EXPECT_THAT(Due(PlanDeliveries(rules, {}, utc, NoticeKind::kPage, false, now)),
              ElementsAre("mail 2026-03-04T12:00:00Z", "way 2026-03-04T12:05:00Z"));
  EXPECT_THAT(PlanDeliveries(rules, {}, utc, NoticeKind::kClock, false, now), IsEmpty());
}

TEST(NotificationRules, QuietHoursHoldBackAllButUrgentPages) {
  const auto& madrid = *FindZone("Europe/Madrid");
  const auto at = [&](const char* now, bool urgent) {
    return Due(PlanDeliveries({}, Quiet("22:00", "07:00"), madrid, NoticeKind::kPage, urgent, At(now)));
  };
  EXPECT_THAT(at("2026-01-10T20:59:59Z", false), ElementsAre("mail 2026-01-10T20:59:59Z"));
  EXPECT_THAT(at("2026-01-10T21:00:00Z", false), ElementsAre("mail 2026-01-11T06:00:00Z"));
  EXPECT_THAT(at("2026-01-11T05:59:59Z", false), ElementsAre("mail 2026-01-11T06:00:00Z"));
  EXPECT_THAT(at("2026-01-11T06:00:00Z", false), ElementsAre("mail 2026-01-11T06:00:00Z"));
  EXPECT_THAT(at("2026-01-11T03:00:00Z", true), ElementsAre("mail 2026-01-11T03:00:00Z"));
  // The night in which the clock is put forward ends at 05:00 UTC, not at 06:00.
  EXPECT_THAT(at("2026-03-28T23:30:00Z", false), ElementsAre("mail 2026-03-29T05:00:00Z"));
}

TEST(NotificationRules, WhatIsDueInTheMiddleOfTheNightWaitsForItsEnd) {
  const std::vector<Rule> rules = {{RuleKind::kPage, kPhone, 30}};
  const auto planned = PlanDeliveries(rules, Quiet("22:00", "07:00"), *FindZone("Etc/UTC"), NoticeKind::kPage, false,
                                      At("2026-01-10T21:45:00Z"));
  EXPECT_THAT(Due(planned), ElementsAre("way 2026-01-11T07:00:00Z"));
}

TEST(NotificationRules, WhatIsWrongIsNamed) {
  EXPECT_THAT(Messages(Validate({{RuleKind::kPage, kPhone, 0}, {RuleKind::kPage, kPhone, 5}}, {})),
              ElementsAre("rules/1 notify.rule_twice"));
  EXPECT_THAT(Messages(Validate({{RuleKind::kClock, kPhone, 0}}, Quiet("22:00", "22:00"))),
              ElementsAre("rules notify.no_rule_for_pages", "quiet notify.quiet_without_length"));
}

TEST(WebAddress, TakesWholeAddressesOnly) {
  for (const char* good : {"https://chat.example/hook?a=b", "http://10.0.0.1:8080/x", "HTTPS://chat.example"}) {
    EXPECT_TRUE(IsWebAddress(good)) << good;
  }
  for (const char* bad : {"", "chat.example/hook", "ftp://chat.example", "file:///etc/passwd", "https://", "https:///x",
                          "https://:80/", "https://user:pw@chat.example/", "https://chat.example/a b",
                          "https://chat.example/#x", "https://chat\\.example/", "https://{{to}}.example/",
                          "https://chat.example/\r\nX: y", "gopher://x", "https://chät.example"}) {
    EXPECT_FALSE(IsWebAddress(bad)) << bad;
  }
  EXPECT_EQ(OriginOf("https://chat.example:8443/secret/path"), "https://chat.example:8443");
}

class ReachTest : public testing::Test {
 protected:
  template <class Fn>
  auto Write(Fn fn) {
    return desk_.store->Write(fn);
  }
  template <class Fn>
  auto Read(Fn fn) {
    return desk_.store->Read(fn);
  }
  static NewGateway Sms() {
    return {.name = "SMS",
            .method = HttpMethod::kPost,
            .url = "https://sms.example/send",
            .headers = {{"Authorization", "Bearer {{secret}}"}},
            .content_type = "application/json",
            .body = R"({"to":"{{to}}","text":"{{text}}"})",
            .secret = "s3cret-of-the-service"};
  }
  Gateway Add(const NewGateway& gateway) {
    auto made = Write([&](store::WriteTx& tx) { return AddGateway(tx, admin_, gateway); });
    EXPECT_TRUE(made) << Describe(made.error());
    return *made;
  }
  MethodId AddWebhook() {
    const NewMethod request{MethodKind::kWebhook, "My chat", "https://chat.example/hook/secret", {}};
    auto made = Write([&](store::WriteTx& tx) { return AddMethod(tx, ana_, request); });
    EXPECT_TRUE(made) << Describe(made.error());
    return made->method.id;
  }
  static NewMethod Browser(const std::string& label = "Chrome") {
    return {MethodKind::kPush,
            label,
            "https://push.example/abc",
            {},
            PushKeys{text::Base64UrlEncode(*crypto::p256::PointOf(crypto::p256::NewSecret())),
                     text::Base64UrlEncode(crypto::RandomBytes(16))}};
  }
  Result<MadeMethod> AddFor(const auth::Actor& who, const NewMethod& request) {
    return Write([&](store::WriteTx& tx) { return AddMethod(tx, who, request); });
  }
  Result<Reach> Change(std::vector<Rule> rules) {
    return Write([&](store::WriteTx& tx) {
      ReachChange change;
      change.rules = std::move(rules);
      return ChangeReach(tx, ana_, change, std::nullopt);
    });
  }

  TestDesk desk_;
  auth::Actor admin_ = desk_.AddStaff("Ada", auth::Role::kAdmin);
  auth::Actor ana_ = desk_.AddStaff("Ana");
  auth::Actor rui_ = desk_.AddStaff("Rui");
};

TEST_F(ReachTest, AGatewaysSecretIsNeverToldAndEndsWithItsAddress) {
  const Gateway made = Add(Sms());
  EXPECT_TRUE(made.has_secret);
  EXPECT_FALSE(dto::ToJson(made).contains("s3cret"));
  const auto change = [&](GatewayChange what) {
    return Write([&](store::WriteTx& tx) { return ChangeGateway(tx, admin_, made.id, what, std::nullopt); }).value();
  };
  GatewayChange rename;
  rename.name = "Text messages";
  EXPECT_TRUE(change(rename).has_secret);
  GatewayChange elsewhere;
  elsewhere.url = "https://thief.example/send";
  EXPECT_FALSE(change(elsewhere).has_secret);
}

TEST_F(ReachTest, OnlyAdministratorsSetGateways) {
  const auto manager = desk_.AddStaff("Mia", auth::Role::kManager);
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return AddGateway(tx, manager, Sms()); }).error().code, Code::kForbidden);
}

TEST_F(ReachTest, WhatIsWrongWithAGatewayIsNamed) {
  NewGateway gateway = Sms();
  gateway.url = "ftp://sms.example";
  gateway.headers = {{"Bad name", "x"}, {"Host", "x"}, {"X-Good", "a\r\nX-Evil: b"}, {"X-More", "{{nothing}}"}};
  gateway.method = HttpMethod::kGet;
  EXPECT_THAT(Messages(Validate(gateway)),
              ElementsAre("url notify.not_web_address", "headers/0/name notify.not_header",
                          "headers/1/name notify.not_header", "headers/2/value notify.control_characters",
                          "headers/3/value notify.unknown_place", "body notify.get_has_no_body"));
}

TEST_F(ReachTest, AWebhooksAddressIsShownOnlyAsFarAsItIsNoSecret) {
  AddWebhook();
  const auto reach = Read([&](store::ReadTx& tx) { return OwnReach(tx, ana_); }).value();
  EXPECT_EQ(reach.methods.at(0).address, "https://chat.example");
  EXPECT_THAT(Read([&](store::ReadTx& tx) { return OwnReach(tx, rui_); }).value().methods, IsEmpty());
}

TEST_F(ReachTest, RulesNameOnesOwnWaysAlone) {
  const MethodId way = AddWebhook();
  ASSERT_TRUE(Change({{RuleKind::kPage, way, 0}, {RuleKind::kClock, std::nullopt, 0}}));
  const auto others = Write([&](store::WriteTx& tx) {
    ReachChange change;
    change.rules = std::vector<Rule>{{RuleKind::kPage, way, 0}};
    return ChangeReach(tx, rui_, change, std::nullopt);
  });
  EXPECT_EQ(others.error().fields.at(0).field, "rules/0/method_id");
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return RemoveMethod(tx, rui_, way); }).error().code, Code::kNotFound);
  EXPECT_EQ(Write([&](store::WriteTx& tx) { return SendTest(tx, rui_, {way}); }).error().fields.at(0).field,
            "method_id");
}

TEST_F(ReachTest, ABrowserThatSubscribesAgainKeepsItsRules) {
  const MethodId way = AddFor(ana_, Browser()).value().method.id;
  ASSERT_TRUE(Change({{RuleKind::kPage, way, 0}}));
  const NewMethod again = Browser("Chrome on the laptop");
  EXPECT_EQ(AddFor(ana_, again).value().method.id, way);
  const auto stored = Read([&](store::ReadTx& tx) -> Result<StoredMethod> { return *FindMethod(tx, way); }).value();
  EXPECT_EQ(stored.keys.value().p256dh, again.keys->p256dh);
  const auto reach = Read([&](store::ReadTx& tx) { return OwnReach(tx, ana_); }).value();
  EXPECT_THAT(reach.rules, ElementsAre(Rule{RuleKind::kPage, way, 0}));
  ASSERT_EQ(reach.methods.size(), 1U);
  EXPECT_EQ(reach.methods[0].label, "Chrome on the laptop");
  EXPECT_EQ(reach.methods[0].address, "https://push.example");
}

TEST_F(ReachTest, ABrowserTellsOnlyWhoeverUsesItNow) {
  const MethodId way = AddFor(ana_, Browser()).value().method.id;
  ASSERT_TRUE(Change({{RuleKind::kPage, way, 0}, {RuleKind::kClock, std::nullopt, 0}}));
  ASSERT_TRUE(AddFor(rui_, Browser()));
  EXPECT_THAT(Read([&](store::ReadTx& tx) { return OwnReach(tx, ana_); }).value().rules,
              ElementsAre(Rule{RuleKind::kClock, std::nullopt, 0}, Rule{RuleKind::kPage, std::nullopt, 0}));
  EXPECT_EQ(Read([&](store::ReadTx& tx) { return OwnReach(tx, rui_); }).value().methods.size(), 1U);
}

TEST_F(ReachTest, WhatIsWrongWithABrowsersKeysIsNamed) {
  const auto field = [&](const auto& spoil) {
    NewMethod request = Browser();
    spoil(request);
    return AddFor(ana_, request).error().fields.at(0).field;
  };
  EXPECT_EQ(field([](NewMethod& browser) { browser.keys.reset(); }), "keys");
  EXPECT_EQ(field([](NewMethod& browser) { browser.keys->p256dh[40] = browser.keys->p256dh[40] == 'A' ? 'B' : 'A'; }),
            "keys/p256dh");
  EXPECT_EQ(field([](NewMethod& browser) { browser.keys->p256dh = "***"; }), "keys/p256dh");
  EXPECT_EQ(field([](NewMethod& browser) { browser.keys->auth += "AAAA"; }), "keys/auth");
  EXPECT_EQ(field([](NewMethod& browser) { browser.address = "push.example"; }), "address");
}

TEST_F(ReachTest, TheDesksKeyForBrowsersIsMadeOnce) {
  EXPECT_FALSE(Read([&](store::ReadTx& tx) { return FindPushKey(tx, ana_); }).value());
  const auto make = [&] { return Write([&](store::WriteTx& tx) { return MakePushKey(tx, ana_); }).value().key; };
  const std::string key = make();
  EXPECT_TRUE(crypto::p256::IsPoint(text::Base64UrlDecode(key).value()));
  EXPECT_EQ(make(), key);
  EXPECT_EQ(Read([&](store::ReadTx& tx) { return FindPushKey(tx, rui_); }).value().value().key, key);
}

TEST_F(ReachTest, WhoTakesTheLastWayForPagesBackIsMailed) {
  const MethodId way = AddWebhook();
  ASSERT_TRUE(Change({{RuleKind::kPage, way, 0}, {RuleKind::kClock, std::nullopt, 0}}));
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return RemoveMethod(tx, ana_, way); }));
  const auto reach = Read([&](store::ReadTx& tx) { return OwnReach(tx, ana_); }).value();
  EXPECT_THAT(reach.rules,
              ElementsAre(Rule{RuleKind::kClock, std::nullopt, 0}, Rule{RuleKind::kPage, std::nullopt, 0}));
}

TEST_F(ReachTest, ANoticeIsToldOnceByEachWayOfTheRules) {
  const MethodId way = AddWebhook();
  ASSERT_TRUE(Change({{RuleKind::kPage, std::nullopt, 0}, {RuleKind::kPage, way, 10}}));
  const auto tell = [&] {
    return Write([&](store::WriteTx& tx) -> Result<bool> {
      return Notify(tx, {.key = "k", .staff = ana_.staff(), .kind = NoticeKind::kPage, .ticket = 0});
    });
  };
  EXPECT_TRUE(tell().value());
  EXPECT_FALSE(tell().value());
  const auto log = Read([&](store::ReadTx& tx) { return OwnLog(tx, ana_); }).value();
  ASSERT_EQ(log.size(), 2);
  EXPECT_EQ(log.at(0).channel, NoticeChannel::kWebhook);
  EXPECT_EQ(log.at(0).label, "My chat");
  EXPECT_EQ(log.at(0).due_at - log.at(1).due_at, std::chrono::minutes{10});
  EXPECT_THAT(Read([&](store::ReadTx& tx) { return OwnLog(tx, rui_); }).value(), IsEmpty());
  EXPECT_EQ(Read([&](store::ReadTx& tx) { return WholeLog(tx, rui_); }).error().code, Code::kForbidden);
}

}  // namespace
}  // namespace propolis::notify
