#include "auth/webauthn.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "auth/authenticator_test_support.h"
#include "auth/cbor.h"
#include "auth/webauthn_json.h"
#include "base/corpora_test_support.h"
#include "base/json.h"

namespace propolis::auth::webauthn {
namespace {

using Soft = SoftAuthenticator;

class WebauthnTest : public testing::Test {
 protected:
  WebauthnTest() { crypto::Start(); }

  RegistrationOptions Registering() const {
    return {.expected = key.Asked(),
            .algorithms = {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEdDsa, Algorithm::kRs256}};
  }
  AssertionOptions Asserting() const { return {.expected = key.Asked(), .allowed = {key.id}, .user_handle = "ana"}; }
  Refusal WhyNotRegistered() const {
    const auto made = VerifyRegistration(Registering(), key.Register());
    EXPECT_FALSE(made);
    return made ? Refusal::kMalformed : made.error();
  }
  // Registered as it is, then used as `change` leaves it.
  template <class Change>
  Refusal WhyNotUsed(const Change& change) {
    const auto credential = VerifyRegistration(Registering(), key.Register());
    EXPECT_TRUE(credential);
    change();
    const auto used = VerifyAssertion(Asserting(), *credential, key.Assert());
    EXPECT_FALSE(used);
    return used ? Refusal::kMalformed : used.error();
  }

  Soft key;
};

TEST_F(WebauthnTest, EveryAlgorithmRegistersAndSignsIn) {
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEs384, Algorithm::kEdDsa, Algorithm::kRs256}) {
    for (const bool self : {false, true}) {
      Soft soft(algorithm);
      soft.flags = Soft::kPresent | Soft::kVerified | Soft::kEligible | Soft::kBackedUp;
      soft.sign_count = 7;
      const auto credential = VerifyRegistration(Registering(), soft.Register(self));
      ASSERT_TRUE(credential) << NameOf(algorithm) << " " << NameOf(credential.error());
      EXPECT_EQ(credential->algorithm, algorithm);
      EXPECT_EQ(credential->format, self ? Format::kPacked : Format::kNone);
      EXPECT_TRUE(credential->backup_eligible && credential->backed_up && credential->user_verified);
      EXPECT_EQ(credential->sign_count, 7U);
      soft.sign_count = 8;
      soft.flags = Soft::kPresent | Soft::kVerified | Soft::kEligible;
      const auto used = VerifyAssertion(Asserting(), *credential, soft.Assert());
      ASSERT_TRUE(used) << NameOf(algorithm) << " " << NameOf(used.error());
      EXPECT_EQ(used->sign_count, 8U);
      EXPECT_FALSE(used->backed_up);
    }
  }
}

TEST_F(WebauthnTest, ExtensionsThatCameAreNoReasonToRefuse) {
  // {"credProtect": 2, "hmac-secret": true}, {"somethingElse": 1}
  for (const std::string& extensions :
       {"\xA2" + Soft::Text("credProtect") + "\x02" + Soft::Text("hmac-secret") + "\xF5",
        "\xA1" + Soft::Text("somethingElse") + "\x01"}) {
    Soft soft;
    soft.extensions = extensions;
    const auto credential = VerifyRegistration(Registering(), soft.Register(true));
    ASSERT_TRUE(credential) << NameOf(credential.error());
    soft.extensions = "\xA1" + Soft::Text("hmac-secret") + Soft::Bytes(std::string(48, 'x'));
    const auto used = VerifyAssertion(Asserting(), *credential, soft.Assert());
    EXPECT_TRUE(used) << NameOf(used.error());
  }
}

TEST_F(WebauthnTest, AnOfferedAlgorithmOnly) {
  const Soft soft(Algorithm::kEs384);
  const auto made = VerifyRegistration({.expected = key.Asked()}, soft.Register());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error(), Refusal::kAlgorithm);
}

TEST_F(WebauthnTest, WhatTheClientSaysMustFit) {
  key.challenge = "another challenge";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kChallenge);
  key = Soft();
  key.origin = "https://desk.example.evil.example";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kOrigin);
  key.origin = "http://desk.example";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kOrigin);
  key = Soft();
  key.client_extra = R"(,"crossOrigin":true)";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kCrossOrigin);
  key.client_extra = R"(,"topOrigin":"https://evil.example")";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kCrossOrigin);
  key.client_extra = R"(,"crossOrigin":"no")";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kMalformed);
  key.client_extra = R"(,"tokenBinding":{"status":"present","id":"x"})";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kTokenBinding);
  key.client_extra = R"(,"type":"webauthn.create")";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kMalformed);
  key.client_extra = R"(,"crossOrigin":false,"tokenBinding":{"status":"supported"},"other":[1])";
  EXPECT_TRUE(VerifyRegistration(Registering(), key.Register()));
}

TEST_F(WebauthnTest, OneCeremonyIsNotTheOther) {
  Registration made = key.Register();
  made.client_data = key.ClientData("webauthn.get");
  EXPECT_EQ(VerifyRegistration(Registering(), made).error(), Refusal::kType);
  const auto credential = VerifyRegistration(Registering(), key.Register());
  Assertion used = key.Assert();
  used.client_data = key.ClientData("webauthn.create");
  EXPECT_EQ(VerifyAssertion(Asserting(), *credential, used).error(), Refusal::kType);
}

TEST_F(WebauthnTest, NobodyAsksWithoutAChallenge) {
  key.challenge = "";
  RegistrationOptions options = Registering();
  options.expected.challenge = "";
  EXPECT_EQ(VerifyRegistration(options, key.Register()).error(), Refusal::kChallenge);
}

TEST_F(WebauthnTest, FlagsOfARegistration) {
  key.flags = Soft::kVerified;
  EXPECT_EQ(WhyNotRegistered(), Refusal::kUserPresence);
  key.flags = Soft::kPresent;
  EXPECT_EQ(WhyNotRegistered(), Refusal::kUserVerification);
  key.flags = Soft::kPresent | Soft::kVerified | Soft::kBackedUp;
  EXPECT_EQ(WhyNotRegistered(), Refusal::kBackup);
  key.flags = Soft::kPresent | Soft::kVerified | Soft::kHasExtensions;
  EXPECT_EQ(WhyNotRegistered(), Refusal::kMalformed);
  key = Soft();
  key.rp_id = "evil.example";
  EXPECT_EQ(WhyNotRegistered(), Refusal::kRelyingParty);
  RegistrationOptions relaxed = Registering();
  relaxed.expected.user_verification = false;
  key = Soft();
  key.flags = Soft::kPresent;
  EXPECT_TRUE(VerifyRegistration(relaxed, key.Register()));
}

TEST_F(WebauthnTest, AnIdThatIsNotTheKeys) {
  Registration made = key.Register();
  made.id = "another id";
  EXPECT_EQ(VerifyRegistration(Registering(), made).error(), Refusal::kCredential);
  key.id = std::string(kLongestId, 'i');
  EXPECT_TRUE(VerifyRegistration(Registering(), key.Register()));
  key.id += 'i';
  EXPECT_EQ(WhyNotRegistered(), Refusal::kMalformed);
}

TEST_F(WebauthnTest, ASelfAttestationByAnotherKey) {
  Soft other;
  Registration made = key.Register(true);
  // The other's data under this one's signature.
  const std::string mine = key.AuthenticatorData(true);
  const std::string others = other.AuthenticatorData(true);
  const auto at = made.attestation_object.find(mine);
  ASSERT_NE(at, std::string::npos);
  made.attestation_object.replace(at, mine.size(), others);
  EXPECT_EQ(VerifyRegistration(Registering(), made).error(), Refusal::kAttestation);
}

TEST_F(WebauthnTest, AFormatThatIsNotKnown) {
  Registration made = key.Register();
  const auto at = made.attestation_object.find("none");
  made.attestation_object.replace(at, 4, "tpmm");
  EXPECT_EQ(VerifyRegistration(Registering(), made).error(), Refusal::kFormat);
}

TEST_F(WebauthnTest, AssertionsThatDoNotFit) {
  EXPECT_EQ(WhyNotUsed([&] { key.challenge = "old"; }), Refusal::kChallenge);
  key = Soft();
  EXPECT_EQ(WhyNotUsed([&] { key.origin = "https://evil.example"; }), Refusal::kOrigin);
  key = Soft();
  EXPECT_EQ(WhyNotUsed([&] { key.rp_id = "evil.example"; }), Refusal::kRelyingParty);
  key = Soft();
  EXPECT_EQ(WhyNotUsed([&] { key.flags = Soft::kPresent; }), Refusal::kUserVerification);
  EXPECT_EQ((key = Soft(), WhyNotUsed([&] { key.flags |= Soft::kEligible; })), Refusal::kBackup);
  EXPECT_EQ((key = Soft(), WhyNotUsed([&] { key.flags |= Soft::kBackedUp; })), Refusal::kBackup);
}

TEST_F(WebauthnTest, TheCounterMustGrow) {
  const auto use = [&](std::uint32_t before, std::uint32_t now) {
    key.sign_count = before;
    const auto credential = VerifyRegistration(Registering(), key.Register());
    key.sign_count = now;
    const auto used = VerifyAssertion(Asserting(), *credential, key.Assert());
    return used ? std::nullopt : std::optional(used.error());
  };
  EXPECT_EQ(use(0, 0), std::nullopt);
  EXPECT_EQ(use(0, 5), std::nullopt);
  EXPECT_EQ(use(5, 6), std::nullopt);
  EXPECT_EQ(use(5, 5), Refusal::kCounter);
  EXPECT_EQ(use(5, 4), Refusal::kCounter);
  EXPECT_EQ(use(5, 0), Refusal::kCounter);
}

TEST_F(WebauthnTest, SomebodyElsesKey) {
  const auto credential = VerifyRegistration(Registering(), key.Register());
  Assertion used = key.Assert();
  used.user_handle = "ben";
  EXPECT_EQ(VerifyAssertion(Asserting(), *credential, used).error(), Refusal::kUser);
  used.user_handle = "ana";
  EXPECT_TRUE(VerifyAssertion(Asserting(), *credential, used));
  AssertionOptions any = Asserting();
  any.allowed = {};
  EXPECT_TRUE(VerifyAssertion(any, *credential, used));
  used.user_handle = std::nullopt;
  EXPECT_EQ(VerifyAssertion(any, *credential, used).error(), Refusal::kUser);
  AssertionOptions others = Asserting();
  others.allowed = {"another id"};
  EXPECT_EQ(VerifyAssertion(others, *credential, used).error(), Refusal::kCredential);
  Soft impostor;
  EXPECT_EQ(VerifyAssertion(Asserting(), *credential, impostor.Assert()).error(), Refusal::kSignature);
}

TEST_F(WebauthnTest, AnySingleBitOfASignedAnswerMatters) {
  const Registration made = key.Register(true);
  for (std::size_t i = 0; i < made.attestation_object.size() * 8; i += 3) {
    Registration changed = made;
    changed.attestation_object[i / 8] = static_cast<char>(changed.attestation_object[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(VerifyRegistration(Registering(), changed)) << i;
  }
  const auto credential = VerifyRegistration(Registering(), made);
  const Assertion used = key.Assert();
  for (std::string Assertion::* part :
       {&Assertion::authenticator_data, &Assertion::signature, &Assertion::client_data}) {
    for (std::size_t i = 0; i < (used.*part).size() * 8; ++i) {
      Assertion changed = used;
      (changed.*part)[i / 8] = static_cast<char>((changed.*part)[i / 8] ^ (1 << (i % 8)));
      EXPECT_FALSE(VerifyAssertion(Asserting(), *credential, changed)) << i;
    }
  }
}

TEST_F(WebauthnTest, AnAnswerCutOffAnywhere) {
  const Registration made = key.Register(true);
  for (std::size_t size = 0; size < made.attestation_object.size(); ++size) {
    Registration cut = made;
    cut.attestation_object.resize(size);
    EXPECT_FALSE(VerifyRegistration(Registering(), cut));
  }
  Registration longer = made;
  longer.attestation_object += '\0';
  EXPECT_FALSE(VerifyRegistration(Registering(), longer));
}

TEST(Cbor, HostileBytesAreRefusedBeforeAnythingIsMade) {
  using cbor::Item;
  EXPECT_FALSE(Item::Parse(""));
  EXPECT_FALSE(
      Item::Parse(std::string("\x9b\x00\x00\x00\x40\x00\x00\x00\x00", 9)));  // a list of 2^30 that is not there
  EXPECT_FALSE(Item::Parse("\xbb\xff\xff\xff\xff\xff\xff\xff\xff"));         // a map of 2^64-1
  EXPECT_FALSE(Item::Parse("\x5b\xff\xff\xff\xff\xff\xff\xff\xff"));
  EXPECT_FALSE(Item::Parse(std::string(cbor::kMostBytes, '\x81') + "\x01"));  // a list in a list in a list
  EXPECT_FALSE(Item::Parse(std::string(9, '\x81') + "\x01"));
  EXPECT_TRUE(Item::Parse(std::string(8, '\x81') + "\x01"));
  EXPECT_FALSE(Item::Parse("\x5f\x41x\xff"));  // of indefinite length
  EXPECT_FALSE(Item::Parse("\xc1\x01"));       // a tag
  EXPECT_FALSE(Item::Parse("\x01\x01"));       // two items
  EXPECT_FALSE(Item::Parse("\x1c"));           // reserved
  EXPECT_FALSE(Item::Parse("\x62\xff\xff") && Item::Parse("\x62\xff\xff")->AsInteger());
  const auto twice = Item::Parse("\xa2\x01\x02\x01\x03");
  ASSERT_TRUE(twice);
  EXPECT_FALSE(twice->Find(1));
  EXPECT_EQ(Item::Parse("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff")->AsInteger(), INT64_MIN);
  EXPECT_EQ(Item::Parse("\x3b\xff\xff\xff\xff\xff\xff\xff\xff")->AsInteger(), std::nullopt);
}

// --- the corpus: recorded answers of real authenticators

class WebauthnCorpus : public WebauthnTest {
 protected:
  void SetUp() override {
    const auto found = Corpora("webauthn");
    if (!found) {
      GTEST_SKIP() << "no corpora on this machine";
    }
    folder = *found / "fido2-net-lib";
  }

  json::Document Read(std::string_view name) const {
    std::ifstream file(folder / name);
    std::stringstream text;
    text << file.rdbuf();
    auto document = json::Document::Parse(text.str());
    EXPECT_TRUE(document) << name;
    return *std::move(document);
  }
  static std::string Text(const json::Document& document, std::string_view outer, std::string_view inner = "") {
    auto value = document.Root().Find(outer);
    if (value && !inner.empty()) {
      value = value->Find(inner);
    }
    return std::string(value ? value->AsString().value_or("") : "");
  }
  static std::string Decoded(const std::string& text) { return text::Base64UrlDecode(text).value_or(""); }

  static Registration Answer(const json::Document& response) {
    return RegistrationFromJson(response.Root()).value_or(Registration{});
  }
  static RegistrationOptions Asked(const json::Document& options) {
    return {.expected = ExpectedFromJson(options.Root(), {"https://localhost:44329"}),
            .algorithms = OfferedFromJson(options.Root())};
  }
  Checked<Credential> Registered(std::string_view options, std::string_view response) const {
    return VerifyRegistration(Asked(Read(options)), Answer(Read(response)));
  }

  std::filesystem::path folder;
};

TEST_F(WebauthnCorpus, RegistrationsWithoutAttestation) {
  const auto first = Registered("attestationNoneOptions.json", "attestationNoneResponse.json");
  ASSERT_TRUE(first) << NameOf(first.error());
  EXPECT_EQ(first->format, Format::kNone);
  const auto second = Registered("attestationOptionsNone.json", "attestationResultsNone.json");
  ASSERT_TRUE(second) << NameOf(second.error());
  EXPECT_EQ(Registered("attestationOptionsNone.json", "attestationNoneResponse.json").error(), Refusal::kChallenge);
}

TEST_F(WebauthnCorpus, ARegistrationWithASecurityKeysCertificate) {
  const auto made = Registered("options1.json", "json1.json");
  ASSERT_TRUE(made) << NameOf(made.error());
  EXPECT_EQ(made->format, Format::kFidoU2f);
}

TEST_F(WebauthnCorpus, ACertifiedRegistrationOfAnotherSite) {
  EXPECT_EQ(Registered("options2.json", "json2.json").error(), Refusal::kChallenge);
  const Registration answer = Answer(Read("json2.json"));
  const auto client = json::Document::Parse(answer.client_data);
  const RegistrationOptions asked{.expected = {.rp_id = "webauthn.org",
                                               .origins = {"https://webauthn.org"},
                                               .challenge = Decoded(Text(*client, "challenge")),
                                               .user_verification = false}};
  const auto made = VerifyRegistration(asked, answer);
  ASSERT_TRUE(made) << NameOf(made.error());
  EXPECT_EQ(made->format, Format::kPacked);
  Registration changed = answer;
  const auto at = changed.attestation_object.find("Feitian FIDO2 CA-1");
  changed.attestation_object[at] = 'f';  // signed by nobody we ask, but the leaf still is what signed
  changed.attestation_object[changed.attestation_object.size() - 1] ^= 1;
  EXPECT_FALSE(VerifyRegistration(asked, changed));
}

TEST_F(WebauthnCorpus, AnAlgorithmThatIsNotOffered) {
  EXPECT_EQ(Registered("attestationOptionsPacked512.json", "attestationResultsPacked512.json").error(),
            Refusal::kAlgorithm);
}

TEST_F(WebauthnCorpus, ARecordedAssertion) {
  const auto credential = Registered("attestationNoneOptions.json", "attestationNoneResponse.json");
  ASSERT_TRUE(credential);
  const json::Document options = Read("assertionNoneOptions.json");
  const json::Document response = Read("assertionNoneResponse.json");
  const AssertionOptions asked{.expected = ExpectedFromJson(options.Root(), {"https://localhost:44329"}),
                               .allowed = AllowedFromJson(options.Root()),
                               .user_handle = "1"};
  const auto used = AssertionFromJson(response.Root());
  ASSERT_TRUE(used);
  const auto verified = VerifyAssertion(asked, *credential, *used);
  ASSERT_TRUE(verified) << NameOf(verified.error());
  EXPECT_EQ(verified->sign_count, 52U);
}

}  // namespace
}  // namespace propolis::auth::webauthn
