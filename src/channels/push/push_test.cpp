// Messages to browsers: the example of RFC 8291, what a browser reads, and the token by the rules for tokens.
#include "channels/push/push.h"

#include <gtest/gtest.h>

#include <array>

#include "auth/jws.h"
#include "channels/push/push_test_support.h"

namespace propolis::push {
namespace {

using testing::Subscriber;

std::string Bytes(std::string_view base64url) { return text::Base64UrlDecode(base64url).value(); }

// RFC 8291 section 5 and appendix A.
TEST(PushSeal, TheExampleOfTheStandard) {
  const std::string text = "When I grow up, I want to be a watermelon";
  const Subscriber browser{.secret = Bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"),
                           .auth = Bytes("BTBZMqHH6r4Tts7J_aSIgg")};
  EXPECT_EQ(text::Base64UrlEncode(browser.Point()),
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
  const auto body = Seal({browser.Point(), browser.auth}, Bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
                         Bytes("DGv6ra1nlYgDCS1FRnbzlw"), text);
  ASSERT_TRUE(body);
  EXPECT_EQ(
      text::Base64UrlEncode(*body),
      "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
      "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
  EXPECT_EQ(browser.Read(*body), text);
}

TEST(PushSeal, OnlyTheBrowserItIsForReadsItAndOnlyWhole) {
  const Subscriber browser;
  const auto body = Seal({browser.Point(), browser.auth}, crypto::p256::NewSecret(), crypto::RandomBytes(kSalt), "");
  ASSERT_TRUE(body);
  EXPECT_EQ(browser.Read(*body), "");
  EXPECT_FALSE(Subscriber{}.Read(*body));
  EXPECT_FALSE((Subscriber{.secret = browser.secret, .auth = std::string(kAuth, 'x')}).Read(*body));
  std::string changed = *body;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  EXPECT_FALSE(browser.Read(changed));
}

TEST(PushSeal, NoLongerThanEveryServiceTakes) {
  const Subscriber browser;
  const auto seal = [&](std::size_t size) {
    return Seal({browser.Point(), browser.auth}, crypto::p256::NewSecret(), crypto::RandomBytes(kSalt),
                std::string(size, 'x'));
  };
  EXPECT_EQ(seal(kMostText).value_or("").size(), 4096U);
  EXPECT_FALSE(seal(kMostText + 1));
}

TEST(PushSeal, RefusesKeysThatAreNotSound) {
  const Subscriber browser;
  const std::string once = crypto::p256::NewSecret();
  const std::string salt(kSalt, 's');
  std::string beside = browser.Point();
  beside.back() = static_cast<char>(beside.back() ^ 1);
  EXPECT_FALSE(Seal({beside, browser.auth}, once, salt, "x"));
  EXPECT_FALSE(Seal({browser.Point(), "short"}, once, salt, "x"));
  EXPECT_FALSE(Seal({browser.Point(), browser.auth}, "", salt, "x"));
  EXPECT_FALSE(Seal({browser.Point(), browser.auth}, once, "", "x"));
}

TEST(PushAuthorize, ATokenThatItsOwnKeyVerifies) {
  const std::string secret = crypto::p256::NewSecret();
  const Time now = ParseTime("2026-03-04T12:00:00Z").value();
  const auto value = Authorize(secret, "https://push.example", "mailto:desk@desk.example", now);
  ASSERT_TRUE(value);
  ASSERT_TRUE(value->starts_with("vapid t="));
  const auto comma = value->find(", k=");
  const std::string point = Bytes(value->substr(comma + 4));
  EXPECT_EQ(point, crypto::p256::PointOf(secret));

  auth::jose::Jwk key;
  key.type = auth::jose::KeyType::kCurve;
  key.x = point.substr(1, 32);
  key.y = point.substr(33);
  auth::jose::KeySet keys;
  keys.keys.push_back(key);
  const std::array allowed = {auth::jose::Algorithm::kEs256};
  const auto verified = auth::jose::VerifyCompact(value->substr(8, comma - 8), keys, allowed);
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->header, R"({"typ":"JWT","alg":"ES256"})");
  EXPECT_EQ(verified->payload, R"({"aud":"https://push.example","exp":1772668800,"sub":"mailto:desk@desk.example"})");
  EXPECT_FALSE(Authorize("", "https://push.example", "mailto:desk@desk.example", now));
}

}  // namespace
}  // namespace propolis::push
