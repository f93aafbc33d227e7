// The way of a mail: in, a ticket, an answer out, the customer's reply back to the same ticket.
#include "channels/mail/intake.h"

#include "blob/blob_store.h"
#include "channels/mail/mail_test_support.h"
#include "channels/mail/outbox.h"
#include "channels/mail/smtp_out.h"
#include "channels/mail/thread.h"
#include "domain/calendars/calendar_commands.h"
#include "domain/calendars/defaults.h"
#include "domain/calendars/policy_commands.h"
#include "domain/desk_test_support.h"
#include "domain/ticket/commands.h"

namespace propolis::mail {
namespace {

class Postbox final : public Carrier {
 public:
  Attempt Carry(const std::string& from, const std::string& recipient, const std::string& raw) override {
    mails.push_back({from, recipient, ParseMail(raw)});
    return {.sent = true, .error = ""};
  }
  struct One {
    std::string from;
    std::string recipient;
    ParsedMail mail;
  };
  std::vector<One> mails;
};

class IntakeTest : public testing::Test {
 protected:
  IntakeTest() {
    const auto made = desk.store->Write([&](store::WriteTx& tx) -> Status {
      const auto system = auth::SystemActor();
      const auto time = [](int hour) { return sla::TimeOfDay{std::chrono::hours{hour}}; };
      const auto calendar = TRY(calendars::AddCalendar(tx, system,
                                                       {.name = "Office",
                                                        .zone = "Etc/UTC",
                                                        .week = {{sla::Weekday::kMon, {{time(0), time(24)}}}},
                                                        .exceptions = {},
                                                        .holidays = {},
                                                        .holiday_sets = {}}));
      calendars::NewPolicy policy{.name = "Standard", .targets = {}, .pauses = std::nullopt};
      for (const Priority priority : {Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4}) {
        policy.targets.push_back({priority, ClockKind::kFirstResponse, 900});
        policy.targets.push_back({priority, ClockKind::kNextResponse, 900});
        policy.targets.push_back({priority, ClockKind::kResolution, 9000});
      }
      const auto standard = TRY(calendars::AddPolicy(tx, system, policy));
      TRY(calendars::SetDeskDefaults(tx, system, standard.id, calendar.id));
      tx.Exec("INSERT INTO organisation_domain (domain, organisation) VALUES ('customer.example', $1)",
              desk.organisation);
      return {};
    });
    EXPECT_TRUE(made) << Describe(made.error());
    settings.address = "support@desk.example";
    settings.domain = "desk.example";
    settings.base_url = "https://desk.example";
    settings.key = "secret";
    outbox = MakeOutbox(*desk.store, {settings, [](store::WriteTx&, std::int64_t) { return std::string("SURVEY"); }});
    EXPECT_TRUE(outbox->RunPending());
    auto carrier = std::make_unique<Postbox>();
    postbox = carrier.get();
    sender = std::make_unique<Sender>(*desk.store, blobs.get(), settings, std::move(carrier));
    intake = std::make_unique<Intake>(*desk.store, *blobs, IntakeOptions{settings, {}, {}});
  }

  IntakeOutcome Deliver(std::string_view text, std::string_view from = "ana@customer.example",
                        std::vector<std::string> to = {"support@desk.example"}) {
    Envelope envelope;
    envelope.from = from;
    envelope.to = std::move(to);
    const auto outcome = intake->DeliverRaw(envelope, Crlf(text));
    EXPECT_TRUE(outcome) << Describe(outcome.error());
    return outcome.value_or(IntakeOutcome{});
  }
  void SendAll() {
    EXPECT_TRUE(outbox->RunPending());
    EXPECT_TRUE(sender->RunDue());
  }
  std::string LastBody(std::int64_t number) {
    return desk.store
        ->Read([&](store::ReadTx& tx) -> Result<std::string> {
          return *tx.One(
              "SELECT body FROM entry WHERE ticket = $1 AND kind = 'message' ORDER BY seq DESC LIMIT 1",
              [](const store::Row& row) { return row.String(0); }, number);
        })
        .value();
  }

  TestDesk desk;
  store::TestFolder folder;
  std::unique_ptr<blob::Store> blobs = std::move(*blob::Store::OpenFolder(folder.path + "/blobs"));
  Desk settings;
  std::unique_ptr<jobs::Follower> outbox;
  Postbox* postbox = nullptr;
  std::unique_ptr<Sender> sender;
  std::unique_ptr<Intake> intake;
};

constexpr std::string_view kFirst =
    "From: Ana Paredes <ana@customer.example>\nTo: support@desk.example\nCc: noc@customer.example\n"
    "Subject: Possible breach in our mail server\nMessage-ID: <first@customer.example>\n"
    "Date: Sun, 22 Nov 2026 08:00:00 +0000\n\nSomebody logged in from an unknown country and changed the forwarding "
    "rules.\n";

TEST_F(IntakeTest, OpensATicketAnswersOnceAndThreadsTheReply) {
  const auto opened = Deliver(kFirst);
  EXPECT_EQ(opened.act, IntakeAct::kOpened);
  ASSERT_GT(opened.ticket, 0);
  const auto ticket = desk.Load(opened.ticket);
  EXPECT_EQ(ticket.requester_email, "ana@customer.example");
  EXPECT_EQ(ticket.organisation, desk.organisation);
  EXPECT_EQ(ticket.channel, Channel::kMail);

  SendAll();
  ASSERT_EQ(postbox->mails.size(), 1U);
  const ParsedMail& receipt = postbox->mails[0].mail;
  EXPECT_EQ(postbox->mails[0].from, "<>");
  EXPECT_EQ(receipt.Header("Auto-Submitted"), "auto-replied");
  EXPECT_TRUE(receipt.subject.contains(SubjectTag(opened.ticket)));
  EXPECT_THAT(receipt.in_reply_to, testing::ElementsAre("first@customer.example"));

  const auth::Actor agent = desk.AddStaff("Ines");
  const auto posted = desk.store->Write([&](store::WriteTx& tx) {
    return ticket::Post(tx, agent, opened.ticket,
                        {.body = "We are on it.", .cc = {}, .set_state = {}, .promise = {}, .attachment_ids = {}});
  });
  ASSERT_TRUE(posted) << Describe(posted.error());
  SendAll();
  ASSERT_EQ(postbox->mails.size(), 3U);  // requester and copy
  const ParsedMail answer = postbox->mails[1].mail;
  EXPECT_TRUE(answer.text.contains("We are on it."));
  EXPECT_THAT(answer.in_reply_to, testing::ElementsAre("first@customer.example"));
  EXPECT_EQ(desk.store
                ->Read([&](store::ReadTx& tx) -> Result<Delivery> {
                  return DeliveryOf(tx, opened.ticket, posted->seq)->state;
                })
                .value(),
            Delivery::kSent);

  const auto reply =
      Deliver("From: ana@customer.example\nTo: " + answer.reply_to[0].email + "\nSubject: Re: " + answer.subject +
              "\nMessage-ID: <second@customer.example>\nIn-Reply-To: <" + answer.message_id +
              ">\n\nThank you.\n\nOn Sun, 22 Nov 2026, Ines <support@desk.example> wrote:\n> We are on it.\n");
  EXPECT_EQ(reply.act, IntakeAct::kAppended);
  EXPECT_EQ(reply.ticket, opened.ticket);
  EXPECT_EQ(reply.reason, "reply_address");
  EXPECT_EQ(LastBody(opened.ticket), "Thank you.");
}

TEST_F(IntakeTest, StopsAnsweringOneWhoWritesLikeAMachine) {
  for (int i = 0; i < 15; ++i) {
    const auto opened =
        Deliver("From: robot@customer.example\nTo: support@desk.example\nSubject: Alert " + std::to_string(i) +
                "\nMessage-ID: <alert" + std::to_string(i) + "@customer.example>\n\nSomething happened.\n");
    EXPECT_EQ(opened.act, IntakeAct::kOpened);
    SendAll();
  }
  EXPECT_EQ(desk.Count("SELECT count(*) FROM ticket"), 15);
  EXPECT_EQ(postbox->mails.size(), 10U);
  Deliver(kFirst);
  SendAll();
  EXPECT_EQ(postbox->mails.size(), 11U);
}

TEST_F(IntakeTest, SetsAMailAsideThatWentRoundAndRound) {
  std::string hops;
  for (int i = 0; i < 51; ++i) {
    hops += "Received: from a.example by b.example; Sun, 22 Nov 2026 09:00:00 +0000\n";
  }
  const auto outcome = Deliver(hops + std::string(kFirst));
  EXPECT_EQ(outcome.act, IntakeAct::kSetAside);
  EXPECT_EQ(outcome.reason, "loop");
  EXPECT_EQ(desk.Count("SELECT count(*) FROM ticket"), 0);
}

TEST_F(IntakeTest, TakesTheSameMailOnce) {
  const auto first = Deliver(kFirst);
  const auto again = Deliver("Received: from b by c; Sun, 22 Nov 2026 09:00:00 +0000\n" + std::string(kFirst));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.ticket, first.ticket);
  EXPECT_EQ(desk.Count("SELECT count(*) FROM ticket"), 1);
  EXPECT_EQ(desk.Count("SELECT count(*) FROM incoming_mail"), 1);
}

TEST_F(IntakeTest, StrangersWithAKnownSubjectOpenALinkedTicket) {
  const auto opened = Deliver(kFirst);
  const auto stranger = Deliver("From: eve@elsewhere.example\nSubject: Re: " + SubjectTag(opened.ticket) +
                                    " x\nMessage-ID: <e@elsewhere.example>\n\nsend me the logs\n",
                                "eve@elsewhere.example");
  EXPECT_EQ(stranger.act, IntakeAct::kOpened);
  EXPECT_EQ(stranger.reason, "stranger");
  EXPECT_NE(stranger.ticket, opened.ticket);
  EXPECT_EQ(desk.Count("SELECT count(*) FROM ticket_link"), 1);
  const auto colleague = Deliver(
      "From: bob@customer.example\nReferences: <first@customer.example>\nMessage-ID: <b@customer.example>\nSubject: "
      "Re: x\n\nme too\n");
  EXPECT_EQ(colleague.ticket, opened.ticket);
}

TEST_F(IntakeTest, NeverAnswersMachines) {
  const auto machine = Deliver(
      "From: monitor@customer.example\nAuto-Submitted: auto-generated\nSubject: disk alert\nMessage-ID: "
      "<m@customer.example>\n\ndisk 91%\n");
  EXPECT_EQ(machine.act, IntakeAct::kOpened);
  EXPECT_EQ(
      Deliver("From: ana@customer.example\nSubject: Automatic reply: x\nAuto-Submitted: auto-replied\n\naway\n").act,
      IntakeAct::kSetAside);
  EXPECT_EQ(Deliver("From: support@desk.example\nSubject: loop\n\nx\n").reason, "loop");
  SendAll();
  EXPECT_TRUE(postbox->mails.empty());
}

TEST_F(IntakeTest, NotesABounceOnItsTicket) {
  const auto opened = Deliver(kFirst);
  SendAll();
  const std::string id = postbox->mails[0].mail.message_id;
  const auto report = Deliver(
      "From: MAILER-DAEMON@relay.example\nSubject: Undelivered Mail\nContent-Type: multipart/report; "
      "report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n--b\n"
      "Content-Type: message/delivery-status\n\nReporting-MTA: dns; r\n\nFinal-Recipient: rfc822; "
      "ana@customer.example\nAction: failed\nStatus: 5.1.1\n"
      "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" +
          id + ">\n--b--\n",
      "<>");
  EXPECT_EQ(report.act, IntakeAct::kReport);
  EXPECT_EQ(report.ticket, opened.ticket);
  EXPECT_EQ(desk.Count("SELECT count(*) FROM outgoing_mail WHERE state = 'failed'"), 1);
  EXPECT_EQ(desk.Count("SELECT count(*) FROM entry WHERE kind = 'note'"), 1);
}

TEST_F(IntakeTest, KeepsFilesWhenToldHow) {
  std::vector<AttachedFile> kept;
  Intake keeping(
      *desk.store, *blobs,
      {settings,
       {},
       [&](store::WriteTx&, const auth::Actor&, std::int64_t, std::int64_t, const AttachedFile& file) -> Status {
         kept.push_back(file);
         return {};
       }});
  Envelope envelope{"ana@customer.example", {"support@desk.example"}, false};
  ASSERT_TRUE(keeping.DeliverRaw(
      envelope,
      "From: ana@customer.example\nSubject: log\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nsee file\n--b\n"
      "Content-Type: text/csv\nContent-Disposition: attachment; filename=\"../log.csv\"\n\na,b\n--b--\n"));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].name, "_log.csv");
  EXPECT_TRUE(blobs->Exists(kept[0].sha256));
}

TEST_F(IntakeTest, SpeaksToTheMailServer) {
  EXPECT_EQ(intake->CheckRecipient("support@desk.example").code, 250);
  EXPECT_EQ(intake->CheckRecipient(ReplyAddress("secret", "desk.example", 1)).code, 250);
  EXPECT_EQ(intake->CheckRecipient("nobody@desk.example").code, 550);
  Envelope envelope{"ana@customer.example", {"support@desk.example", "support+x@desk.example"}, false};
  const auto replies = intake->Deliver(envelope, Crlf(kFirst));
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies[1].code, 250);
  EXPECT_EQ(desk.Count("SELECT count(*) FROM ticket"), 1);
  EXPECT_EQ(PipeExitCode(Fail(Code::kUnavailable, "store.io")), 75);
}

TEST_F(IntakeTest, RemembersItsSettings) {
  ASSERT_TRUE(desk.store->Write([&](store::WriteTx& tx) { return SaveDesk(tx, settings); }));
  const auto loaded = LoadDesk(*desk.store);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->address, "support@desk.example");
  EXPECT_FALSE(loaded->key.empty());
  EXPECT_EQ(LoadDesk(*desk.store)->key, loaded->key);
}

}  // namespace
}  // namespace propolis::mail
