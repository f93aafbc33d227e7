#include "audit/tree.h"

#include <gtest/gtest.h>

#include <random>

#include "audit/audit.h"
#include "base/base64.h"
#include "base/text.h"
#include "store/test_support.h"

namespace propolis::audit {
namespace {

using Lines = std::vector<std::string>;

class TreeTest : public testing::Test {
 protected:
  void Record(int count) {
    ASSERT_TRUE(desk_->Write([&](store::WriteTx& tx) -> Status {
      for (int i = 0; i < count; ++i) {
        audit::Record(tx, {.actor_kind = "staff",
                           .actor = Uuid{},
                           .actor_name = "Ana \"A\" Ñandú",
                           .act = "ticket.read",
                           .outcome = i % 7 == 0 ? Outcome::kDenied : Outcome::kDone,
                           .ticket = ++written_,
                           .subject = "PR-" + std::to_string(written_),
                           .details = "{}"});
      }
      return {};
    }));
  }
  void Grow(std::int64_t batch) {
    ASSERT_TRUE(desk_->Write([&](store::WriteTx& tx) -> Status {
      while (Extend(tx, batch) > 0) {
      }
      Sign(tx, key_);
      return {};
    }));
  }
  Lines Findings(const Lines& kept_elsewhere = {}) {
    const auto findings = desk_->Read(
        [&](store::ReadTx& tx) -> Result<Lines> { return VerifyStore(tx, kept_elsewhere, {key_.Verifier()}); });
    return findings.value();
  }
  std::string Newest() {
    return desk_->Read([](store::ReadTx& tx) -> Result<std::string> { return NewestCheckpoint(tx); }).value();
  }

  store::TestStore desk_;
  SigningKey key_ = SigningKey::Make();
  int written_ = 0;
};

TEST_F(TreeTest, GrowsAlikeInWhateverBatchesAndIsSound) {
  Record(700);
  Grow(13);
  const std::string first = Newest();
  const auto checkpoint = ReadCheckpoint(first);
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->size, 700);
  Growing all;
  ASSERT_TRUE(desk_->Read([&](store::ReadTx& tx) -> Result<bool> {
    ForEachEntry(tx, [&](std::string_view line) {
      all.Add(LeafHash(line));
      return true;
    });
    return true;
  }));
  EXPECT_EQ(checkpoint->root, all.Root());
  desk_.clock->Advance(Seconds(61));
  Record(400);
  Grow(5000);
  EXPECT_EQ(Findings({first}), Lines{});
  EXPECT_EQ(desk_
                ->Read([](store::ReadTx& tx) -> Result<std::int64_t> {
                  return tx
                      .One("SELECT count(*) FROM audit_checkpoint", [](const store::Row& row) { return row.Int(0); })
                      .value_or(0);
                })
                .value(),
            2);
}

TEST_F(TreeTest, ProvesEachEntryUnderTheNewestCheckpoint) {
  Record(600);
  Grow(100);
  Record(3);  // not signed yet
  Lines entries;
  ASSERT_TRUE(desk_->Read([&](store::ReadTx& tx) -> Result<bool> {
    ForEachEntry(tx, [&](std::string_view line) {
      entries.emplace_back(line);
      return true;
    });
    return true;
  }));
  ASSERT_EQ(entries.size(), 600);
  for (const std::uint64_t index : {0U, 1U, 255U, 256U, 511U, 512U, 598U, 599U}) {
    const auto text = desk_->Read([&](store::ReadTx& tx) { return ProofOf(tx, index); });
    ASSERT_TRUE(text);
    const auto gap = text->find("\n\n");
    const auto lines = text::Split(std::string_view(*text).substr(0, gap), '\n');
    ASSERT_EQ(lines[0], "c2sp.org/tlog-proof@v1");
    EXPECT_EQ(lines[1], "index " + std::to_string(index));
    std::vector<Hash> proof;
    for (const auto line : std::span(lines).subspan(2)) {
      std::memcpy(proof.emplace_back().data(), text::Base64Decode(line)->data(), sizeof(Hash));
    }
    const std::string note = text->substr(gap + 2);
    EXPECT_TRUE(IsSignedBy(note, key_.Verifier()));
    const auto checkpoint = ReadCheckpoint(note);
    EXPECT_TRUE(VerifyInclusion(LeafHash(entries[index]), index, checkpoint->size, proof, checkpoint->root)) << index;
  }
  EXPECT_EQ(desk_->Read([](store::ReadTx& tx) { return ProofOf(tx, 600); }).error().code, Code::kNotFound);
}

TEST_F(TreeTest, FindsAThousandTamperings) {
  Record(330);
  Grow(50);
  std::mt19937 random(7);
  const std::vector<std::string> columns = {"at",      "actor_kind", "actor",   "actor_name", "act",
                                            "outcome", "ticket",     "subject", "details"};
  int found = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto seq = static_cast<std::int64_t>(random() % 330 + 1);
    const auto other = seq % 330 + 1;
    const std::string& column = columns[random() % columns.size()];
    std::string what;
    const auto outcome = desk_->Write([&](store::WriteTx& tx) -> Result<bool> {
      switch (random() % 5) {
        case 0:
          what = "removed";
          tx.Exec("DELETE FROM audit WHERE seq = $1", seq);
          break;
        case 1:
          what = "changed " + column;
          if (column == "at" || column == "ticket") {
            tx.Exec(fmt::format("UPDATE audit SET {0} = {0} + 1 WHERE seq = $1", column), seq);
          } else if (column == "outcome") {
            tx.Exec("UPDATE audit SET outcome = iif(outcome = 'done', 'denied', 'done') WHERE seq = $1", seq);
          } else if (column == "actor") {
            tx.Exec("UPDATE audit SET actor = x'00112233445566778899aabbccddeeff' WHERE seq = $1", seq);
          } else {
            tx.Exec(fmt::format("UPDATE audit SET {0} = {0} || 'x' WHERE seq = $1", column), seq);
          }
          break;
        case 2:
          what = "swapped";
          tx.Exec("UPDATE audit SET seq = -1 WHERE seq = $1", seq);
          tx.Exec("UPDATE audit SET seq = $2 WHERE seq = $1", other, seq);
          tx.Exec("UPDATE audit SET seq = $1 WHERE seq = -1", other);
          break;
        case 3:
          what = "put in between";
          tx.Exec("UPDATE audit SET seq = -seq - 1 WHERE seq >= $1", seq);
          tx.Exec("UPDATE audit SET seq = -seq WHERE seq < 0");
          tx.Exec(
              "INSERT INTO audit (seq, at, actor_kind, actor_name, act, outcome, details) VALUES ($1, 1, 'staff', 'x', "
              "'a.b', 'done', '{}')",
              seq);
          break;
        default:
          what = "the end cut off";
          tx.Exec("DELETE FROM audit WHERE seq >= $1", seq);
      }
      const Lines findings = VerifyStore(tx, {}, {key_.Verifier()});
      found += findings.empty() ? 0 : 1;
      EXPECT_FALSE(findings.empty()) << what << " " << seq;
      return Fail(Code::kConflict, "undo");
    });
    ASSERT_FALSE(outcome);
  }
  EXPECT_EQ(found, 1000);
  EXPECT_EQ(Findings(), Lines{});
}

// Whoever has the database and not the key can put everything back to an earlier day. Only a checkpoint kept elsewhere
// tells.
TEST_F(TreeTest, ARolledBackStoreIsFoundByACheckpointKeptElsewhere) {
  Record(300);
  Grow(1000);
  const std::string early = Newest();
  desk_.clock->Advance(Seconds(120));
  Record(50);
  Grow(1000);
  const std::string kept = Newest();
  const auto outcome = desk_->Write([&](store::WriteTx& tx) -> Result<bool> {
    tx.Exec("DELETE FROM audit WHERE seq > 300");
    tx.Exec("DELETE FROM audit_checkpoint WHERE size > 300");
    tx.Exec("DELETE FROM audit_tree");
    tx.Exec("DELETE FROM audit_node");
    Extend(tx, 1000);
    EXPECT_EQ(VerifyStore(tx, {early}, {key_.Verifier()}), Lines{});
    EXPECT_EQ(VerifyStore(tx, {kept}, {key_.Verifier()}).size(), 1);
    return Fail(Code::kConflict, "undo");
  });
  ASSERT_FALSE(outcome);
}

TEST_F(TreeTest, AForgedHistoryNeedsTheKey) {
  Record(10);
  Grow(1000);
  const auto outcome = desk_->Write([&](store::WriteTx& tx) -> Result<bool> {
    tx.Exec("UPDATE audit SET act = 'nothing.done' WHERE seq = 5");
    tx.Exec("DELETE FROM audit_checkpoint");
    tx.Exec("DELETE FROM audit_tree");
    Extend(tx, 1000);
    Sign(tx, SigningKey::Make());  // the thief's
    const Lines findings = VerifyStore(tx, {}, {key_.Verifier()});
    EXPECT_EQ(findings, Lines{"the checkpoint of 10 entries is not signed by a key that was given"});
    return Fail(Code::kConflict, "undo");
  });
  ASSERT_FALSE(outcome);
}

TEST(Note, SignsWhatOnlyItsKeyVerifies) {
  crypto::Start();
  const SigningKey key = SigningKey::Make();
  const std::string note = WriteCheckpoint({5, LeafHash("x")}, key);
  EXPECT_TRUE(IsSignedBy(note, key.Verifier()));
  EXPECT_FALSE(IsSignedBy(note, SigningKey::Make().Verifier()));
  EXPECT_FALSE(IsSignedBy("x" + note, key.Verifier()));
  EXPECT_FALSE(IsSignedBy(note.substr(0, note.size() - 8), key.Verifier()));
  EXPECT_FALSE(IsSignedBy(note, "propolis-audit+00000000+" + key.Verifier().substr(key.Verifier().rfind('+') + 1)));
  const auto again = SigningKey::Parse(key.Secret());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->Verifier(), key.Verifier());
  EXPECT_FALSE(SigningKey::Parse("short"));
  const auto read = ReadCheckpoint(note);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size, 5);
  EXPECT_EQ(read->root, LeafHash("x"));
  for (const std::string_view other : {"", "\n\n", "another-log\n5\nAAAA\n\n", "propolis-audit\n05\nAAAA\n\n"}) {
    EXPECT_FALSE(ReadCheckpoint(other)) << other;
  }
}

// The example of C2SP signed-note: name, key and message of its text.
TEST(Note, ReadsTheNoteOfTheSpecification) {
  crypto::Start();
  EXPECT_TRUE(IsSignedBy(
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
      "\xe2\x80\x94 PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
}

}  // namespace
}  // namespace propolis::audit
