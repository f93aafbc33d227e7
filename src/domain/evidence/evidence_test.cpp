#include "domain/evidence/evidence.h"

#include <gtest/gtest.h>

#include "domain/desk_test_support.h"

namespace propolis::evidence {
namespace {

TEST(SafeFilename, KeepsNamesAndDropsTricks) {
  EXPECT_EQ(SafeFilename("informe técnico.pdf"), "informe técnico.pdf");
  EXPECT_EQ(SafeFilename("../../etc/passwd"), "passwd");
  EXPECT_EQ(SafeFilename("C:\\temp\\log.txt"), "log.txt");
  EXPECT_EQ(SafeFilename("...hidden"), "hidden");
  EXPECT_EQ(SafeFilename("a<b>:c?.txt"), "a_b__c_.txt");
  EXPECT_EQ(SafeFilename("invoice\xe2\x80\xae"
                         "fdp.exe"),
            "invoicefdp.exe");  // right-to-left override
  EXPECT_EQ(SafeFilename(""), "file");
  EXPECT_EQ(SafeFilename("/"), "file");
  EXPECT_EQ(SafeFilename(" . . "), "file");
  const std::string longest = SafeFilename(std::string(1000, 'x') + ".pcapng");
  EXPECT_EQ(longest.size(), 200U);
  EXPECT_TRUE(longest.ends_with(".pcapng"));
}

TEST(SniffMediaType, GoesByContentAndMakesActiveContentPlain) {
  EXPECT_EQ(SniffMediaType("\x89PNG\r\n\x1a\n...."), "image/png");
  EXPECT_EQ(SniffMediaType("%PDF-1.7"), "application/pdf");
  EXPECT_EQ(SniffMediaType("RIFF1234WEBPVP8 "), "image/webp");
  EXPECT_EQ(SniffMediaType("<html><script>alert(1)</script>"), "text/plain");
  EXPECT_EQ(SniffMediaType("<svg onload=alert(1)>"), "text/plain");
  EXPECT_EQ(SniffMediaType("Sep 12 sshd: ação"), "text/plain");
  EXPECT_EQ(SniffMediaType("Sep 12 sshd: a\xc3"), "text/plain") << "cut inside a character";
  EXPECT_EQ(SniffMediaType(std::string_view("MZ\x90\x00\x03", 5)), "application/octet-stream");
  EXPECT_EQ(SniffMediaType(""), "text/plain");
}

TEST(SafeMediaType, BelievesNoSender) {
  EXPECT_EQ(SafeMediaType("image/png"), "image/png");
  EXPECT_EQ(SafeMediaType("text/html"), "application/octet-stream");
  EXPECT_EQ(SafeMediaType("image/svg+xml; x"), "application/octet-stream");
}

TEST(Disposition, AlwaysSavesAndSurvivesAnyName) {
  EXPECT_EQ(Disposition("a b.txt"), "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt");
  EXPECT_EQ(Disposition("x\"\r\nSet-Cookie: y"),
            "attachment; filename=\"x___Set-Cookie_ y\"; filename*=UTF-8''x%22%0D%0ASet-Cookie%3A%20y");
}

class EvidenceTest : public testing::Test {
 protected:
  Result<Evidence> AddAs(const auth::Actor& actor, Visibility visibility = Visibility::kInternal) {
    return desk_.store->Write([&](store::WriteTx& tx) {
      return Add(
          tx, actor, number_,
          {std::string(64, 'a'), 12, "../capture.pcap", "application/vnd.tcpdump.pcap", "firewall", "", visibility});
    });
  }
  Result<Evidence> GetAs(const auth::Actor& actor, EvidenceId id) {
    return desk_.store->Read([&](store::ReadTx& tx) { return Get(tx, actor, id); });
  }

  TestDesk desk_;
  auth::Actor ana_ = desk_.AddStaff("Ana");
  auth::Actor customer_ = desk_.AddCustomer("Ana", desk_.organisation);  // who asked
  std::int64_t number_ = desk_.AddTicket();
};

TEST_F(EvidenceTest, EveryHandIsRecorded) {
  const auto added = AddAs(ana_);
  ASSERT_TRUE(added) << Describe(added.error());
  EXPECT_EQ(added->filename, "capture.pcap");
  ASSERT_TRUE(desk_.store->Write([&](store::WriteTx& tx) -> Result<bool> {
    TRY(NoteExport(tx, ana_, added->id, true));
    return true;
  }));
  const auto read = GetAs(ana_, added->id);
  ASSERT_EQ(read->custody.size(), 3U);
  EXPECT_EQ(read->custody[0].act, Act::kCollected);
  EXPECT_EQ(read->custody[1].act, Act::kVerified);
  EXPECT_EQ(read->custody[2].act, Act::kExported);
  EXPECT_EQ(read->custody[2].by, "Ana");
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM entry WHERE kind = 'evidence'"), 1);
  EXPECT_EQ(desk_.Count("SELECT count(*) FROM audit WHERE act = 'evidence.export'"), 1);
}

TEST_F(EvidenceTest, CustomersSeeThePublicOfTheirOwn) {
  const auto internal = AddAs(ana_);
  const auto shared = AddAs(ana_, Visibility::kPublic);
  const auto theirs = AddAs(customer_);
  EXPECT_EQ(theirs->visibility, Visibility::kPublic);
  EXPECT_EQ(GetAs(customer_, internal->id).error().code, Code::kNotFound);
  EXPECT_TRUE(GetAs(customer_, shared->id));
  const auto colleague = desk_.AddCustomer("Carl", desk_.organisation);
  EXPECT_EQ(GetAs(colleague, shared->id).error().code, Code::kNotFound);
  EXPECT_TRUE(GetAs(desk_.AddCustomer("Boss", desk_.organisation, auth::Role::kCustomerApprover), shared->id));
  const auto stranger = desk_.AddCustomer("Zoe", desk_.AddOrganisation("Other"));
  EXPECT_EQ(GetAs(stranger, shared->id).error().code, Code::kNotFound);
  EXPECT_EQ(AddAs(stranger).error().code, Code::kNotFound);
  EXPECT_EQ(GetAs(customer_, EvidenceId::New(FromMicros(9))).error().code, Code::kNotFound);
  const auto listed =
      desk_.store->Read([&](store::ReadTx& tx) -> Result<std::vector<Evidence>> { return Of(tx, customer_, number_); });
  EXPECT_EQ(listed->size(), 2U);
}

}  // namespace
}  // namespace propolis::evidence
