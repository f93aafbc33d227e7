#include "live/presence.h"

#include <gtest/gtest.h>

#include <thread>

namespace propolis::live {
namespace {

const Time kNow = Time(std::chrono::hours(24 * 20'000));
const StaffId kAna = StaffId::New(kNow);
const StaffId kRui = StaffId::New(kNow);

std::string Told(const Presence& presence, Time now) {
  std::string all;
  for (const Present& one : presence.On(1, now)) {
    all += one.name + (one.doing == Doing::kTyping ? " types" : " reads") + ";";
  }
  return all;
}

TEST(Presence, TellsWhoIsThereAndWhatChanged) {
  Presence presence;
  EXPECT_EQ(Told(presence, kNow), "");
  EXPECT_TRUE(presence.Say(1, kAna, "Ana", Doing::kViewing, kNow));
  EXPECT_TRUE(presence.Say(1, kRui, "Rui", Doing::kViewing, kNow));
  EXPECT_FALSE(presence.Say(1, kAna, "Ana", Doing::kViewing, kNow + Seconds(30)));
  EXPECT_TRUE(presence.Say(1, kAna, "Ana", Doing::kTyping, kNow + Seconds(31)));
  EXPECT_FALSE(presence.Say(1, kAna, "Ana", Doing::kTyping, kNow + Seconds(32)));
  EXPECT_EQ(Told(presence, kNow + Seconds(33)), "Ana types;Rui reads;");
  EXPECT_EQ(presence.On(1, kNow + Seconds(33))[0].since, kNow);
  EXPECT_TRUE(presence.On(2, kNow).empty());
  EXPECT_TRUE(presence.Say(1, kRui, "Rui", Doing::kGone, kNow + Seconds(34)));
  EXPECT_FALSE(presence.Say(1, kRui, "Rui", Doing::kGone, kNow + Seconds(34)));
  EXPECT_EQ(Told(presence, kNow + Seconds(34)), "Ana types;");
}

TEST(Presence, SaysThatSheStillReadsWithoutEndingHerTyping) {
  Presence presence;
  presence.Say(1, kAna, "Ana", Doing::kTyping, kNow);
  EXPECT_FALSE(presence.Say(1, kAna, "Ana", Doing::kViewing, kNow + Seconds(1)));
  EXPECT_EQ(Told(presence, kNow + Seconds(1)), "Ana types;");
  EXPECT_EQ(Told(presence, kNow + Presence::kPauses), "Ana reads;");
  EXPECT_TRUE(presence.Say(1, kAna, "Ana", Doing::kViewing, kNow + Presence::kPauses));
}

TEST(Presence, ForgetsWhoSaysNothing) {
  Presence presence;
  presence.Say(1, kAna, "Ana", Doing::kViewing, kNow);
  presence.Say(1, kRui, "Rui", Doing::kViewing, kNow + Seconds(60));
  EXPECT_EQ(Told(presence, kNow + Presence::kLeaves), "Rui reads;");
  EXPECT_TRUE(presence.Say(1, kRui, "Rui", Doing::kViewing, kNow + Seconds(90)));
  EXPECT_FALSE(presence.Say(1, kRui, "Rui", Doing::kViewing, kNow + Seconds(91)));
}

TEST(Presence, BearsManyAtOnce) {
  Presence presence;
  std::vector<std::jthread> people;
  for (int person = 0; person < 4; ++person) {
    people.emplace_back([&presence] {
      const StaffId own = StaffId::New(kNow);
      for (int i = 0; i < 500; ++i) {
        presence.Say(i % 7, own, "Someone", i % 3 == 0 ? Doing::kGone : Doing::kTyping, kNow + Seconds(i));
        (void)presence.On(i % 7, kNow + Seconds(i));
      }
    });
  }
}

}  // namespace
}  // namespace propolis::live
