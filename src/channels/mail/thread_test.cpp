#include "channels/mail/thread.h"

#include "channels/mail/auto.h"
#include "domain/ticket/number.h"

namespace propolis::mail {
namespace {

constexpr std::string_view kKey = "a secret of the desk";
constexpr std::string_view kDomain = "desk.example";

ParsedMail Mail(std::string_view headers) { return ParseMail(std::string(headers) + "\n\nhello\n"); }

TEST(Signed, ReplyAddressesHoldAndCannotBeMadeUp) {
  const std::string address = ReplyAddress(kKey, kDomain, 12345);
  EXPECT_TRUE(address.starts_with("reply+12345."));
  EXPECT_TRUE(IsDeliverable(address));
  EXPECT_EQ(OwnReply(kKey, kDomain, address), 12345);
  std::string shouted = address;
  std::ranges::transform(shouted, shouted.begin(), [](char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(OwnReply(kKey, kDomain, shouted), 12345);
  std::string forged = address;
  forged[6] = '2';
  EXPECT_EQ(OwnReply(kKey, kDomain, forged), std::nullopt);
  EXPECT_EQ(OwnReply("another key", kDomain, address), std::nullopt);
  EXPECT_EQ(OwnReply(kKey, "other.example", address), std::nullopt);
  EXPECT_EQ(OwnReply("", kDomain, address), std::nullopt);
  for (const std::string_view odd : {"reply+@desk.example", "reply+1@desk.example", "reply+1.@desk.example",
                                     "reply+99999999999999999999.aaaa@desk.example", "@desk.example", ""}) {
    EXPECT_EQ(OwnReply(kKey, kDomain, odd), std::nullopt) << odd;
  }
}

TEST(Signed, MessageIdsHoldAndCannotBeMadeUp) {
  const std::string id = MakeMessageId(kKey, kDomain, 7, "12");
  const auto own = OwnMessage(kKey, kDomain, id);
  ASSERT_TRUE(own);
  EXPECT_EQ(own->number, 7);
  EXPECT_EQ(own->entry, "12");
  // Amazon SES and Exchange put their own host behind it.
  EXPECT_TRUE(OwnMessage(kKey, kDomain, id.substr(0, id.find('@')) + "@email.relay.example"));
  EXPECT_FALSE(OwnMessage(kKey, kDomain, "pr-8" + id.substr(4)));
  EXPECT_FALSE(OwnMessage("other", kDomain, id));
  // A signature for one purpose is none for another.
  const std::string reply = ReplyAddress(kKey, kDomain, 7);
  EXPECT_FALSE(OwnMessage(kKey, kDomain, "pr-7." + reply.substr(8)));
}

TEST(Subject, TagNeedsItsCheckCharacter) {
  const std::string tag = SubjectTag(12345);
  EXPECT_EQ(FindSubjectTag("Re: " + tag + " VPN down"), 12345);
  EXPECT_EQ(FindSubjectTag("[EXTERNAL] Re: " + tag), 12345);
  EXPECT_EQ(FindSubjectTag("[PR-12345]"), std::nullopt);
  EXPECT_EQ(FindSubjectTag("[12345]"), std::nullopt);
  std::string wrong = tag;
  wrong[tag.size() - 2] = wrong[tag.size() - 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(FindSubjectTag(wrong), std::nullopt);
}

TEST(Clues, StrongestFirstAndNewestReferenceFirst) {
  const std::string ours = MakeMessageId(kKey, kDomain, 3, "1");
  const ParsedMail mail =
      Mail("To: x@y.example, " + ReplyAddress(kKey, kDomain, 9) + "\nReferences: <old@c.example> <new@c.example> <" +
           ours + ">\nSubject: re " + SubjectTag(5));
  const auto clues = FindClues(mail, {}, kKey, kDomain, [](std::string_view id) -> std::optional<std::int64_t> {
    return id == "old@c.example"   ? std::optional<std::int64_t>(1)
           : id == "new@c.example" ? std::optional<std::int64_t>(2)
                                   : std::nullopt;
  });
  std::vector<std::int64_t> numbers;
  for (const auto& clue : clues) {
    numbers.push_back(clue.number);
  }
  EXPECT_THAT(numbers, testing::ElementsAre(9, 3, 2, 1, 5));
  EXPECT_EQ(FindClues(mail, {ReplyAddress(kKey, kDomain, 77)}, kKey, kDomain, nullptr)[0].number, 77);
}

TEST(Decision, WeakCluesNeedAKnownSender) {
  const FindTicket find = [](std::int64_t number) -> std::optional<TicketSide> {
    return number == 5 ? std::optional(TicketSide{{"Ana@c.example"}, {"c.example"}}) : std::nullopt;
  };
  const auto decide = [&](ClueKind kind, std::string_view sender) { return DecideThread({{kind, 5}}, sender, find); };
  for (const ClueKind weak : {ClueKind::kReference, ClueKind::kSubjectTag}) {
    EXPECT_EQ(decide(weak, "ana@c.example").action, ThreadAction::kAppend);
    EXPECT_EQ(decide(weak, "bob@c.example").action, ThreadAction::kAppend);
    EXPECT_EQ(decide(weak, "ana@evil.example").action, ThreadAction::kNewLinked);
    EXPECT_EQ(decide(weak, "x@sub.c.example").action, ThreadAction::kNewLinked);
    EXPECT_EQ(decide(weak, "").action, ThreadAction::kNewLinked);
    EXPECT_FALSE(decide(weak, "ana@c.example").signed_clue);
  }
  for (const ClueKind strong : {ClueKind::kReplyAddress, ClueKind::kOwnMessageId}) {
    EXPECT_EQ(decide(strong, "ana@c.example").assurance, auth::Assurance::kClaimed);
    EXPECT_EQ(decide(strong, "other@elsewhere.example").action, ThreadAction::kAppend);
    EXPECT_TRUE(decide(strong, "other@elsewhere.example").signed_clue);
    EXPECT_EQ(decide(strong, "other@elsewhere.example").assurance, auth::Assurance::kUnknown);
  }
  EXPECT_EQ(DecideThread({{ClueKind::kReplyAddress, 6}}, "ana@c.example", find).action, ThreadAction::kNew);
  EXPECT_EQ(DecideThread({}, "ana@c.example", find).action, ThreadAction::kNew);
}

TEST(Auto, IsToldByItsHeaders) {
  Desk desk;
  desk.domain = kDomain;
  desk.address = "support@desk.example";
  desk.key = kKey;
  const auto judge = [&](std::string_view headers, std::string_view from = "") {
    return JudgeAuto(Mail(headers), from, desk);
  };
  const std::string person = "From: ana@c.example\nMessage-ID: <1@c.example>\nSubject: help\n";
  EXPECT_EQ(judge(person).kind, AutoKind::kPerson);
  EXPECT_TRUE(judge(person).MayAnswer());
  for (const std::string_view header :
       {"Auto-Submitted: auto-generated", "Precedence: bulk", "X-Auto-Response-Suppress: All", "List-Id: <l.c.example>",
        "X-Loop: x", "X-Autoreply: yes", "Auto-Submitted: auto-replied (vacation)", "Return-Path: <>",
        "X-FC-MachineGenerated: true", "Precedence: junk", "List-Unsubscribe: <mailto:x@c.example>",
        "Content-Type: multipart/report; report-type=delivery-status"}) {
    EXPECT_FALSE(judge(person + std::string(header)).MayAnswer()) << header;
    EXPECT_NE(judge(person + std::string(header)).kind, AutoKind::kPerson) << header;
  }
  for (const std::string_view header :
       {"Auto-Submitted: no", "X-Auto-Response-Suppress: None", "Precedence: normal", "Return-Path: <ana@c.example>"}) {
    EXPECT_TRUE(judge(person + std::string(header)).MayAnswer()) << header;
  }
  EXPECT_EQ(judge(person, "<>").kind, AutoKind::kMachine);
  EXPECT_EQ(judge("From: MAILER-DAEMON@c.example\nSubject: Undelivered").kind, AutoKind::kBounce);
  EXPECT_EQ(judge("From: a@c.example\nSubject: Respuesta automática: VPN").kind, AutoKind::kAutoReply);
  EXPECT_EQ(judge("From: a@c.example\nSubject: Resposta automática: VPN").kind, AutoKind::kAutoReply);
  EXPECT_EQ(judge("From: support@desk.example\nSubject: x").kind, AutoKind::kLoop);
  EXPECT_EQ(judge("From: a@c.example\nX-Propolis-Desk: desk.example").kind, AutoKind::kLoop);
  EXPECT_EQ(judge("From: a@c.example\nMessage-ID: <" + MakeMessageId(kKey, kDomain, 1, "1") + ">").kind,
            AutoKind::kLoop);
  EXPECT_FALSE(judge("From: no-reply@c.example\nSubject: alert").MayAnswer());
  EXPECT_EQ(judge("Subject: nobody").kind, AutoKind::kMachine);
}

}  // namespace
}  // namespace propolis::mail
