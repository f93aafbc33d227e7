// Second factors in the store: enrolling, signing in with them, losing them.
#include "auth/factor.h"

#include <gtest/gtest.h>

#include "auth/audit_log.h"
#include "auth/authenticator_test_support.h"
#include "auth/key.h"
#include "auth/otp.h"
#include "auth/passkey.h"
#include "auth/password.h"
#include "auth/secrets_test_support.h"
#include "auth/step_up.h"
#include "store/test_support.h"

namespace propolis::auth {
namespace {

using store::ReadTx;
using store::WriteTx;
using webauthn::SoftAuthenticator;

constexpr std::string_view kPassword = "three quiet bees";
const Site kSite{.rp_id = "desk.example", .origin = "https://desk.example"};

class FactorTest : public testing::Test {
 protected:
  FactorTest() {
    crypto::Start();
    static const std::string hash = *HashPassword(kPassword);
    ana = AddStaff("ana@desk.example", R"(["agent"])", hash);
    root = AddStaff("root@desk.example", R"(["admin"])", hash);
  }

  Actor AddStaff(std::string_view email, std::string_view roles, std::string_view hash) {
    const auto id = StaffId::New(desk.clock->Now());
    return *desk->Write([&](WriteTx& tx) -> Result<Actor> {
      tx.Exec(
          "INSERT INTO staff (id, version, name, email, password, language, languages, zone, roles, active, capacity, "
          "preferences, created_at) VALUES ($1, 1, 'Ana', $2, $3, 'es', '[\"es\"]', 'UTC', $4, 1, 10, '{}', 0)",
          id, email, hash, roles);
      return *StaffActor(tx, id);
    });
  }

  Result<NewSession> TryIn(std::optional<std::string> code = std::nullopt, std::string_view password = kPassword) {
    return SignIn(*desk,
                  {.email = "ana@desk.example",
                   .password = std::string(password),
                   .address = "192.0.2.1",
                   .old_token = "",
                   .code = std::move(code)},
                  desk.clock->Now());
  }
  static std::string FieldOf(const Result<NewSession>& result) {
    return result || result.error().fields.empty() ? "" : result.error().fields[0].message;
  }
  template <class Fn>
  auto Write(Fn fn) {
    return desk->Write(fn);
  }
  Enrolled Has(const Actor& actor) {
    return *desk->Read([&](ReadTx& tx) -> Result<Enrolled> { return EnrolledBy(tx, actor.staff()); });
  }
  std::string Code(std::int64_t steps = 0) const {
    return *otp::Totp(secret, {}, ToMicros(desk.clock->Now()) / 1'000'000 + steps * 30);
  }
  // The app of ana, in force; answers her backup codes.
  std::vector<std::string> EnrolTotp() {
    EXPECT_TRUE(Write([&](WriteTx& tx) { return StartTotp(tx, ana, "Desk"); }));
    secret = **desk->Read([&](ReadTx& tx) { return secrets::Get(tx, secrets::Kind::kTotp, ana.person); });
    const auto made = Write([&](WriteTx& tx) { return ConfirmTotp(tx, ana, Code()); });
    EXPECT_TRUE(made);
    desk.clock->Advance(Seconds{60});
    return made->codes;
  }

  Result<BackupCodes> Register(SoftAuthenticator& key, const Actor& actor) {
    const auto asked = Write([&](WriteTx& tx) { return AskForPasskey(tx, actor, kSite, "192.0.2.1"); });
    EXPECT_TRUE(asked);
    key.challenge = *text::Base64UrlDecode(asked->challenge);
    return AddPasskey(*desk, actor, kSite, Made(key));
  }
  static NewPasskey Made(const SoftAuthenticator& key) {
    const auto made = key.Register();
    return {.name = "blue key",
            .challenge = text::Base64UrlEncode(key.challenge),
            .id = text::Base64UrlEncode(made.id),
            .client_data = text::Base64UrlEncode(made.client_data),
            .attestation_object = text::Base64UrlEncode(made.attestation_object),
            .transports = {"usb"}};
  }
  Result<NewSession> Use(SoftAuthenticator& key, const Actor& owner) {
    AskFor(key);
    return Answer(key, owner);
  }
  void AskFor(SoftAuthenticator& key) {
    const auto asked = Write([&](WriteTx& tx) { return AskForAnswer(tx, kSite, "192.0.2.1"); });
    EXPECT_TRUE(asked);
    key.challenge = *text::Base64UrlDecode(asked->challenge);
  }
  static PasskeyAnswer Made(const SoftAuthenticator& key, const Actor& owner) {
    const auto made = key.Assert();
    return {.challenge = text::Base64UrlEncode(key.challenge),
            .id = text::Base64UrlEncode(made.id),
            .client_data = text::Base64UrlEncode(made.client_data),
            .authenticator_data = text::Base64UrlEncode(made.authenticator_data),
            .signature = text::Base64UrlEncode(made.signature),
            .user_handle = text::Base64UrlEncode(owner.person.AsBytes())};
  }
  Result<NewSession> Answer(const SoftAuthenticator& key, const Actor& owner) {
    return SignInWithPasskey(*desk, {.site = kSite, .address = "192.0.2.1", .old_token = ""}, Made(key, owner),
                             desk.clock->Now());
  }
  std::vector<std::string> Acts() {
    const auto log = desk->Read([&](ReadTx& tx) { return AuditLog(tx, SystemActor(), {}); });
    std::vector<std::string> acts;
    for (const auto& row : log->rows) {
      acts.push_back(row.leaf.act + (row.leaf.outcome == audit::Outcome::kDenied ? " denied" : ""));
    }
    std::ranges::reverse(acts);
    return acts;
  }

  store::TestStore desk;
  Actor ana;
  Actor root;
  std::string secret;
};

TEST_F(FactorTest, WithAnAppThePasswordAloneDoesNot) {
  EXPECT_TRUE(TryIn());
  EXPECT_EQ(EnrolTotp().size(), 10U);
  EXPECT_EQ(FieldOf(TryIn()), "sign_in.code_needed");
  EXPECT_EQ(FieldOf(TryIn("000000")), "sign_in.code_wrong");
  EXPECT_EQ(TryIn(Code(), "three quiet wasps").error().code, Code::kUnauthenticated);
  const std::string code = Code();
  EXPECT_TRUE(TryIn(code.substr(0, 3) + " " + code.substr(3)));
  EXPECT_EQ(FieldOf(TryIn(code)), "sign_in.code_wrong");  // once
  desk.clock->Advance(Seconds{30});
  EXPECT_TRUE(TryIn(Code()));
}

TEST_F(FactorTest, GuessingCodesIsSlowedDownAndAskingWithoutOneDoesNotHelp) {
  EnrolTotp();
  for (int i = 0; i < kPerAccount.free_tries; ++i) {
    EXPECT_EQ(FieldOf(TryIn("000000")), "sign_in.code_wrong");
    EXPECT_EQ(FieldOf(i + 1 < kPerAccount.free_tries ? TryIn() : TryIn("")) != "sign_in.code_wrong", true);
  }
  EXPECT_EQ(TryIn(Code()).error().code, Code::kRateLimited);
  EXPECT_EQ(TryIn().error().code, Code::kRateLimited);
}

// --- step-up

class StepUpTest : public FactorTest {
 protected:
  bool Fresh(std::string_view token) {
    const auto found = *desk->Read(
        [&](ReadTx& tx) -> Result<std::optional<SignedIn>> { return FindSession(tx, token, desk.clock->Now()); });
    return found && IsFresh(found->verified_at, desk.clock->Now());
  }
  Status Show(const StepUp& shown) {
    const StepUpHow how{.public_url = kSite.origin, .address = "192.0.2.1", .session_token = session->token};
    return TakeStepUp(*desk, ana, how, shown, desk.clock->Now());
  }
  static std::string Field(const Status& status) {
    return status || status.error().fields.empty() ? "" : status.error().fields[0].message;
  }
  static StepUp Password(std::string_view password) {
    StepUp shown;
    shown.password = password;
    return shown;
  }
  static StepUp OfApp(std::string_view code) {
    StepUp shown;
    shown.code = code;
    return shown;
  }
  StepUp Shown(SoftAuthenticator& key, const Actor& owner) {
    StepUp shown;
    AskFor(key);
    shown.passkey = Made(key, owner);
    return shown;
  }
  void Signed(std::optional<std::string> code = std::nullopt) {
    session = *TryIn(std::move(code));
    desk.clock->Advance(kFresh);
    ASSERT_FALSE(Fresh(session->token));
  }
  std::optional<NewSession> session;
};

TEST_F(StepUpTest, SigningInHoldsForFiveMinutes) {
  const auto signed_in = TryIn();
  EXPECT_TRUE(Fresh(signed_in->token));
  EXPECT_FALSE(Fresh(""));
  desk.clock->Advance(kFresh - Seconds{1});
  EXPECT_TRUE(Fresh(signed_in->token));
  desk.clock->Advance(Seconds{1});
  EXPECT_FALSE(Fresh(signed_in->token));
}

TEST_F(StepUpTest, AClockThatWasSetBackDoesNotMakeItHoldForLonger) {
  const Time verified = desk.clock->Now();
  EXPECT_TRUE(IsFresh(verified, verified - Seconds{10}));
  EXPECT_FALSE(IsFresh(verified, verified - kFresh));
}

TEST_F(StepUpTest, APasswordDoesForWhoHasNothingElse) {
  Signed();
  EXPECT_EQ(Field(Show({})), "field.required");
  EXPECT_EQ(Field(Show(Password("three quiet bee"))), "step_up.password_wrong");
  EXPECT_EQ(Field(Show(OfApp("000000"))), "field.required");
  EXPECT_FALSE(Fresh(session->token));
  const auto other = TryIn();
  ASSERT_TRUE(Show(Password(kPassword)));
  EXPECT_TRUE(Fresh(session->token));
  desk.clock->Advance(kFresh);
  ASSERT_TRUE(Show(Password(kPassword)));
  EXPECT_FALSE(Fresh(other->token)) << "it holds for the session it was done in";
}

TEST_F(StepUpTest, ACodeDoesAndThePasswordNoMore) {
  const auto codes = EnrolTotp();
  Signed(Code());
  EXPECT_EQ(Field(Show(Password(kPassword))), "sign_in.code_needed");
  EXPECT_EQ(Field(Show(OfApp("000000"))), "sign_in.code_wrong");
  ASSERT_TRUE(Show(OfApp(Code())));
  EXPECT_TRUE(Fresh(session->token));
  EXPECT_EQ(Field(Show(OfApp(Code()))), "sign_in.code_wrong") << "a code is good once";
  desk.clock->Advance(kFresh);
  ASSERT_TRUE(Show(OfApp(codes[0])));
  EXPECT_TRUE(Fresh(session->token));
}

TEST_F(StepUpTest, APasskeyDoesAndNobodyElses) {
  Signed();
  SoftAuthenticator hers;
  SoftAuthenticator theirs;
  theirs.id = "another credential's id";
  ASSERT_TRUE(Register(hers, ana));
  ASSERT_TRUE(Register(theirs, root));
  const auto refused = Show(Shown(theirs, root));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnauthenticated);
  EXPECT_FALSE(Fresh(session->token));
  const StepUp shown = Shown(hers, ana);
  ASSERT_TRUE(Show(shown));
  EXPECT_TRUE(Fresh(session->token));
  EXPECT_FALSE(Show(shown)) << "an answer is good once";
}

TEST_F(StepUpTest, WrongTriesSlowDownAndLeaveTheirTrace) {
  Signed();
  for (int i = 0; i < kPerAccount.free_tries; ++i) {
    EXPECT_FALSE(Show(Password("no")));
  }
  EXPECT_EQ(Show(Password(kPassword)).error().code, Code::kRateLimited);
  EXPECT_EQ(std::ranges::count(Acts(), "session.step_up denied"), kPerAccount.free_tries);
}

TEST_F(FactorTest, ABackupCodeIsGoodOnce) {
  const auto codes = EnrolTotp();
  EXPECT_TRUE(TryIn(codes[3]));
  EXPECT_EQ(FieldOf(TryIn(codes[3])), "sign_in.code_wrong");
  std::string typed = codes[4];
  std::erase(typed, '-');
  std::ranges::transform(typed, typed.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  EXPECT_TRUE(TryIn(typed));
  EXPECT_EQ(Has(ana).backup_codes, 8);
  const auto renewed = Write([&](WriteTx& tx) { return RenewBackupCodes(tx, ana); });
  EXPECT_EQ(renewed->codes.size(), 10U);
  EXPECT_EQ(FieldOf(TryIn(codes[5])), "sign_in.code_wrong");
  EXPECT_FALSE(Write([&](WriteTx& tx) { return RenewBackupCodes(tx, root); }));
}

TEST_F(FactorTest, AnAppIsInForceOnlyAfterItsFirstCode) {
  EXPECT_TRUE(Write([&](WriteTx& tx) { return StartTotp(tx, ana, "Desk"); }));
  EXPECT_FALSE(Has(ana).Any());
  EXPECT_TRUE(TryIn());
  EXPECT_FALSE(Write([&](WriteTx& tx) { return ConfirmTotp(tx, ana, "000000"); }));
  EXPECT_FALSE(Write([&](WriteTx& tx) { return ConfirmTotp(tx, root, "000000"); }));
  EnrolTotp();
  EXPECT_FALSE(Write([&](WriteTx& tx) { return StartTotp(tx, ana, "Desk"); }));
  EXPECT_TRUE(Write([&](WriteTx& tx) { return RemoveTotp(tx, ana); }));
  EXPECT_TRUE(TryIn());
  EXPECT_EQ(Has(ana).backup_codes, 0);
  EXPECT_EQ(EnrolTotp().size(), 10U);
}

TEST_F(FactorTest, WhoMustEnrolMayDoNothingElse) {
  const auto before = TryIn();
  ASSERT_TRUE(Write([&](WriteTx& tx) { return SetSecondFactorPolicy(tx, root, {{Role::kAgent, Role::kAgent}}); }));
  const auto who = Authenticate(*desk, before->token, desk.clock->Now());
  ASSERT_TRUE(who);
  EXPECT_TRUE(who->actor.permissions.empty());
  EXPECT_TRUE(TryIn()->actor.permissions.empty());
  const auto robot = Write([&](WriteTx& tx) {
    return CreateKey(tx, SystemActor(), ana.staff(), {.name = "robot", .scopes = {"ticket.read"}, .expires_at = {}});
  });
  const auto by_key = [&] { return AuthenticateKey(*desk, robot->secret.value_or(""), desk.clock->Now()); };
  EXPECT_TRUE(by_key()->actor.permissions.empty());
  EnrolTotp();
  EXPECT_FALSE(by_key()->actor.permissions.empty());
  EXPECT_FALSE(Authenticate(*desk, before->token, desk.clock->Now())->actor.permissions.empty());
  EXPECT_EQ(Write([&](WriteTx& tx) { return RemoveTotp(tx, ana); }).error().message, "factor.last_one");
  SoftAuthenticator key;
  EXPECT_TRUE(Register(key, ana));
  EXPECT_TRUE(Write([&](WriteTx& tx) { return RemoveTotp(tx, ana); }));
}

TEST_F(FactorTest, ThePolicyIsForThoseWhoGrant) {
  EXPECT_EQ(Write([&](WriteTx& tx) { return SetSecondFactorPolicy(tx, ana, {}); }).error().code, Code::kForbidden);
  EXPECT_FALSE(Write([&](WriteTx& tx) { return SetSecondFactorPolicy(tx, root, {{Role::kCustomer}}); }));
  EXPECT_EQ(Write([&](WriteTx& tx) { return SetSecondFactorPolicy(tx, root, {{Role::kAdmin}}); })->roles,
            std::vector{Role::kAdmin});
  EXPECT_TRUE(Write([&](WriteTx& tx) { return SetSecondFactorPolicy(tx, root, {}); })->roles.empty());
}

TEST_F(FactorTest, LostFactorsAreForgottenBySomebodyElse) {
  EnrolTotp();
  const auto session = TryIn(Code());
  EXPECT_EQ(Write([&](WriteTx& tx) { return ForgetFactors(tx, ana, root.staff()); }).error().code, Code::kForbidden);
  EXPECT_EQ(Write([&](WriteTx& tx) { return ForgetFactors(tx, root, root.staff()); }).error().code, Code::kForbidden);
  EXPECT_TRUE(Write([&](WriteTx& tx) { return ForgetFactors(tx, root, ana.staff()); }));
  EXPECT_FALSE(Authenticate(*desk, session->token, desk.clock->Now()));
  EXPECT_FALSE(Has(ana).Any());
  EXPECT_TRUE(TryIn());
}

TEST_F(FactorTest, APasskeySignsInByItself) {
  SoftAuthenticator key;
  const auto codes = Register(key, ana);
  ASSERT_TRUE(codes) << Describe(codes.error());
  EXPECT_EQ(codes->codes.size(), 10U);
  const auto session = Use(key, ana);
  ASSERT_TRUE(session) << Describe(session.error());
  EXPECT_EQ(session->actor.person, ana.person);
  EXPECT_EQ(FieldOf(TryIn()), "sign_in.code_needed");
  EXPECT_TRUE(TryIn(codes->codes[0]));
  EXPECT_EQ(Acts(),
            (std::vector<std::string>{"passkey.add", "session.create", "factor.backup_code_use", "session.create"}));
}

TEST_F(FactorTest, AnAnswerIsGoodOnce) {
  SoftAuthenticator key;
  ASSERT_TRUE(Register(key, ana));
  ASSERT_TRUE(Use(key, ana));
  EXPECT_EQ(Answer(key, ana).error().message, "passkey.not_accepted");  // the same challenge
  key.challenge = "one of my own making";
  EXPECT_FALSE(Answer(key, ana));
}

TEST_F(FactorTest, AChallengeOfOneIsNotAnothers) {
  SoftAuthenticator key;
  const auto asked = Write([&](WriteTx& tx) { return AskForPasskey(tx, root, kSite, "192.0.2.1"); });
  key.challenge = *text::Base64UrlDecode(asked->challenge);
  EXPECT_EQ(AddPasskey(*desk, ana, kSite, Made(key)).error().fields[0].field, "challenge");
  EXPECT_FALSE(Answer(key, ana));
  const auto late = Write([&](WriteTx& tx) { return AskForPasskey(tx, ana, kSite, "192.0.2.1"); });
  key.challenge = *text::Base64UrlDecode(late->challenge);
  desk.clock->Advance(kChallengeValid);
  EXPECT_FALSE(AddPasskey(*desk, ana, kSite, Made(key)));
}

TEST_F(FactorTest, APasskeyMadeElsewhereIsRefusedAndTold) {
  SoftAuthenticator key;
  key.origin = "https://desk.evil.example";
  EXPECT_EQ(Register(key, ana).error().message, "passkey.refused");
  EXPECT_FALSE(Has(ana).Any());
  EXPECT_EQ(Acts(), std::vector<std::string>{"passkey.add denied"});
}

TEST_F(FactorTest, AKeyThatWentBackIsRefusedAndTold) {
  SoftAuthenticator key;
  key.sign_count = 5;
  ASSERT_TRUE(Register(key, ana));
  key.sign_count = 6;
  ASSERT_TRUE(Use(key, ana));
  key.sign_count = 6;
  EXPECT_FALSE(Use(key, ana));
  EXPECT_EQ(Acts().back(), "session.create denied");
}

TEST_F(FactorTest, OneKeyOneOwner) {
  SoftAuthenticator key;
  ASSERT_TRUE(Register(key, ana));
  EXPECT_EQ(Register(key, root).error().fields[0].message, "field.taken");
  EXPECT_FALSE(Use(key, root));  // whose handle it is not
  const auto mine = *desk->Read([&](ReadTx& tx) -> Result<std::vector<Passkey>> { return Passkeys(tx, ana.staff()); });
  ASSERT_EQ(mine.size(), 1U);
  EXPECT_TRUE(mine[0].device_bound);
  EXPECT_EQ(Write([&](WriteTx& tx) { return RemovePasskey(tx, root, mine[0].id); }).error().code, Code::kNotFound);
  EXPECT_EQ(Write([&](WriteTx& tx) { return RenamePasskey(tx, root, mine[0].id, {"x"}); }).error().code,
            Code::kNotFound);
  EXPECT_EQ(Write([&](WriteTx& tx) { return RenamePasskey(tx, ana, mine[0].id, {"red key"}); })->name, "red key");
  EXPECT_TRUE(Write([&](WriteTx& tx) { return RemovePasskey(tx, ana, mine[0].id); }));
  EXPECT_FALSE(Use(key, ana));
}

TEST_F(FactorTest, OneAddressDoesNotFillTheStoreWithChallenges) {
  for (std::int64_t i = 0; i < kMostChallenges; ++i) {
    ASSERT_TRUE(Write([&](WriteTx& tx) { return AskForAnswer(tx, kSite, "192.0.2.7"); }));
  }
  EXPECT_EQ(Write([&](WriteTx& tx) { return AskForAnswer(tx, kSite, "192.0.2.7"); }).error().code, Code::kRateLimited);
  EXPECT_TRUE(Write([&](WriteTx& tx) { return AskForAnswer(tx, kSite, "192.0.2.8"); }));
  desk.clock->Advance(kChallengeValid);
  EXPECT_TRUE(Write([&](WriteTx& tx) { return AskForAnswer(tx, kSite, "192.0.2.7"); }));
}

TEST(Site, IsWhatBrowsersSee) {
  EXPECT_EQ(SiteOf("https://Desk.example")->rp_id, "desk.example");
  EXPECT_EQ(SiteOf("https://desk.example:8443")->origin, "https://desk.example:8443");
  EXPECT_EQ(SiteOf("https://desk.example:8443")->rp_id, "desk.example");
  EXPECT_EQ(SiteOf("http://localhost:8080")->rp_id, "localhost");
  EXPECT_EQ(SiteOf("https://desk.example/under")->origin, "https://desk.example");
  for (const std::string_view none : {"", "desk.example", "http://127.0.0.1:8080", "http://[::1]:8080", "https://"}) {
    EXPECT_FALSE(SiteOf(none)) << none;
  }
}

}  // namespace
}  // namespace propolis::auth
