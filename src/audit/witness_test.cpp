#include "audit/witness.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "audit/audit.h"
#include "audit/tree.h"
#include "base/base64.h"
#include "base/text.h"
#include "store/test_support.h"

namespace propolis::audit {
namespace {

namespace fs = std::filesystem;
using Kinds = std::vector<AlarmKind>;

// A log with its tree in memory, for as long as the test needs to be one.
class Log {
 public:
  explicit Log(Time start) : at_(start) {}

  void Write(int count, Seconds apart = Seconds{0}) {
    for (int i = 0; i < count; ++i) {
      at_ += apart;
      lines_.push_back(R"({"seq":)" + std::to_string(lines_.size() + 1) + R"(,"at":")" + FormatTime(at_) +
                       R"(","act":"ticket.read","seed":)" + std::to_string(seed_) + "}");
    }
  }
  void MoveClock(Seconds by) { at_ += by; }
  // From here on it writes another history.
  void Branch(std::size_t size) {
    lines_.resize(size);
    ++seed_;
  }

  [[nodiscard]] std::uint64_t size() const { return lines_.size(); }
  [[nodiscard]] std::string Note() const { return NoteOf(size()); }
  [[nodiscard]] std::string NoteOf(std::uint64_t size) const { return WriteCheckpoint({size, Range(0, size)}, key_); }
  [[nodiscard]] std::string Verifier() const { return key_.Verifier(); }
  [[nodiscard]] std::string Show(std::uint64_t old_size) const { return ShowNote(old_size, Note()); }
  [[nodiscard]] std::string ShowNote(std::uint64_t old_size, const std::string& note) const {
    std::string request = "old " + std::to_string(old_size) + "\n";
    const std::uint64_t size = ReadCheckpoint(note)->size;
    if (old_size > 0 && old_size < size) {
      for (const Element& element : ConsistencyElements(old_size, size).value()) {
        std::vector<Hash> peaks;
        for (const NodeId& id : element) {
          peaks.push_back(Range(id.index << id.level, (id.index + 1) << id.level));
        }
        request += text::Base64Encode(Bytes(RootOf(peaks))) + "\n";
      }
    }
    return request + "\n" + note;
  }
  [[nodiscard]] std::string Hand(std::uint64_t from, std::uint64_t to) const {
    std::string request = "from " + std::to_string(from) + "\n";
    for (std::uint64_t i = from; i < to; ++i) {
      request += lines_[i] + "\n";
    }
    return request;
  }
  [[nodiscard]] std::string All() const { return Hand(0, size()).substr(7); }

 private:
  [[nodiscard]] Hash Range(std::uint64_t from, std::uint64_t to) const {
    Growing tree;
    for (std::uint64_t i = from; i < to; ++i) {
      tree.Add(LeafHash(lines_[i]));
    }
    return tree.Root();
  }

  SigningKey key_ = SigningKey::Make();
  Time at_;
  std::vector<std::string> lines_;
  int seed_ = 0;
};

std::string Whole(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class WitnessTest : public testing::Test {
 protected:
  WitnessTest() { crypto::Start(); }
  ~WitnessTest() override { fs::remove_all(folder_); }
  void SetUp() override { Start(); }

  Result<std::unique_ptr<Witness>> Try() {
    return Witness::Open({.folder = folder_.string(),
                          .log_key = log_.Verifier(),
                          .clock = clock_,
                          .on_alarm = [this](const Alarm& alarm) { alarms_.push_back(alarm.kind); }});
  }
  void Start() {
    witness_.reset();
    auto opened = Try();
    ASSERT_TRUE(opened) << Describe(opened.error());
    witness_ = *std::move(opened);
  }
  // All that the log has, shown and handed over.
  void Follow() {
    const Standing standing = witness_->GetStanding();
    ASSERT_EQ(witness_->AddCheckpoint(log_.Show(standing.signed_size)).status, 200);
    ASSERT_EQ(witness_->AddEntries(log_.Hand(standing.held, log_.size())).status, 200);
    ASSERT_EQ(witness_->GetStanding().held, log_.size());
  }

  fs::path folder_ = fs::temp_directory_path() / ("witness-" + crypto::RandomToken(8));
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>(*ParseTime("2026-03-02T10:00:00Z"));
  Log log_{clock_->Now()};
  std::unique_ptr<Witness> witness_;
  Kinds alarms_;
};

TEST_F(WitnessTest, SignsWhatGrewAndKeepsACopyThatVerifiesWithoutIt) {
  for (const int more : {1, 6, 1, 300, 17}) {
    log_.Write(more);
    Follow();
  }
  EXPECT_EQ(Whole(folder_ / "log.jsonl"), log_.All());
  const std::string note = Whole(folder_ / "log.jsonl.checkpoint");
  EXPECT_EQ(note, Whole(folder_ / "checkpoint"));
  EXPECT_TRUE(note.starts_with(log_.Note()));
  const std::string verifier = WitnessKeyIn(folder_.string(), "propolis-witness")->Verifier();
  EXPECT_EQ(CosignedAt(note, verifier), clock_->Now());
  EXPECT_EQ(CosignedAt(note, WitnessKey::Make("propolis-witness").Verifier()), std::nullopt);
  std::string other = note;
  other[other.find("325")] = '4';
  EXPECT_EQ(CosignedAt(other, verifier), std::nullopt);
  EXPECT_EQ(alarms_, Kinds{});
}

TEST_F(WitnessTest, AnswersAsTheProtocolSays) {
  log_.Write(10);
  const std::string ten = log_.Show(0);
  for (const std::string_view broken :
       {"", "old", "old 0", "old x\n\n", "old 00\n\n", "old -1\n\n", "old 0\nAAAA\n\n"}) {
    EXPECT_EQ(witness_->AddCheckpoint(broken).status, 400) << broken;
  }
  EXPECT_EQ(witness_->AddCheckpoint("old 0\n\nanother-log\n1\nAAAA\n\n").status, 404);
  const Log stranger(clock_->Now());
  EXPECT_EQ(witness_->AddCheckpoint(stranger.Show(0)).status, 403);
  EXPECT_EQ(witness_->AddCheckpoint(ten).status, 200);
  EXPECT_EQ(witness_->AddCheckpoint(log_.ShowNote(11, log_.Note())).status, 400);
  log_.Write(5);
  const auto stale = witness_->AddCheckpoint(log_.Show(9));
  EXPECT_EQ(stale.status, 409);
  EXPECT_EQ(stale.body, "10\n");
  EXPECT_EQ(stale.type, "text/x.tlog.size");
  std::string lying = log_.Show(10);
  const auto proof = lying.find('\n') + 1;
  lying[proof] = lying[proof] == 'A' ? 'B' : 'A';
  EXPECT_EQ(alarms_, Kinds{});
  EXPECT_EQ(witness_->AddCheckpoint(lying).status, 422);
  EXPECT_EQ(alarms_, Kinds{AlarmKind::kInconsistent});
  EXPECT_EQ(witness_->AddCheckpoint(log_.Show(10)).status, 200);
  EXPECT_EQ(witness_->AddCheckpoint(log_.Show(15)).status, 200);  // the same again: it is there
  EXPECT_EQ(witness_->GetStanding().signed_size, 15U);
  EXPECT_EQ(witness_->GetStanding().held, 0U);
}

TEST_F(WitnessTest, TakesNoEntriesButThoseThatWereSigned) {
  log_.Write(20);
  EXPECT_EQ(witness_->AddEntries(log_.Hand(0, 5)).status, 400);  // nothing is signed yet
  ASSERT_EQ(witness_->AddCheckpoint(log_.Show(0)).status, 200);
  EXPECT_EQ(witness_->AddEntries("from 0\nwithout an end").status, 400);
  EXPECT_EQ(witness_->AddEntries("from 0\n\n").status, 400);
  EXPECT_EQ(witness_->AddEntries("from 0\n" + std::string(65'536, 'x') + "\n").status, 400);
  EXPECT_EQ(witness_->AddEntries(log_.Hand(0, 8)).body, "8\n");
  EXPECT_EQ(witness_->AddEntries(log_.Hand(0, 8)).status, 409);
  EXPECT_EQ(witness_->GetStanding().held, 0U);
  std::string wrong = log_.Hand(8, 20);
  wrong.replace(wrong.rfind("ticket.read"), 11, "ticket.lost");
  EXPECT_EQ(witness_->AddEntries(wrong).status, 422);
  EXPECT_EQ(alarms_, Kinds{AlarmKind::kCopies});
  const auto again = witness_->AddEntries(log_.Hand(8, 20));
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.body, "0\n");
  EXPECT_EQ(witness_->AddEntries(log_.Hand(0, 20)).status, 200);
  EXPECT_EQ(Whole(folder_ / "log.jsonl"), log_.All());
}

TEST_F(WitnessTest, FindsASecondHistory) {
  log_.Write(40);
  Follow();
  const std::string first = log_.Note();
  for (const std::size_t size : {40U, 25U}) {  // as long, and shorter
    clock_->Advance(Seconds(61));
    Log other = log_;
    other.Branch(size - 5);
    other.Write(5);
    EXPECT_EQ(witness_->AddCheckpoint(other.Show(size)).status, 409);
  }
  EXPECT_EQ(alarms_, (Kinds{AlarmKind::kFork, AlarmKind::kFork}));
  int kept = 0;
  for (const auto& file : fs::directory_iterator(folder_ / "evidence")) {
    const std::string note = Whole(file);
    EXPECT_TRUE(IsSignedBy(note, log_.Verifier()));
    EXPECT_NE(note, first);
    ++kept;
  }
  EXPECT_EQ(kept, 2);
  // Grown on from another history: no proof can be made.
  clock_->Advance(Seconds(61));
  log_.Branch(30);
  log_.Write(20);
  EXPECT_EQ(witness_->AddCheckpoint(log_.Show(40)).status, 422);
  EXPECT_EQ(alarms_.back(), AlarmKind::kInconsistent);
}

TEST_F(WitnessTest, FindsALogThatWasPutBack) {
  log_.Write(40);
  Follow();
  EXPECT_EQ(witness_->AddCheckpoint(log_.ShowNote(30, log_.NoteOf(30))).status, 409);
  EXPECT_EQ(alarms_, Kinds{AlarmKind::kShorter});
}

TEST_F(WitnessTest, LooksAtClocks) {
  log_.Write(5, Seconds{1});
  Follow();
  log_.MoveClock(Seconds{-30});
  log_.Write(1);
  Follow();
  EXPECT_EQ(alarms_, Kinds{AlarmKind::kClock});
  alarms_.clear();
  clock_->Advance(Seconds{120});
  log_.MoveClock(Seconds{600});
  log_.Write(1);
  Follow();
  EXPECT_EQ(alarms_, Kinds{AlarmKind::kClock});
}

TEST_F(WitnessTest, TellsOfSilenceAndOfWhatComesLate) {
  log_.Write(5);
  Follow();
  clock_->Advance(Seconds{59});
  witness_->Watch();
  EXPECT_EQ(alarms_, Kinds{});
  clock_->Advance(Seconds{2});
  witness_->Watch();
  EXPECT_EQ(alarms_, Kinds{AlarmKind::kSilent});
  log_.Write(5);
  ASSERT_EQ(witness_->AddCheckpoint(log_.Show(5)).status, 200);
  alarms_.clear();
  ASSERT_EQ(witness_->AddEntries(log_.Hand(5, 10)).status, 200);
  EXPECT_EQ(alarms_, Kinds{AlarmKind::kLate});  // written when the silence began
  alarms_.clear();
  log_.Write(1);
  ASSERT_EQ(witness_->AddCheckpoint(log_.Show(10)).status, 200);
  clock_->Advance(Seconds{61});
  ASSERT_EQ(witness_->AddCheckpoint(log_.Show(11)).status,
            200);  // it says that it is there, and keeps the entries back
  witness_->Watch();
  EXPECT_EQ(alarms_, Kinds{AlarmKind::kLate});
}

TEST_F(WitnessTest, GoesOnWhereItWas) {
  log_.Write(30);
  Follow();
  log_.Write(10);
  ASSERT_EQ(witness_->AddCheckpoint(log_.Show(30)).status, 200);
  ASSERT_EQ(witness_->AddEntries(log_.Hand(30, 34)).status, 200);
  EXPECT_EQ(Try().error().code, Code::kConflict);  // one process at a time
  Start();
  EXPECT_EQ(witness_->GetStanding().signed_size, 40U);
  EXPECT_EQ(witness_->GetStanding().held, 30U);
  EXPECT_EQ(witness_->AddEntries(log_.Hand(30, 40)).status, 200);
  EXPECT_EQ(Whole(folder_ / "log.jsonl"), log_.All());
  struct stat about = {};
  ASSERT_EQ(stat((folder_ / "witness.key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(WitnessTest, NoticesThatItsOwnFolderWasChanged) {
  log_.Write(30);
  Follow();
  witness_.reset();
  for (const char* name : {"log.jsonl", "checkpoint", "log.jsonl.checkpoint"}) {
    const std::string before = Whole(folder_ / name);
    std::string changed = before;
    changed[before.size() / 3] ^= 1;
    std::ofstream(folder_ / name) << changed;
    const auto opened = Try();
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().message, "witness.damaged");
    std::ofstream(folder_ / name) << before;
  }
  EXPECT_TRUE(Try());
}

// What somebody can do who has the desk's database and its key: everything but change what the witness holds.
TEST_F(WitnessTest, AThousandTamperingsUnderTheRightKeyAreFound) {
  store::TestStore desk;
  const SigningKey key = SigningKey::Make();
  const auto grow = [&](store::WriteTx& tx) {
    while (Extend(tx, 100) > 0) {
    }
    Sign(tx, key);
  };
  ASSERT_TRUE(desk->Write([&](store::WriteTx& tx) -> Status {
    for (int i = 1; i <= 100; ++i) {
      Record(
          tx,
          {.actor_kind = "staff", .actor = {}, .actor_name = "Ana", .act = "ticket.read", .ticket = i, .subject = ""});
    }
    grow(tx);
    return {};
  }));
  const std::string kept =
      desk->Read([](store::ReadTx& tx) -> Result<std::string> { return NewestCheckpoint(tx); }).value();
  std::mt19937 random(11);
  for (int i = 0; i < 1000; ++i) {
    const auto seq = static_cast<std::int64_t>(random() % 100 + 1);
    const auto outcome = desk->Write([&](store::WriteTx& tx) -> Result<bool> {
      switch (random() % 4) {
        case 0:
          tx.Exec("UPDATE audit SET act = 'ticket.lost' WHERE seq = $1", seq);
          break;
        case 1:  // taken out, the others moved up
          tx.Exec("DELETE FROM audit WHERE seq = $1", seq);
          tx.Exec("UPDATE audit SET seq = -seq WHERE seq > $1", seq);
          tx.Exec("UPDATE audit SET seq = -seq - 1 WHERE seq < 0");
          break;
        case 2:
          tx.Exec("UPDATE audit SET seq = -1 WHERE seq = $1", seq);
          tx.Exec("UPDATE audit SET seq = $2 WHERE seq = $1", seq % 100 + 1, seq);
          tx.Exec("UPDATE audit SET seq = $1 WHERE seq = -1", seq % 100 + 1);
          break;
        default:
          tx.Exec("DELETE FROM audit WHERE seq >= $1", seq);
      }
      // And everything that would tell is made anew.
      tx.Exec("DELETE FROM audit_checkpoint");
      tx.Exec("DELETE FROM audit_node");
      tx.Exec("DELETE FROM audit_tree");
      grow(tx);
      EXPECT_EQ(VerifyStore(tx, {}, {key.Verifier()}), std::vector<std::string>{});
      EXPECT_FALSE(VerifyStore(tx, {kept}, {key.Verifier()}).empty()) << seq;
      return Fail(Code::kConflict, "undo");
    });
    ASSERT_FALSE(outcome);
  }
}

}  // namespace
}  // namespace propolis::audit
