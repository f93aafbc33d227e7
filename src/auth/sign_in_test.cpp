#include <gtest/gtest.h>

#include "auth/audit_log.h"
#include "auth/key.h"
#include "auth/link.h"
#include "auth/password.h"
#include "auth/session.h"
#include "base/crypto.h"
#include "store/test_support.h"

namespace propolis::auth {
namespace {

using namespace std::chrono_literals;
using store::ReadTx;
using store::WriteTx;

constexpr std::string_view kPassword = "three quiet bees";

class SignInTest : public testing::Test {
 protected:
  SignInTest() {
    crypto::Start();
    static const std::string hash = *HashPassword(kPassword);
    ana = AddStaff("ana@desk.example", R"(["agent"])", hash);
  }

  StaffId AddStaff(std::string_view email, std::string_view roles, std::string_view hash) {
    const auto id = StaffId::New(desk.clock->Now());
    EXPECT_TRUE(desk->Write([&](WriteTx& tx) -> Status {
      tx.Exec(
          "INSERT INTO staff (id, version, name, email, password, language, languages, zone, roles, active, capacity, "
          "preferences, created_at) VALUES ($1, 1, 'Ana', $2, $3, 'es', '[\"es\"]', 'UTC', $4, 1, 10, '{}', 0)",
          id, email, hash, roles);
      return {};
    }));
    return id;
  }

  Result<NewSession> TryIn(std::string_view email, std::string_view password, std::string_view address = "192.0.2.1") {
    return SignIn(*desk,
                  {.email = std::string(email),
                   .password = std::string(password),
                   .address = std::string(address),
                   .old_token = ""},
                  desk.clock->Now());
  }
  std::optional<SignedIn> Who(std::string_view token) { return Authenticate(*desk, token, desk.clock->Now()); }
  template <class Fn>
  auto Write(Fn fn) {
    return desk->Write([&](WriteTx& tx) -> Result<std::invoke_result_t<Fn, WriteTx&>> { return fn(tx); });
  }

  store::TestStore desk;
  StaffId ana;
};

TEST_F(SignInTest, TheRightPasswordStartsASession) {
  const auto session = TryIn(" Ana@Desk.example ", kPassword);
  ASSERT_TRUE(session) << Describe(session.error());
  const auto who = Who(session->token);
  ASSERT_TRUE(who);
  EXPECT_EQ(who->actor.staff(), ana);
  EXPECT_EQ(who->actor.language, Language::kEs);
  EXPECT_EQ(who->csrf, session->csrf);
  EXPECT_TRUE(who->actor.permissions.contains(Permission::kTicketReply));
  EXPECT_FALSE(who->actor.permissions.contains(Permission::kUserGrant));
  EXPECT_FALSE(Who("made up"));
}

TEST_F(SignInTest, AWrongPasswordAndAnUnknownAddressAreToldAlike) {
  const auto wrong = TryIn("ana@desk.example", "three quiet wasps");
  const auto unknown = TryIn("nobody@desk.example", kPassword);
  ASSERT_FALSE(wrong);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(Describe(wrong.error()), Describe(unknown.error()));
  EXPECT_EQ(wrong.error().code, Code::kUnauthenticated);
  AuditFilter filter;
  filter.act = "session.create";
  const auto log = desk->Read([&](ReadTx& tx) { return AuditLog(tx, SystemActor(), filter); });
  ASSERT_TRUE(log);
  ASSERT_EQ(log->rows.size(), 2U);
  EXPECT_EQ(log->rows[0].leaf.outcome, audit::Outcome::kDenied);
}

TEST_F(SignInTest, GuessingIsSlowedDownForKnownAndUnknownAccounts) {
  for (const std::string_view email : {"ana@desk.example", "nobody@desk.example"}) {
    for (int i = 0; i < kPerAccount.free_tries; ++i) {
      EXPECT_EQ(TryIn(email, "wrong wrong wrong", "192.0.2." + std::to_string(i)).error().code, Code::kUnauthenticated);
    }
    const auto slowed = TryIn(email, kPassword, "192.0.2.99");
    ASSERT_FALSE(slowed);
    EXPECT_EQ(slowed.error().code, Code::kRateLimited);
  }
  desk.clock->Advance(2s);
  EXPECT_TRUE(TryIn("ana@desk.example", kPassword));
}

TEST(SlowDown, DoublesUpToItsBound) {
  const Time last = FromMicros(0);
  const SlowDown rule{.free_tries = 2, .longest = Seconds{10}};
  EXPECT_EQ(NextTry(rule, 1, last), last);
  EXPECT_EQ(NextTry(rule, 2, last), last + 1s);
  EXPECT_EQ(NextTry(rule, 3, last), last + 2s);
  EXPECT_EQ(NextTry(rule, 5, last), last + 8s);
  EXPECT_EQ(NextTry(rule, 6, last), last + 10s);
  EXPECT_EQ(NextTry(rule, 4000, last), last + 10s);
}

TEST_F(SignInTest, ASessionEndsWhenIdleAndWhenOld) {
  const auto idle = TryIn("ana@desk.example", kPassword);
  ASSERT_TRUE(idle);
  desk.clock->Advance(kSessionIdle - 1s);
  EXPECT_TRUE(Who(idle->token));  // and seen_at moves
  desk.clock->Advance(kSessionIdle - 1s);
  EXPECT_TRUE(Who(idle->token));
  desk.clock->Advance(kSessionIdle);
  EXPECT_FALSE(Who(idle->token));

  const auto old = TryIn("ana@desk.example", kPassword);
  ASSERT_TRUE(old);
  for (Seconds used{0}; used + 6h < kSessionLongest; used += 6h) {
    desk.clock->Advance(6h);
    EXPECT_TRUE(Who(old->token));
  }
  desk.clock->Advance(6h);
  EXPECT_FALSE(Who(old->token));
}

TEST_F(SignInTest, SeenIsWrittenAtMostOnceAMinute) {
  const auto session = TryIn("ana@desk.example", kPassword);
  ASSERT_TRUE(session);
  desk.clock->Advance(59s);
  EXPECT_FALSE(Who(session->token)->touch);
  desk.clock->Advance(1s);
  EXPECT_TRUE(Who(session->token)->touch);
  EXPECT_FALSE(Who(session->token)->touch);
}

TEST_F(SignInTest, SigningInAgainEndsTheOldSession) {
  const auto first = TryIn("ana@desk.example", kPassword);
  const auto second = SignIn(*desk,
                             {.email = "ana@desk.example",
                              .password = std::string(kPassword),
                              .address = "192.0.2.1",
                              .old_token = first->token},
                             desk.clock->Now());
  ASSERT_TRUE(second);
  EXPECT_FALSE(Who(first->token));
  EXPECT_TRUE(Who(second->token));
  ASSERT_TRUE(Write([&](WriteTx& tx) {
    EndSession(tx, second->token);
    return true;
  }));
  EXPECT_FALSE(Who(second->token));
}

TEST_F(SignInTest, TheStoreKeepsNoToken) {
  const auto session = TryIn("ana@desk.example", kPassword);
  const auto kept = desk->Read([&](ReadTx& tx) -> Result<std::optional<int>> {
    return tx.One(
        "SELECT 1 FROM session WHERE token = $1", [](const store::Row&) { return 1; }, store::Blob{session->token});
  });
  ASSERT_TRUE(kept);
  EXPECT_FALSE(*kept);
}

TEST_F(SignInTest, AnInactivePersonIsNobody) {
  const auto session = TryIn("ana@desk.example", kPassword);
  ASSERT_TRUE(Write([&](WriteTx& tx) { return tx.Exec("UPDATE staff SET active = 0 WHERE id = $1", ana); }));
  EXPECT_FALSE(Who(session->token));
  EXPECT_EQ(TryIn("ana@desk.example", kPassword).error().code, Code::kUnauthenticated);
}

TEST_F(SignInTest, AKeyCarriesNoMoreThanItsScopes) {
  const auto actor = *desk->Read([&](ReadTx& tx) -> Result<std::optional<Actor>> { return StaffActor(tx, ana); });
  const auto make = [&](const NewKey& request) {
    return desk->Write([&](WriteTx& tx) { return CreateKey(tx, *actor, ana, request); });
  };
  const auto key = make({.name = "script", .scopes = {"ticket.read"}, .expires_at = desk.clock->Now() + 1h});
  ASSERT_TRUE(key) << Describe(key.error());
  EXPECT_TRUE(key->secret->starts_with("pk_"));
  const auto use = AuthenticateKey(*desk, *key->secret, desk.clock->Now());
  ASSERT_TRUE(use);
  EXPECT_EQ(use->actor.permissions, std::set<Permission>{Permission::kTicketRead});
  EXPECT_EQ(use->actor.staff(), ana);
  EXPECT_FALSE(AuthenticateKey(*desk, *key->secret + "x", desk.clock->Now()));

  EXPECT_EQ(make({.name = "x", .scopes = {"user.grant"}, .expires_at = {}}).error().fields.at(0).message,
            "key.permission_not_held");
  EXPECT_EQ(make({.name = "x", .scopes = {"tea.make"}, .expires_at = {}}).error().fields.at(0).field, "scopes/0");
  EXPECT_EQ(make({.name = "x", .scopes = {"*"}, .expires_at = desk.clock->Now()}).error().fields.at(0).field,
            "expires_at");

  desk.clock->Advance(1h);
  EXPECT_FALSE(AuthenticateKey(*desk, *key->secret, desk.clock->Now()));
}

TEST_F(SignInTest, ANarrowKeyMakesNoWiderOne) {
  auto actor = *desk->Read([&](ReadTx& tx) -> Result<std::optional<Actor>> { return StaffActor(tx, ana); });
  actor->permissions = {Permission::kKeyManage};
  const auto wide = desk->Write(
      [&](WriteTx& tx) { return CreateKey(tx, *actor, ana, {.name = "wide", .scopes = {"*"}, .expires_at = {}}); });
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().fields.at(0).message, "key.permission_not_held");
}

TEST_F(SignInTest, AKeyIsEndedByItsOwnerNotByAColleague) {
  const auto other = AddStaff("rui@desk.example", R"(["agent"])", "");
  const auto ana_actor = *desk->Read([&](ReadTx& tx) -> Result<std::optional<Actor>> { return StaffActor(tx, ana); });
  const auto rui_actor = *desk->Read([&](ReadTx& tx) -> Result<std::optional<Actor>> { return StaffActor(tx, other); });
  const auto key = desk->Write(
      [&](WriteTx& tx) { return CreateKey(tx, *ana_actor, ana, {.name = "mine", .scopes = {"*"}, .expires_at = {}}); });
  ASSERT_TRUE(key);
  EXPECT_EQ(desk->Write([&](WriteTx& tx) { return EndKey(tx, *rui_actor, key->id); }).error().code, Code::kNotFound);
  EXPECT_TRUE(AuthenticateKey(*desk, *key->secret, desk.clock->Now()));
  EXPECT_TRUE(desk->Write([&](WriteTx& tx) { return EndKey(tx, *ana_actor, key->id); }));
  EXPECT_FALSE(AuthenticateKey(*desk, *key->secret, desk.clock->Now()));
}

TEST_F(SignInTest, ALinkWorksOnceInTimeForItsPurpose) {
  const auto make = [&] {
    return *Write([&](WriteTx& tx) { return CreateLink(tx, LinkPurpose::kPortal, ana.uuid, kPortalLinkValid); });
  };
  const auto use = [&](std::string_view token, LinkPurpose purpose = LinkPurpose::kPortal) {
    return *Write([&](WriteTx& tx) { return UseLink(tx, purpose, token); });
  };
  const std::string token = make();
  const auto is_there = [&] {
    return *desk->Read(
        [&](ReadTx& tx) -> Result<bool> { return IsLink(tx, LinkPurpose::kPortal, token, desk.clock->Now()); });
  };
  EXPECT_FALSE(use(token, LinkPurpose::kSetup));
  EXPECT_TRUE(is_there());
  EXPECT_EQ(use(token)->person, ana.uuid);
  EXPECT_FALSE(is_there());
  EXPECT_FALSE(use(token));

  const std::string replaced = make();
  const std::string late = make();
  EXPECT_FALSE(use(replaced));
  desk.clock->Advance(kPortalLinkValid);
  EXPECT_FALSE(use(late));
}

TEST(Password, IsCheckedAgainstThePerson) {
  const auto why = [](std::string_view password) {
    const auto status = CheckPassword(password, "ana.paredes@desk.example", "Ana María Paredes");
    return status ? "" : status.error().fields.at(0).message;
  };
  EXPECT_EQ(why("three quiet bees"), "");
  EXPECT_EQ(why("ñandúñandúñá"), "");  // twelve characters, more bytes
  EXPECT_EQ(why("short"), "field.too_short");
  EXPECT_EQ(why(std::string(201, 'x') + "y"), "field.too_long");
  EXPECT_EQ(why("aaaaaaaaaaaaaaaa"), "password.one_character");
  EXPECT_EQ(why("Ana.Paredes@desk.example"), "password.is_own_name");
  EXPECT_EQ(why("ana maria paredes"), "password.is_own_name");
}

}  // namespace
}  // namespace propolis::auth
