#include "channels/mail/dsn.h"

#include <fstream>
#include <iostream>
#include <map>

#include "base/corpora_test_support.h"
#include "base/text.h"
#include "channels/mail/mail_test_support.h"

namespace propolis::mail {
namespace {

constexpr std::string_view kBounce = R"(From: MAILER-DAEMON@relay.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; ana@c.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ana@c.example>:
 User unknown
--b
Content-Type: message/rfc822

Message-ID: <pr-1.2.x@desk.example>
Subject: x

text
--b--
)";

TEST(Dsn, ReadsAStandardBounce) {
  const Report report = ReadReport(ParseMail(kBounce));
  EXPECT_EQ(report.kind, ReportKind::kBounce);
  EXPECT_EQ(report.recipient, "ana@c.example");
  EXPECT_EQ(report.status, "5.1.1");
  EXPECT_EQ(report.reply_code, "550");
  EXPECT_EQ(report.reason, "userunknown");
  EXPECT_TRUE(report.hard);
  EXPECT_EQ(report.original_message_id, "pr-1.2.x@desk.example");
}

TEST(Dsn, TellsReasonsApart) {
  EXPECT_EQ(ReasonOf("5.2.2", "552", "mailbox full"), "mailboxfull");
  EXPECT_EQ(ReasonOf("5.0.0", "550", "User unknown (in reply to end of DATA command)"), "filtered");
  EXPECT_EQ(ReasonOf("5.7.1", "550", "rejected per DMARC policy"), "authfailure");
  EXPECT_EQ(ReasonOf("", "", "no idea"), "undefined");
  EXPECT_TRUE(IsHard("userunknown"));
  EXPECT_FALSE(IsHard("mailboxfull"));
}

TEST(Dsn, LeavesOrdinaryMailAlone) {
  EXPECT_EQ(
      ReadReport(ParseMail("From: ana@c.example\nSubject: help\n\nMy mailbox is full and 550 errors come.\n")).kind,
      ReportKind::kNone);
  EXPECT_EQ(
      ReadReport(ParseMail("From: a@c.example\nSubject: Automatic reply: x\nAuto-Submitted: auto-replied\n\naway\n"))
          .kind,
      ReportKind::kVacation);
}

TEST(DsnCorpora, AgreesWithTheTables) {
  const auto folder = Corpora("dsn");
  if (!folder) {
    GTEST_SKIP() << "no corpus dsn on this machine";
  }
  std::ifstream table(*folder / "expected.tsv");
  std::string line;
  std::getline(table, line);
  std::map<std::string, std::size_t> right;
  std::size_t total = 0;
  std::map<std::string, Report> reports;
  while (std::getline(table, line)) {
    const auto cells = text::Split(line, '\t');
    ASSERT_EQ(cells.size(), 6U);
    const std::string file(cells[0]);
    if (!reports.contains(file)) {
      reports[file] = ReadReport(ParseMail(ReadFile(*folder / "mails" / file)));
    }
    const Report& report = reports[file];
    const auto index = static_cast<std::size_t>(std::stoi(std::string(cells[1]))) - 1;
    ++total;
    const ReportedRecipient got = index < report.recipients.size() ? report.recipients[index] : ReportedRecipient{};
    right["found"] += report.kind != ReportKind::kNone ? 1U : 0U;
    right["status"] += got.status == cells[2] ? 1U : 0U;
    right["reply_code"] += got.reply_code == cells[3] ? 1U : 0U;
    right["reason"] += got.reason == cells[4] ? 1U : 0U;
    right["hard"] += got.hard == (cells[5] == "true") ? 1U : 0U;
    if (std::getenv("VERBOSE") != nullptr && (got.reason != cells[4] || got.status != cells[2])) {
      std::cout << "differs: " << file << ' ' << cells[1] << " wanted " << cells[2] << ' ' << cells[3] << ' '
                << cells[4] << " got " << got.status << ' ' << got.reply_code << ' ' << got.reason << " | "
                << got.diagnostic.substr(0, 150) << '\n';
    }
  }
  for (const auto& [what, count] : right) {
    std::cout << "dsn " << what << ": " << count << '/' << total << '\n';
  }
  EXPECT_GE(right["found"] * 100, total * 95);
  EXPECT_GE(right["reason"] * 100, total * 70);
}

}  // namespace
}  // namespace propolis::mail
