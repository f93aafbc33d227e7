// Deliveries over real channels: mails in the queue, and requests to a real server.
#include "channels/notify/deliver.h"

#include <gmock/gmock.h>

#include "base/crypto.h"
#include "base/json.h"
#include "base/json_texts.h"
#include "channels/http/http_test_support.h"
#include "channels/push/push_test_support.h"
#include "domain/desk_test_support.h"
#include "domain/escalation/page_commands.h"
#include "domain/escalation/policy_commands.h"
#include "domain/notify/log.h"
#include "domain/notify/outgoing.h"
#include "domain/notify/push_key.h"
#include "domain/notify/reach.h"

namespace propolis::notify {
namespace {

using http::testing::Answer;
using http::testing::OneByOneServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class DeliverTest : public testing::Test {
 protected:
  DeliverTest() {
    mail_.address = "desk@desk.example";
    mail_.domain = "desk.example";
    mail_.base_url = "https://desk.example";
    mail_.key = "a key";
    desk_.store->Write([&](store::WriteTx& tx) { return PutOutgoing(tx, admin_, {{"127.0.0.0/8"}}); }).value();
  }
  template <class Fn>
  auto Write(Fn fn) {
    return desk_.store->Write(fn);
  }
  template <class Fn>
  auto Read(Fn fn) {
    return desk_.store->Read(fn);
  }

  // Ana is told by that way alone.
  MadeMethod TellAnaBy(const NewMethod& method) {
    auto made = Write([&](store::WriteTx& tx) { return AddMethod(tx, ana_, method); });
    EXPECT_TRUE(made) << propolis::Describe(made.error());
    ReachChange change;
    change.rules = std::vector<Rule>{{RuleKind::kPage, made->method.id, 0}};
    EXPECT_TRUE(Write([&](store::WriteTx& tx) { return ChangeReach(tx, ana_, change, std::nullopt); }));
    return *made;
  }
  MadeMethod TellAnaByWebhook(const std::string& url) { return TellAnaBy({MethodKind::kWebhook, "My chat", url, {}}); }
  static NewMethod Browser(const push::testing::Subscriber& browser, const std::string& endpoint) {
    return {MethodKind::kPush,
            "My browser",
            endpoint,
            {},
            PushKeys{text::Base64UrlEncode(browser.Point()), text::Base64UrlEncode(browser.auth)}};
  }
  // A page that calls those targets at once; its only step is taken.
  escalation::PageId Call(std::vector<escalation::Target> targets) {
    const auto number = desk_.AddTicket(TicketKind::kFault, std::nullopt, "VPN \"down\"");
    const auto page = Write([&](store::WriteTx& tx) -> Result<escalation::PageId> {
      escalation::NewPolicy policy;
      policy.name = "Night " + std::to_string(number);
      policy.steps = {{0, std::move(targets)}};
      const auto made = TRY(escalation::AddPolicy(tx, admin_, policy));
      return escalation::Start(tx, admin_, number, {"Please look", made.id});
    });
    EXPECT_TRUE(page) << propolis::Describe(page.error());
    EXPECT_TRUE(Write([&](store::WriteTx& tx) { return escalation::TakeStep(tx, *page); }));
    return *page;
  }
  escalation::PageId CallAna() { return Call({{escalation::TargetKind::kPerson, ana_.staff().ToString()}}); }

  Status Send(bool last = false) {
    return Deliver(*desk_.store, mail_, desk_.Count("SELECT MAX(id) FROM delivery"), last);
  }
  std::vector<LoggedDelivery> Log() {
    return Read([&](store::ReadTx& tx) { return WholeLog(tx, admin_); }).value();
  }
  std::vector<std::string> Attempts() {
    std::vector<std::string> lines;
    const auto log = Log();
    for (const auto& attempt : log.at(0).attempts) {
      lines.push_back(std::string(NameOf(attempt.outcome)) + " " + std::to_string(attempt.code.value_or(0)));
    }
    return lines;
  }
  std::string Letter() {
    return Read([](store::ReadTx& tx) -> Result<std::string> {
             return tx
                 .One("SELECT body_text FROM outgoing_letter ORDER BY at DESC",
                      [](const store::Row& row) { return row.String(0); })
                 .value_or("");
           })
        .value();
  }

  TestDesk desk_;
  mail::Desk mail_;
  auth::Actor admin_ = desk_.AddStaff("Ada", auth::Role::kAdmin);
  auth::Actor ana_ = desk_.AddStaff("Ana");
};

TEST_F(DeliverTest, WhoIsCalledGetsAMailWithHerOwnLinkOnce) {
  CallAna();
  ASSERT_TRUE(Send());
  ASSERT_TRUE(Send());
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM outgoing_mail"), 1);
  EXPECT_THAT(Letter(), HasSubstr("https://desk.example/page/"));
  EXPECT_THAT(Letter(), HasSubstr("Please look"));
  EXPECT_THAT(Attempts(), ElementsAre("sent 0"));
  EXPECT_EQ(Log().at(0).mail, "queued");
}

TEST_F(DeliverTest, AWebhookIsSignedWithTheSecretThatWasToldOnce) {
  OneByOneServer server({Answer("204 No Content")});
  const auto made = TellAnaByWebhook(server.Url("/hook"));
  CallAna();
  ASSERT_TRUE(Send());
  const std::string request = server.Stop().at(0);
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  const auto at = request.find("X-Propolis-Signature: t=");
  ASSERT_NE(at, std::string::npos);
  const std::string signature = request.substr(at + 22, request.find("\r\n", at) - at - 22);
  const std::string when = signature.substr(2, signature.find(',') - 2);
  EXPECT_EQ(signature, "t=" + when + ",v1=" + crypto::Hex(crypto::Hmac(made.secret.value(), when + "." + body)));
  EXPECT_THAT(body, HasSubstr(R"("subject":"VPN \"down\"")"));
  EXPECT_THAT(body, HasSubstr("https://desk.example/page/"));
  EXPECT_THAT(Attempts(), ElementsAre("sent 204"));
}

TEST_F(DeliverTest, WhatFailsForNowIsTriedAgainAndWhatFailsForGoodIsNot) {
  OneByOneServer server({Answer("503 Busy"), Answer("429 Slowly"), Answer("200 OK")});
  TellAnaByWebhook(server.Url());
  CallAna();
  EXPECT_FALSE(Send());
  EXPECT_FALSE(Send());
  EXPECT_TRUE(Send());
  EXPECT_THAT(Attempts(), ElementsAre("failed 503", "failed 429", "sent 200"));
  EXPECT_EQ(Log().at(0).state, DeliveryState::kSent);
  EXPECT_TRUE(Send());  // there is nothing left to do
  EXPECT_THAT(server.Stop(), SizeIs(3));

  OneByOneServer refusing({Answer("410 Gone")});
  TellAnaByWebhook(refusing.Url("/gone"));
  CallAna();
  EXPECT_TRUE(Send());
  EXPECT_THAT(Attempts(), ElementsAre("failed 410"));
  EXPECT_EQ(Log().at(0).state, DeliveryState::kFailed);
}

TEST_F(DeliverTest, TheLastAttemptSettlesIt) {
  OneByOneServer server({Answer("500 Oops")});
  TellAnaByWebhook(server.Url());
  CallAna();
  EXPECT_TRUE(Send(/*last=*/true));
  EXPECT_EQ(Log().at(0).state, DeliveryState::kFailed);
}

TEST_F(DeliverTest, AnAddressInsideIsRefusedAndNotTriedAgain) {
  Write([&](store::WriteTx& tx) { return PutOutgoing(tx, admin_, {}); }).value();
  OneByOneServer server({Answer("200 OK")});
  TellAnaByWebhook(server.Url("/secret-path"));
  CallAna();
  EXPECT_TRUE(Send());
  EXPECT_EQ(Log().at(0).state, DeliveryState::kFailed);
  EXPECT_THAT(Log().at(0).attempts.at(0).detail, Not(HasSubstr("secret-path")));
  EXPECT_THAT(server.Stop(), SizeIs(0));
}

TEST_F(DeliverTest, APhoneIsCalledThroughItsGateway) {
  OneByOneServer server({Answer("200 OK")});
  const auto gateway = Write([&](store::WriteTx& tx) {
    return AddGateway(tx, admin_,
                      {.name = "SMS",
                       .method = HttpMethod::kPost,
                       .url = server.Url("/send?to={{to}}"),
                       .headers = {{"Authorization", "Bearer {{secret}}"}},
                       .content_type = "application/json",
                       .body = R"({"text":"{{text}}","link":"{{link}}"})",
                       .secret = "s3cret"});
  });
  ASSERT_TRUE(gateway) << propolis::Describe(gateway.error());
  TellAnaBy({MethodKind::kPhone, "My phone", "+34600111222", gateway->id});
  CallAna();
  ASSERT_TRUE(Send());
  const std::string request = server.Stop().at(0);
  EXPECT_THAT(request, testing::StartsWith("POST /send?to=%2B34600111222 HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Authorization: Bearer s3cret\r\n"));
  EXPECT_THAT(request, HasSubstr(R"(VPN \"down\")"));
}

std::string HeaderOf(const std::string& request, const std::string& name) {
  const auto at = request.find("\r\n" + name + ": ");
  const auto from = at + name.size() + 4;
  return at == std::string::npos ? "" : request.substr(from, request.find("\r\n", from) - from);
}

TEST_F(DeliverTest, ABrowserReadsWhatNobodyElseCan) {
  OneByOneServer server({Answer("201 Created")});
  const push::testing::Subscriber browser;
  TellAnaBy(Browser(browser, server.Url("/push/abc")));
  CallAna();
  ASSERT_TRUE(Send());
  EXPECT_THAT(Attempts(), ElementsAre("sent 201"));
  const std::string request = server.Stop().at(0);
  EXPECT_THAT(request, testing::StartsWith("POST /push/abc HTTP/1.1\r\n"));
  EXPECT_EQ(HeaderOf(request, "Content-Encoding"), "aes128gcm");
  EXPECT_EQ(HeaderOf(request, "Urgency"), "high");
  EXPECT_EQ(HeaderOf(request, "TTL"), "14400");
  EXPECT_EQ(HeaderOf(request, "Topic").size(), 22U);
  const auto key = Read([&](store::ReadTx& tx) { return FindPushKey(tx, ana_); }).value();
  EXPECT_THAT(HeaderOf(request, "Authorization"), testing::StartsWith("vapid t="));
  EXPECT_THAT(HeaderOf(request, "Authorization"), testing::EndsWith(", k=" + key.value().key));

  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  EXPECT_THAT(body, Not(HasSubstr("VPN")));
  const auto read = json::Document::Parse(browser.Read(body).value_or(""));
  ASSERT_TRUE(read);
  EXPECT_EQ(json::TextOf(read->Root(), "title"), "P4: you are called");
  EXPECT_THAT(json::TextOf(read->Root(), "body"), testing::EndsWith(" VPN \"down\""));
  EXPECT_THAT(json::TextOf(read->Root(), "url"), testing::StartsWith("/t/"));
  const auto take = read->Root().Find("take");
  ASSERT_TRUE(take);
  EXPECT_EQ(json::TextOf(*take, "label"), "I take it");
  EXPECT_THAT(json::TextOf(*take, "url"), testing::StartsWith("/page/"));
}

TEST_F(DeliverTest, ABrowserThatIsGoneIsForgottenAndMailTellsInstead) {
  for (const char* answer : {"410 Gone", "404 Not Found"}) {
    OneByOneServer server({Answer(answer)});
    TellAnaBy(Browser({}, server.Url()));
    CallAna();
    const auto mails = desk_.Count("SELECT COUNT(*) FROM outgoing_mail");
    ASSERT_TRUE(Send());
    EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM contact_method"), 0) << answer;
    const auto reach = Read([&](store::ReadTx& tx) { return OwnReach(tx, ana_); }).value();
    EXPECT_TRUE(std::ranges::none_of(reach.rules, [](const Rule& rule) { return rule.method_id.has_value(); }));
    ASSERT_TRUE(Send());  // the mail that was planned in its place
    EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM outgoing_mail"), mails + 1);
    EXPECT_THAT(Letter(), HasSubstr("https://desk.example/page/"));
  }
}

TEST_F(DeliverTest, ABrowserThatIsBusyIsTriedAgainAndATestIsNotMailed) {
  OneByOneServer server({Answer("503 Busy"), Answer("429 Slowly"), Answer("410 Gone")});
  const auto made = TellAnaBy(Browser({}, server.Url()));
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return SendTest(tx, ana_, {made.method.id}); }));
  EXPECT_FALSE(Send());
  EXPECT_FALSE(Send());
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM contact_method"), 1);
  EXPECT_TRUE(Send());
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM contact_method"), 0);
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM delivery"), 1);
}

TEST_F(DeliverTest, AnotherWayThatAnswersGoneStays) {
  OneByOneServer server({Answer("410 Gone")});
  TellAnaByWebhook(server.Url());
  CallAna();
  ASSERT_TRUE(Send());
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM contact_method"), 1);
}

TEST_F(DeliverTest, AStepMayCallAWebhookWithoutAnybody) {
  OneByOneServer server({Answer("200 OK")});
  const auto gateway = Write([&](store::WriteTx& tx) {
    return AddGateway(tx, admin_,
                      {.name = "Room",
                       .method = HttpMethod::kPost,
                       .url = server.Url("/room"),
                       .headers = {},
                       .content_type = "text/plain",
                       .body = "{{text}} {{link}}",
                       .secret = {}});
  });
  ASSERT_TRUE(gateway);
  Call({{escalation::TargetKind::kGateway, gateway->id.ToString()}});
  ASSERT_TRUE(Send());
  EXPECT_THAT(server.Stop().at(0), HasSubstr("https://desk.example/t/"));
  EXPECT_THAT(server.Stop().at(0), Not(HasSubstr("/page/")));  // nobody's own link goes into a room
  EXPECT_FALSE(Log().at(0).staff);
}

TEST_F(DeliverTest, ATestGoesByTheWayThatIsTried) {
  OneByOneServer server({Answer("200 OK")});
  const auto made = TellAnaByWebhook(server.Url());
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return SendTest(tx, ana_, {made.method.id}); }));
  ASSERT_TRUE(Send());
  EXPECT_THAT(server.Stop().at(0), HasSubstr(R"("kind":"test")"));
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return SendTest(tx, ana_, {}); }));
  ASSERT_TRUE(Send());
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM outgoing_mail"), 1);
}

TEST_F(DeliverTest, WhatWasTakenMeanwhileIsNotSent) {
  OneByOneServer server({Answer("200 OK")});
  TellAnaByWebhook(server.Url());
  const auto page = CallAna();
  ASSERT_TRUE(Write([&](store::WriteTx& tx) { return escalation::Acknowledge(tx, admin_, page); }));
  ASSERT_TRUE(Send());
  EXPECT_EQ(Log().at(0).state, DeliveryState::kDropped);
  EXPECT_THAT(server.Stop(), SizeIs(0));
}

TEST_F(DeliverTest, TheWorkerTakesAPageFromItsStartToTheMail) {
  const auto number = desk_.AddTicket();
  ASSERT_TRUE(Write([&](store::WriteTx& tx) -> Result<escalation::PageId> {
    escalation::NewPolicy policy;
    policy.name = "Night";
    policy.steps = {{0, {{escalation::TargetKind::kPerson, ana_.staff().ToString()}}}};
    const auto made = TRY(escalation::AddPolicy(tx, admin_, policy));
    return escalation::Start(tx, admin_, number, {"Please look", made.id});
  }));
  auto worker = MakeCaller(*desk_.store, mail_, desk_.store.clock);
  EXPECT_EQ(worker->RunDue().value(), 2);  // the step, then the delivery
  EXPECT_EQ(desk_.Count("SELECT COUNT(*) FROM outgoing_mail"), 1);
  EXPECT_EQ(worker->RunDue().value(), 0);
}

}  // namespace
}  // namespace propolis::notify
