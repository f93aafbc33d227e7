#include "channels/mail/lmtp.h"

namespace propolis::mail {
namespace {

class FakeSink final : public MailSink {
 public:
  DeliveryReply CheckRecipient(const std::string& recipient) override {
    if (recipient.ends_with("@desk.example")) {
      return {250, "2.1.5", "OK"};
    }
    return {550, "5.1.1", "No such recipient"};
  }
  std::vector<DeliveryReply> Deliver(const Envelope& envelope, std::string_view raw) override {
    last = envelope;
    message = raw;
    return answers;
  }
  std::vector<DeliveryReply> answers;
  Envelope last;
  std::string message;
};

struct Talk {
  FakeSink sink;
  LmtpSession session{
      LmtpOptions{.hostname = "mx.desk.example", .max_size = 1000, .max_recipients = 3, .max_errors = 5}, sink};
  std::string operator()(std::string_view line) { return session.OnLine(line).text; }
};

TEST(Lmtp, TakesAMessageForEachRecipient) {
  Talk say;
  EXPECT_EQ(say.session.OnConnect({}).text, "220 mx.desk.example LMTP ready\r\n");
  const std::string hello = say("LHLO relay.example");
  for (const std::string_view word : {"250-PIPELINING\r\n", "250-8BITMIME\r\n", "250-SMTPUTF8\r\n",
                                      "250-ENHANCEDSTATUSCODES\r\n", "250 SIZE 1000\r\n"}) {
    EXPECT_TRUE(hello.contains(word)) << word;
  }
  EXPECT_TRUE(say("MAIL FROM:<ana@c.example> SIZE=300 BODY=8BITMIME SMTPUTF8").starts_with("250 2.1.0"));
  EXPECT_TRUE(say("RCPT TO:<support@desk.example>").starts_with("250 2.1.5"));
  EXPECT_TRUE(say("RCPT TO:<nobody@else.example>").starts_with("550 5.1.1"));
  EXPECT_TRUE(say("rcpt to: <reply+1.x@desk.example>").starts_with("250"));
  EXPECT_EQ(say.session.OnLine("DATA").next, net::LineReply::Next::kData);
  EXPECT_TRUE(say.session.OnData("Subject: x\r\n"));
  EXPECT_TRUE(say.session.OnData("\r\nhello\r\n"));
  say.sink.answers = {{250, "2.0.0", "Kept as PR-1"}, {451, "4.3.0", "Busy\r\n250 forged"}};
  EXPECT_EQ(say.session.OnDataEnd({.size = 19}).text, "250 2.0.0 Kept as PR-1\r\n451 4.3.0 Busy  250 forged\r\n");
  EXPECT_EQ(say.sink.message, "Subject: x\r\n\r\nhello\r\n");
  EXPECT_EQ(say.sink.last.from, "ana@c.example");
  EXPECT_TRUE(say.sink.last.utf8);
  EXPECT_TRUE(say("RCPT TO:<support@desk.example>").starts_with("503"));  // the transaction is over
}

TEST(Lmtp, TakesTheNullSenderAndResets) {
  Talk say;
  say("LHLO x");
  say("MAIL FROM:<>");
  say("RSET");
  EXPECT_TRUE(say("RCPT TO:<a@desk.example>").starts_with("503"));
  EXPECT_TRUE(say("MAIL FROM:<>").starts_with("250"));
  say("RCPT TO:<a@desk.example>");
  say("DATA");
  say.session.OnDataEnd({});
  EXPECT_EQ(say.sink.last.from, "<>");
  EXPECT_TRUE(say("NOOP").starts_with("250"));
  EXPECT_EQ(say.session.OnLine("QUIT").next, net::LineReply::Next::kClose);
}

TEST(Lmtp, AnswersTemporaryWhenTheSinkSaysNothing) {
  Talk say;
  say("LHLO x");
  say("MAIL FROM:<a@b.example>");
  say("RCPT TO:<a@desk.example>");
  say("DATA");
  EXPECT_TRUE(say.session.OnDataEnd({}).text.starts_with("451 4.3.0"));
}

TEST(Lmtp, RefusesWhatIsOutOfOrderOrTooMuch) {
  Talk say;
  EXPECT_TRUE(say("MAIL FROM:<a@b.example>").starts_with("503"));
  EXPECT_TRUE(say("EHLO x").starts_with("500"));
  say("LHLO x");
  EXPECT_TRUE(say("DATA").starts_with("503"));
  EXPECT_TRUE(say("MAIL FROM:<a@b.example> SIZE=1001").starts_with("552 5.3.4"));
  EXPECT_TRUE(say("MAIL FROM:<a@b.example> NONSENSE=1").starts_with("555"));
  EXPECT_TRUE(say("MAIL FROM:<a@b.example").starts_with("421"));  // one error too many
}

TEST(Lmtp, LimitsRecipientsAndSize) {
  Talk say;
  say("LHLO x");
  say("MAIL FROM:<a@b.example>");
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(say("RCPT TO:<a@desk.example>").starts_with("250"));
  }
  EXPECT_TRUE(say("RCPT TO:<a@desk.example>").starts_with("452 4.5.3"));
  say("DATA");
  EXPECT_FALSE(say.session.OnData(std::string(2000, 'x')));
  EXPECT_EQ(say.session.OnDataEnd({.size = 2000, .too_large = true}).text,
            "552 5.3.4 Message too large\r\n552 5.3.4 Message too large\r\n552 5.3.4 Message too large\r\n");
  EXPECT_TRUE(say.sink.message.empty());
}

}  // namespace
}  // namespace propolis::mail
