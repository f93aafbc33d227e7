#include "channels/mail/queue.h"

#include <curl/curl.h>

#include <filesystem>

#include "channels/mail/mail_test_support.h"
#include "channels/mail/parse.h"
#include "channels/mail/smtp_out.h"
#include "channels/mail/thread.h"
#include "store/test_support.h"

namespace propolis::mail {
namespace {

Desk TestDesk() {
  Desk desk;
  desk.address = "support@desk.example";
  desk.domain = "desk.example";
  desk.base_url = "https://desk.example";
  desk.key = "secret";
  return desk;
}

Letter Reply(std::string entry) {
  Letter letter;
  letter.to = {"Ana", "ana@c.example"};
  letter.cc = {"noc@c.example"};
  letter.number = 0;
  letter.subject = "VPN";
  letter.body = "It works.";
  letter.author = "Inês";
  letter.message_id = MakeMessageId("secret", "desk.example", 5, entry);
  return letter;
}

class ScriptedCarrier final : public Carrier {
 public:
  explicit ScriptedCarrier(std::vector<Attempt> script) : script_(std::move(script)) {}
  Attempt Carry(const std::string& from, const std::string& recipient, const std::string& raw) override {
    carried.push_back({from, recipient, raw});
    if (script_.empty()) {
      return {.sent = true, .error = ""};
    }
    const Attempt next = script_.front();
    script_.erase(script_.begin());
    return next;
  }
  struct One {
    std::string from;
    std::string recipient;
    std::string raw;
  };
  std::vector<One> carried;

 private:
  std::vector<Attempt> script_;
};

class QueueTest : public testing::Test {
 protected:
  bool Put(const Letter& letter, std::int64_t entry = 1) {
    return *store->Write([&](store::WriteTx& tx) { return Queue(tx, TestDesk(), letter, entry); });
  }
  std::optional<DeliveryState> Delivered(std::int64_t entry = 1) {
    return *store->Read(
        [&](store::ReadTx& tx) -> Result<std::optional<DeliveryState>> { return DeliveryOf(tx, 0, entry); });
  }
  ScriptedCarrier* Send(std::vector<Attempt> script) {
    auto carrier = std::make_unique<ScriptedCarrier>(std::move(script));
    ScriptedCarrier* raw = carrier.get();
    sender = std::make_unique<Sender>(*store, nullptr, TestDesk(), std::move(carrier));
    EXPECT_TRUE(sender->RunDue());
    return raw;
  }
  store::TestStore store;
  std::unique_ptr<Sender> sender;
};

TEST_F(QueueTest, SendsOnceToEach) {
  EXPECT_TRUE(Put(Reply("1")));
  EXPECT_FALSE(Put(Reply("1")));  // the same letter again
  EXPECT_EQ(Delivered()->state, Delivery::kQueued);
  const auto* carrier = Send({});
  ASSERT_EQ(carrier->carried.size(), 2U);
  EXPECT_EQ(carrier->carried[0].recipient, "ana@c.example");
  EXPECT_EQ(carrier->carried[1].recipient, "noc@c.example");
  EXPECT_EQ(carrier->carried[0].raw, carrier->carried[1].raw);
  EXPECT_EQ(ParseMail(carrier->carried[0].raw).message_id, Reply("1").message_id);
  EXPECT_EQ(Delivered()->state, Delivery::kSent);
  EXPECT_EQ(*sender->RunDue(), 0);
}

TEST_F(QueueTest, TriesAgainWithGrowingPausesUnderTheSameId) {
  Letter letter = Reply("1");
  letter.cc.clear();
  Put(letter);
  const auto* carrier = Send({{.error = "451 greylisted"}, {.error = "451 again"}});
  EXPECT_EQ(carrier->carried.size(), 1U);
  EXPECT_EQ(Delivered()->state, Delivery::kQueued);
  EXPECT_EQ(Delivered()->detail, "ana@c.example: 451 greylisted");
  store.clock->Advance(std::chrono::seconds(59));
  EXPECT_EQ(*sender->RunDue(), 0);
  store.clock->Advance(std::chrono::seconds(2));
  EXPECT_EQ(*sender->RunDue(), 1);
  store.clock->Advance(std::chrono::seconds(61));
  EXPECT_EQ(*sender->RunDue(), 0);
  store.clock->Advance(std::chrono::seconds(61));
  EXPECT_EQ(*sender->RunDue(), 1);
  EXPECT_EQ(carrier->carried[0].raw, carrier->carried[2].raw);
  EXPECT_EQ(Delivered()->state, Delivery::kSent);
}

TEST_F(QueueTest, GivesUpForGoodOrAfterFiveDays) {
  Letter letter = Reply("1");
  letter.cc.clear();
  Put(letter);
  Send({{.permanent = true, .error = "550 no such user"}});
  EXPECT_EQ(Delivered()->state, Delivery::kFailed);
  Letter other = Reply("2");
  other.cc.clear();
  Put(other, 2);
  store.clock->Advance(std::chrono::hours(24 * 5 + 1));
  Send({{.error = "451 still not"}});
  EXPECT_EQ(Delivered(2)->state, Delivery::kFailed);
}

TEST_F(QueueTest, WaitsWithoutLosingPatienceWhenThereIsNoRelay) {
  Put(Reply("1"));
  store.clock->Advance(std::chrono::hours(24 * 30));
  Sender waiting(*store, nullptr, TestDesk(), MakeWaitingCarrier());
  ASSERT_TRUE(waiting.RunDue());
  EXPECT_EQ(Delivered()->state, Delivery::kQueued);
  EXPECT_TRUE(Delivered()->detail.contains("no mail relay"));
}

TEST_F(QueueTest, TakesUpWhatACrashLeft) {
  Put(Reply("1"));
  const auto claimed = *store->Write([](store::WriteTx& tx) -> Result<std::vector<Due>> { return Claim(tx, 10); });
  EXPECT_EQ(claimed.size(), 2U);
  EXPECT_TRUE((*store->Write([](store::WriteTx& tx) -> Result<std::vector<Due>> { return Claim(tx, 10); })).empty());
  EXPECT_EQ(*store->Write([](store::WriteTx& tx) -> Result<std::int64_t> { return Reclaim(tx); }), 2);
  EXPECT_EQ(Send({})->carried.size(), 2U);
}

TEST_F(QueueTest, ForgetsLinksThatWereSent) {
  ASSERT_TRUE(store->Write([](store::WriteTx& tx) {
    return QueueSignInLink(tx, TestDesk(), {"Ana", "ana@c.example"}, Language::kPt,
                           "https://desk.example/portal#t=TOPSECRET");
  }));
  const auto* carrier = Send({});
  ASSERT_EQ(carrier->carried.size(), 1U);
  EXPECT_TRUE(ParseMail(carrier->carried[0].raw).text.contains("TOPSECRET"));
  const auto kept = *store->Read([](store::ReadTx& tx) -> Result<std::string> {
    return *tx.One("SELECT body_text || body_html || header FROM outgoing_letter",
                   [](const store::Row& row) { return row.String(0); });
  });
  EXPECT_FALSE(kept.contains("TOPSECRET"));
}

TEST_F(QueueTest, MarksABounce) {
  Put(Reply("1"));
  Send({});
  const bool ours = *store->Write([](store::WriteTx& tx) -> Result<bool> {
    return MarkBounced(tx, Reply("1").message_id, "noc@c.example", "5.1.1 unknown user");
  });
  EXPECT_TRUE(ours);
  EXPECT_EQ(Delivered()->state, Delivery::kFailed);
  EXPECT_EQ(Delivered()->detail, "noc@c.example: 5.1.1 unknown user");
}

TEST_F(QueueTest, RefusesAddressesThatAreNone) {
  Letter letter = Reply("1");
  letter.to.email = "not an address";
  EXPECT_FALSE(Put(letter));
}

TEST(Carriers, FolderHoldsWholeMails) {
  const store::TestFolder folder;
  const auto carrier = MakeFolderCarrier(folder.path + "/out");
  EXPECT_TRUE(carrier->Carry("a@b.example", "../x@y.example", "Subject: x\r\n\r\nhi\r\n").sent);
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path + "/out")) {
    ++files;
    EXPECT_EQ(ReadFile(file.path()), "Subject: x\r\n\r\nhi\r\n");
    EXPECT_TRUE(file.path().filename().string().ends_with(".eml"));
  }
  EXPECT_EQ(files, 1);
}

TEST(Carriers, TellTemporaryFromPermanent) {
  EXPECT_TRUE(JudgeFailure(CURLE_SEND_ERROR, 550, "550 5.1.1 unknown").permanent);
  EXPECT_FALSE(JudgeFailure(CURLE_SEND_ERROR, 451, "451 greylisted").permanent);
  EXPECT_TRUE(JudgeFailure(CURLE_COULDNT_CONNECT, 0, "refused").delays_only);
  EXPECT_TRUE(JudgeFailure(CURLE_LOGIN_DENIED, 535, "535 bad password").delays_only);
  EXPECT_FALSE(JudgeFailure(CURLE_OPERATION_TIMEDOUT, 0, "slow").permanent);
}

TEST(Carriers, RelayThatIsNotThereDelaysOnly) {
  Relay relay;
  relay.host = "127.0.0.1";
  relay.port = 1;
  relay.timeout_seconds = 5;
  const Attempt attempt = MakeRelayCarrier(relay)->Carry("a@b.example", "c@d.example", "Subject: x\r\n\r\nhi\r\n");
  EXPECT_FALSE(attempt.sent);
  EXPECT_TRUE(attempt.delays_only);
}

}  // namespace
}  // namespace propolis::mail
