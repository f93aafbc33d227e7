// Secrets at rest: sealed to their place, moved there from the clear, sealed anew without ever being lost.
#include "auth/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "auth/secrets_file.h"
#include "auth/secrets_test_support.h"
#include "store/test_support.h"

namespace propolis::auth::secrets {
namespace {

using store::ReadTx;
using store::WriteTx;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr int kMany = 250;  // more than two transactions of a rotation

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Everything that lies in the folder, as one text.
std::string BytesOf(const std::string& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    all += entry.is_regular_file() ? ReadFile(entry.path().string()) : std::string();
  }
  return all;
}

class SecretsTest : public testing::Test {
 protected:
  SecretsTest() { Use(*keys_); }
  ~SecretsTest() override { Use(*keys_); }

  Status PutIt(Kind kind, const Uuid& owner, std::string_view plain) {
    return (*desk_)->Write([&](WriteTx& tx) { return Put(tx, kind, owner, plain); });
  }
  Result<std::optional<std::string>> GetIt(Kind kind, const Uuid& owner) {
    return (*desk_)->Read([&](ReadTx& tx) { return Get(tx, kind, owner); });
  }
  std::vector<std::string> Found() {
    return *(*desk_)->Read([](ReadTx& tx) -> Result<std::vector<std::string>> { return Findings(tx); });
  }
  template <class... Args>
  void Sql(std::string_view sql, const Args&... args) {
    ASSERT_TRUE((*desk_)->Write([&](WriteTx& tx) -> Status {
      tx.Exec(sql, args...);
      return {};
    }));
  }
  std::string ValueOf(const Uuid& owner) {
    return *(*desk_)->Read([&](ReadTx& tx) -> Result<std::string> {
      return *tx.One(
          "SELECT value FROM secret WHERE owner = $1", [](const store::Row& row) { return std::string(row.Bytes(0)); },
          owner);
    });
  }

  std::optional<Keyring> keys_ =
      Keyring::Parse("propolis secrets key 1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n");
  std::optional<store::TestStore> desk_{std::in_place};
  Uuid ana_ = NewUuid(desk_->clock->Now());
  Uuid rui_ = NewUuid(desk_->clock->Now());
};

TEST_F(SecretsTest, OpensWhatItSealed) {
  EXPECT_EQ(*GetIt(Kind::kTotp, ana_), std::nullopt);
  ASSERT_TRUE(PutIt(Kind::kTotp, ana_, "quiet bees"));
  ASSERT_TRUE(PutIt(Kind::kGateway, ana_, ""));
  EXPECT_EQ(*GetIt(Kind::kTotp, ana_), "quiet bees");
  EXPECT_EQ(*GetIt(Kind::kGateway, ana_), "");
  EXPECT_EQ(*GetIt(Kind::kTotp, rui_), std::nullopt);
}

TEST_F(SecretsTest, SealsTheSameDifferentlyEachTimeAndNeverInTheClear) {
  ASSERT_TRUE(PutIt(Kind::kTotp, ana_, "quiet bees"));
  const std::string once = ValueOf(ana_);
  ASSERT_TRUE(PutIt(Kind::kTotp, ana_, "quiet bees"));
  EXPECT_NE(ValueOf(ana_), once);
  EXPECT_THAT(BytesOf(desk_->folder.path), Not(HasSubstr("quiet bees")));
}

TEST_F(SecretsTest, AValueThatWasMovedDoesNotOpen) {
  ASSERT_TRUE(PutIt(Kind::kTotp, ana_, "of ana"));
  Sql("INSERT INTO secret (kind, owner, key, value) SELECT kind, $1, key, value FROM secret", rui_);
  Sql("INSERT INTO secret (kind, owner, key, value) SELECT 'gateway', $1, key, value FROM secret WHERE owner = $1",
      ana_);
  for (const auto& [kind, owner] : {std::pair{Kind::kTotp, rui_}, std::pair{Kind::kGateway, ana_}}) {
    const auto moved = GetIt(kind, owner);
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().message, "secrets.unreadable");
  }
  EXPECT_EQ(*GetIt(Kind::kTotp, ana_), "of ana");
}

TEST_F(SecretsTest, AChangedByteDoesNotOpen) {
  ASSERT_TRUE(PutIt(Kind::kTotp, ana_, "of ana"));
  const std::string value = ValueOf(ana_);
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string changed = value;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    Sql("UPDATE secret SET value = $1", store::Blob{changed});
    EXPECT_FALSE(GetIt(Kind::kTotp, ana_)) << i;
    Sql("UPDATE secret SET value = $1", store::Blob{std::string_view(value).substr(0, i)});
    EXPECT_FALSE(GetIt(Kind::kTotp, ana_)) << i;
  }
  EXPECT_THAT(Found(), testing::Contains(HasSubstr("was changed or moved")));
}

TEST_F(SecretsTest, WithoutTheKeyNothingIsReadOrWritten) {
  ASSERT_TRUE(PutIt(Kind::kTotp, ana_, "of ana"));
  UseNone();
  EXPECT_EQ(GetIt(Kind::kTotp, ana_).error().message, "secrets.no_key");
  EXPECT_EQ(PutIt(Kind::kTotp, ana_, "other").error().message, "secrets.no_key");
  EXPECT_THAT(Found(), testing::Contains(HasSubstr("the key that sealed it is not here")));
  Use(Keyring::Make());
  EXPECT_EQ(GetIt(Kind::kTotp, ana_).error().message, "secrets.unreadable");
}

// Who can write into the store's file cannot plant a secret of her own.
TEST_F(SecretsTest, WhatAppearsInTheClearIsNotBelieved) {
  ASSERT_TRUE(PutIt(Kind::kTotp, ana_, "of ana"));
  Sql("INSERT INTO secret (kind, owner, value) VALUES ('totp', $1, x'414243')", rui_);
  EXPECT_FALSE(GetIt(Kind::kTotp, rui_));
  EXPECT_EQ(*(*desk_)->Write([](WriteTx& tx) { return SealAll(tx); }), 0);
  EXPECT_FALSE(GetIt(Kind::kTotp, rui_));
  EXPECT_THAT(Found(), testing::Contains(HasSubstr("in the clear")));
}

TEST_F(SecretsTest, ForgetsOnlyWhatCannotBeOpened) {
  ASSERT_TRUE(PutIt(Kind::kGateway, ana_, "of ana"));
  ASSERT_TRUE(PutIt(Kind::kGateway, rui_, "of rui"));
  Sql("UPDATE secret SET value = x'00' WHERE owner = $1", rui_);
  const auto forgotten =
      *(*desk_)->Write([](WriteTx& tx) -> Result<std::vector<std::string>> { return ForgetUnreadable(tx); });
  ASSERT_THAT(forgotten, SizeIs(1));
  EXPECT_EQ(forgotten[0], "gateway " + rui_.ToString());
  EXPECT_EQ(*GetIt(Kind::kGateway, ana_), "of ana");
  EXPECT_EQ(*GetIt(Kind::kGateway, rui_), std::nullopt);
}

TEST_F(SecretsTest, MakesTheDesksOwnOnce) {
  const auto make = [&] { return *(*desk_)->Write([](WriteTx& tx) { return GetOrMakeOwn(tx, Kind::kSurvey); }); };
  const std::string made = make();
  EXPECT_GE(made.size(), 40U);
  EXPECT_EQ(make(), made);
  EXPECT_THAT(Found(), IsEmpty());
}

// --- from the clear

constexpr std::string_view kClearTotp = "a totp secret in clear";
constexpr std::string_view kClearHook = "https://chat.example/hook/in-the-clear";

void FillInTheClear(WriteTx& tx, const Uuid& staff, const Uuid& hook, const Uuid& gateway) {
  tx.Exec(
      "INSERT INTO staff (id, version, name, email, language, languages, zone, roles, active, capacity, preferences, "
      "created_at) VALUES ($1, 1, 'Ana', 'ana@desk.example', 'es', '[]', 'UTC', '[]', 1, 10, '{}', 0)",
      staff);
  tx.Exec("INSERT INTO totp (staff, secret, created_at, confirmed_at) VALUES ($1, $2, 0, 0)", staff,
          store::Blob{kClearTotp});
  tx.Exec(
      "INSERT INTO gateway (id, version, name, method, url, headers, content_type, body, secret) VALUES ($1, 1, 'SMS', "
      "'POST', 'https://sms.example/', '[]', 'text/plain', '', 'a gateway secret in clear')",
      gateway);
  tx.Exec(
      "INSERT INTO contact_method (id, staff, kind, label, address, secret, made_at) VALUES ($1, $2, 'webhook', "
      "'Chat', "
      "$3, 'a webhook secret in clear', 0)",
      hook, staff, kClearHook);
  tx.Exec(
      "INSERT INTO setting (name, value) VALUES ('mail.key', 'a mail key in clear'), ('survey.secret', "
      "'a survey secret in clear'), ('escalation.link_secret', 'a page secret in clear')");
}

std::vector<store::Migration> MigrationsBefore(int number) {
  std::vector<store::Migration> before;
  for (const auto& migration : store::EmbeddedMigrations()) {
    if (migration.number > 0 && migration.number < number) {
      before.push_back(migration);
    }
  }
  return before;
}

TEST_F(SecretsTest, SealsWhatLayInTheClearAndLeavesNoTraceOfIt) {
  const store::TestFolder folder;
  const Uuid hook = NewUuid(desk_->clock->Now());
  const Uuid gateway = NewUuid(desk_->clock->Now());
  store::OpenOptions options{.location = folder.path + "/desk", .durability = store::Durability::kNone};
  options.migrations = MigrationsBefore(120);
  {
    const auto store = store::Open(options).value();
    ASSERT_TRUE(store->Write([&](WriteTx& tx) -> Status {
      FillInTheClear(tx, ana_, hook, gateway);
      return {};
    }));
  }
  ASSERT_THAT(BytesOf(folder.path), HasSubstr("in clear"));
  options.migrations = std::nullopt;
  {
    const auto store = store::Open(options).value();
    EXPECT_EQ(*store->Write([](WriteTx& tx) { return SealAll(tx); }), 7);
    const auto get = [&](Kind kind, const Uuid& owner) {
      return store->Read([&](ReadTx& tx) { return Get(tx, kind, owner); }).value().value_or("nothing");
    };
    EXPECT_EQ(get(Kind::kTotp, ana_), kClearTotp);
    EXPECT_EQ(get(Kind::kWebhook, hook), "a webhook secret in clear");
    EXPECT_EQ(get(Kind::kWebhookAddress, hook), kClearHook);
    EXPECT_EQ(get(Kind::kGateway, gateway), "a gateway secret in clear");
    EXPECT_EQ(get(Kind::kMail, {}), "a mail key in clear");
    EXPECT_EQ(get(Kind::kSurvey, {}), "a survey secret in clear");
    EXPECT_EQ(get(Kind::kPage, {}), "a page secret in clear");
    EXPECT_THAT(*store->Read([](ReadTx& tx) -> Result<std::vector<std::string>> { return Findings(tx); }), IsEmpty());
  }
  EXPECT_THAT(BytesOf(folder.path), Not(HasSubstr("in clear")));
  EXPECT_THAT(BytesOf(folder.path), Not(HasSubstr("in-the-clear")));
}

// --- the file of keys, and its rotation

class KeyFileTest : public SecretsTest {
 protected:
  KeyFileTest() {
    options_.location = folder_.path + "/desk";
    options_.durability = store::Durability::kNone;
    Use(*MakeKeys(path_));
  }
  std::unique_ptr<store::Store> Open() { return store::Open(options_).value(); }
  void Fill() {
    const auto store = Open();
    ASSERT_TRUE(store->Write([&](WriteTx& tx) -> Status {
      for (int i = 0; i < kMany; ++i) {
        owners_.push_back(NewUuid(tx.Now()));
        TRY(Put(tx, Kind::kGateway, owners_.back(), "secret " + std::to_string(i)));
      }
      return {};
    }));
  }
  // Reads all of them with the keys of the file, as a desk that starts now.
  void ExpectAllReadable() {
    Use(**ReadKeys(path_));
    const auto store = Open();
    for (int i = 0; i < kMany; ++i) {
      const auto plain =
          store->Read([&](ReadTx& tx) { return Get(tx, Kind::kGateway, owners_[static_cast<std::size_t>(i)]); });
      ASSERT_TRUE(plain) << i;
      EXPECT_EQ(*plain, "secret " + std::to_string(i));
    }
  }
  std::size_t KeysInStore() {
    const auto store = Open();
    return store->Read([](ReadTx& tx) -> Result<std::size_t> { return KeysInUse(tx).size(); }).value();
  }

  store::TestFolder folder_;
  std::string path_ = folder_.path + "/secrets.key";
  store::OpenOptions options_;
  std::vector<Uuid> owners_;
};

TEST_F(KeyFileTest, IsMadeOnceForItsOwnerAlone) {
  struct stat about = {};
  ASSERT_EQ(stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  const std::string text = ReadFile(path_);
  EXPECT_EQ(MakeKeys(path_)->Text(), text);  // somebody was first
  EXPECT_EQ(ReadFile(path_), text);
  EXPECT_EQ((*ReadKeys(path_))->Text(), text);
  EXPECT_EQ(*ReadKeys(path_ + ".other"), std::nullopt);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path), {}), 1);
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_EQ(ReadKeys(path_).error().message, "secrets.key_open");
}

TEST_F(KeyFileTest, TakesNothingElseForKeys) {
  const std::string key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
  const std::string head = "propolis secrets key 1\n";
  EXPECT_TRUE(Keyring::Parse(head + key + "\n" + key));
  std::string many = head;
  for (int i = 0; i < 9; ++i) {
    many += key + "\n";
  }
  for (const std::string& bad : {std::string(), head, key, head + "AAEC", head + key + "x",
                                 fmt::format("{}{}\n\n{}", head, key, key), "propolis secrets key 2\n" + key, many}) {
    EXPECT_FALSE(Keyring::Parse(bad)) << bad;
    std::ofstream(path_) << bad;
    EXPECT_EQ(ReadKeys(path_).error().message, "secrets.bad_key") << bad;
  }
}

TEST_F(KeyFileTest, RotatesEverySecretAndForgetsTheOldKey) {
  Fill();
  const std::string before = ReadFile(path_);
  {
    const auto store = Open();
    ASSERT_TRUE(Rotate(*store, path_, nullptr));
  }
  EXPECT_NE(ReadFile(path_), before);
  EXPECT_FALSE((*ReadKeys(path_))->HasOldKeys());
  ExpectAllReadable();
  EXPECT_EQ(KeysInStore(), 1U);
  Use(*Keyring::Parse(before));
  const auto store = Open();
  EXPECT_FALSE(store->Read([&](ReadTx& tx) { return Get(tx, Kind::kGateway, owners_[0]); }));
}

TEST_F(KeyFileTest, ARotationThatIsKilledLosesNothingAndIsTakenUpAgain) {
  Fill();
  const pid_t child = fork();
  if (child == 0) {
    const auto store = store::Open(options_);
    static_cast<void>(Rotate(**store, path_, [](std::int64_t, std::int64_t) { return kill(getpid(), SIGKILL) != 0; }));
    _exit(1);  // it was not killed
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(KeysInStore(), 2U) << "the kill came between the first and the last";
  EXPECT_TRUE((*ReadKeys(path_))->HasOldKeys());
  ExpectAllReadable();
  const std::string newest = (*ReadKeys(path_))->newest().id;
  {
    const auto store = Open();
    ASSERT_TRUE(Rotate(*store, path_, nullptr));
  }
  EXPECT_EQ((*ReadKeys(path_))->newest().id, newest) << "the same rotation, not another one";
  EXPECT_FALSE((*ReadKeys(path_))->HasOldKeys());
  EXPECT_EQ(KeysInStore(), 1U);
  ExpectAllReadable();
}

TEST_F(KeyFileTest, ARotationStopsAtWhatItCannotOpen) {
  Fill();
  {
    const auto store = Open();
    ASSERT_TRUE(store->Write([&](WriteTx& tx) -> Status {
      tx.Exec("UPDATE secret SET value = x'00' WHERE owner = $1", owners_[0]);
      return {};
    }));
    const auto rotated = Rotate(*store, path_, nullptr);
    ASSERT_FALSE(rotated);
    EXPECT_EQ(rotated.error().message, "secrets.unreadable");
  }
  EXPECT_TRUE((*ReadKeys(path_))->HasOldKeys()) << "the old key is still needed";
}

}  // namespace
}  // namespace propolis::auth::secrets
