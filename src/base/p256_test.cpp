#include "base/p256.h"

#include <gtest/gtest.h>

#include <string>

namespace propolis::crypto::p256 {
namespace {

using namespace std::string_literals;

TEST(P256, TwoAgreeOnTheSameAndNobodyElseDoes) {
  const std::string ana = NewSecret();
  const std::string ben = NewSecret();
  const std::string eve = NewSecret();
  const auto agreed = Agree(ana, *PointOf(ben));
  ASSERT_TRUE(agreed);
  EXPECT_EQ(agreed, Agree(ben, *PointOf(ana)));
  EXPECT_NE(agreed, Agree(eve, *PointOf(ana)));
  EXPECT_NE(agreed, Agree(eve, *PointOf(ben)));
}

TEST(P256, RefusesWhatIsNoSecret) {
  // The order of the curve (SEC 2 section 2.4.2), and the number below it.
  const std::string order =
      "\xFF\xFF\xFF\xFF\x00\x00\x00\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xBC\xE6\xFA\xAD\xA7\x17\x9E\x84\xF3\xB9\xCA\xC2"
      "\xFC\x63\x25\x51"s;
  std::string largest = order;
  --largest.back();
  EXPECT_TRUE(PointOf(largest));
  EXPECT_FALSE(PointOf(order));
  EXPECT_FALSE(PointOf(std::string(kSecret, '\xFF')));
  EXPECT_FALSE(PointOf(std::string(kSecret, '\0')));
  EXPECT_FALSE(PointOf(std::string(kSecret - 1, '\1')));
  EXPECT_FALSE(Sign(order, "x"));
  EXPECT_FALSE(Agree(order, *PointOf(largest)));
}

// A point of another curve would give away the secret bit by bit.
TEST(P256, RefusesWhatIsNoPoint) {
  const std::string secret = NewSecret();
  const std::string point = *PointOf(secret);
  EXPECT_TRUE(IsPoint(point));
  std::string other = point;
  other.back() = static_cast<char>(other.back() ^ 1);
  for (const std::string& bad : {other, point.substr(1), point + "x", std::string(), std::string(kPoint, '\0'),
                                 "\x02" + point.substr(1), "\x04" + std::string(kPoint - 1, '\xFF')}) {
    EXPECT_FALSE(IsPoint(bad));
    EXPECT_FALSE(Agree(secret, bad));
  }
}

TEST(P256, SignaturesAreOfOneLength) {
  const std::string secret = NewSecret();
  for (int i = 0; i < 300; ++i) {  // in DER one of 128 is shorter
    EXPECT_EQ(Sign(secret, std::to_string(i)).value_or("").size(), kSignature);
  }
}

}  // namespace
}  // namespace propolis::crypto::p256
