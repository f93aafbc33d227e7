#include "domain/routing/ranking.h"

#include <gtest/gtest.h>

namespace propolis::routing {
namespace {

const Time kNow = FromMicros(1'790'000'000'000'000);
const TechnologyId kGate = TechnologyId::New(FromMicros(1000));
const TechnologyId kFortinet = TechnologyId::New(FromMicros(2000));
const TechnologyId kNetwork = TechnologyId::New(FromMicros(3000));

Need Ordinary() {
  Need need;
  need.lineage = {kGate, kFortinet, kNetwork};
  need.technology = "FortiGate";
  need.priority = Priority::kP3;
  need.language = Language::kEs;
  need.today = "2026-09-21";
  need.now = kNow;
  return need;
}

Candidate Able(std::string name, TechnologyId technology = kGate, int level = 1) {
  Candidate candidate;
  candidate.id = StaffId::New(kNow);
  candidate.name = std::move(name);
  candidate.skills = {{technology, level, "NSE 4", "2027-01-01"}};
  candidate.on_shift = true;
  candidate.languages = {Language::kEs};
  candidate.capacity = 10;
  return candidate;
}

TEST(Rank, ExactProductBeforeVendorBeforeDomainWhateverElseSpeaksAgainstIt) {
  Candidate exact = Able("Exact", kGate);
  exact.open_tickets = 9;
  exact.last_assigned = kNow;
  Candidate vendor = Able("Vendor", kFortinet);
  vendor.handled = 9;
  Candidate domain = Able("Domain", kNetwork);
  domain.handled = 9;
  const Routing routing = Rank(Ordinary(), {domain, vendor, exact});
  ASSERT_TRUE(routing.chosen);
  EXPECT_EQ(routing.chosen->name, "Exact");
  EXPECT_EQ(routing.ranking[1].staff.name, "Vendor");
  EXPECT_EQ(routing.ranking[2].staff.name, "Domain");
  EXPECT_TRUE(routing.ranking[0].chosen);
  EXPECT_FALSE(routing.ranking[1].chosen);
  EXPECT_FALSE(routing.gap);
}

TEST(Rank, RoomThenKnowledgeThenIdleness) {
  Candidate full = Able("Full");
  full.open_tickets = 8;
  Candidate free = Able("Free");
  EXPECT_EQ(Rank(Ordinary(), {full, free}).chosen->name, "Free");
  Candidate knows = Able("Knows");
  knows.handled = 5;
  EXPECT_EQ(Rank(Ordinary(), {free, knows}).chosen->name, "Knows");
  Candidate busy = Able("Busy");
  busy.last_assigned = kNow - std::chrono::minutes(5);
  EXPECT_EQ(Rank(Ordinary(), {busy, free}).chosen->name, "Free");
}

struct GapCase {
  Gap gap;
  void (*spoil)(Candidate&);
};

TEST(Rank, NamesTheFirstCriterionThatEmptiesTheField) {
  const GapCase cases[] = {
      {Gap::kNoOneCertified, [](Candidate& c) { c.skills.clear(); }},
      {Gap::kNoOneCertified, [](Candidate& c) { c.skills[0].until = "2026-09-20"; }},
      {Gap::kNoOneCertified, [](Candidate& c) { c.skills[0].certification.clear(); }},
      {Gap::kNoneOnShift, [](Candidate& c) { c.on_shift = false; }},
      {Gap::kNoneSpeaksLanguage, [](Candidate& c) { c.languages = {Language::kPt}; }},
      {Gap::kAllFull, [](Candidate& c) { c.open_tickets = c.capacity; }},
  };
  for (const GapCase& test : cases) {
    Candidate spoiled = Able("Spoiled");
    test.spoil(spoiled);
    Candidate unskilled = Able("Unskilled");
    unskilled.skills.clear();
    const Routing routing = Rank(Ordinary(), {unskilled, spoiled});
    EXPECT_FALSE(routing.chosen);
    ASSERT_TRUE(routing.gap);
    EXPECT_EQ(NameOf(*routing.gap), NameOf(test.gap));
  }
  EXPECT_EQ(Rank(Ordinary(), {}).gap, Gap::kNoOneCertified);
}

TEST(Rank, IsTheSameAfterBeingPacked) {
  Candidate speaker = Able("Ana");
  Candidate stranger = Able("Ben \"B\"");
  stranger.skills.clear();
  for (const auto& candidates : {std::vector{speaker, stranger}, std::vector{stranger}, std::vector<Candidate>()}) {
    const Routing routing = Rank(Ordinary(), candidates);
    const auto unpacked = Unpack(Pack(routing));
    ASSERT_TRUE(unpacked);
    EXPECT_EQ(dto::ToJson(*unpacked), dto::ToJson(routing));
  }
  const auto best = Unpack(Pack(Rank(Ordinary(), {speaker, stranger})), 1);
  ASSERT_TRUE(best);
  EXPECT_EQ(best->ranking.size(), 1);
  EXPECT_FALSE(Unpack("[]"));
  EXPECT_FALSE(Unpack("{}"));
}

TEST(Rank, TellsAgesInTheUnitThatPeopleUse) {
  const auto idle = [](std::chrono::minutes since) {
    Candidate ana = Able("Ana");
    ana.last_assigned = kNow - since;
    return Tell(Rank(Ordinary(), {ana}), Language::kEn).ranking.at(0).facts.back().text;
  };
  using namespace std::chrono_literals;
  EXPECT_EQ(idle(119min), "Last assigned 119 minutes ago.");
  EXPECT_EQ(idle(120min), "Last assigned 2 hours ago.");
  EXPECT_EQ(idle(1728min), "Last assigned 28 hours ago.");
  EXPECT_EQ(idle(2880min), "Last assigned 2 days ago.");
}

TEST(Rank, TellsOfTwelveAtMost) {
  std::vector<Candidate> many;
  for (int i = 0; i < 40; ++i) {
    many.push_back(Able("Engineer " + std::to_string(i)));
  }
  const Routing routing = Rank(Ordinary(), many);
  EXPECT_EQ(routing.ranking.size(), 12);
  EXPECT_TRUE(routing.ranking.front().chosen);
}

TEST(Rank, TheLastDayOfACertificationStillCounts) {
  Candidate candidate = Able("Last day");
  candidate.skills[0].until = "2026-09-21";
  EXPECT_TRUE(Rank(Ordinary(), {candidate}).chosen);
}

TEST(Rank, APriorityOneWantsLevelTwo) {
  Need need = Ordinary();
  need.priority = Priority::kP1;
  EXPECT_EQ(Rank(need, {Able("One", kGate, 1)}).gap, Gap::kNoOneCertified);
  EXPECT_EQ(Rank(need, {Able("One", kGate, 1), Able("Two", kFortinet, 2)}).chosen->name, "Two");
}

TEST(Rank, WithoutATechnologyNobodyIsGuessed) {
  Need need = Ordinary();
  need.lineage.clear();
  const Routing routing = Rank(need, {Able("Able")});
  EXPECT_FALSE(routing.chosen);
  EXPECT_FALSE(routing.gap);
  EXPECT_TRUE(routing.ranking.empty());
}

TEST(Rank, DoesNotDependOnTheOrderOfCandidates) {
  const Candidate a = Able("Ana");
  const Candidate b = Able("Bia");
  EXPECT_EQ(Rank(Ordinary(), {a, b}).chosen->name, "Ana");
  EXPECT_EQ(Rank(Ordinary(), {b, a}).chosen->name, "Ana");
}

TEST(Rank, SurvivesItsOwnJsonAndTellsItsReasons) {
  const Routing routing = Rank(Ordinary(), {Able("Ana")});
  const auto again = dto::Parse<Routing>(dto::ToJson(routing));
  ASSERT_TRUE(again) << Describe(again.error());
  const Routing told = Tell(*again, Language::kEs);
  ASSERT_EQ(told.ranking[0].facts.size(), 7U);
  for (const Fact& fact : told.ranking[0].facts) {
    EXPECT_FALSE(fact.text.starts_with("routing.")) << fact.text;
    EXPECT_TRUE(fact.values.empty());
  }
  EXPECT_NE(told.ranking[0].facts[0].text.find("NSE 4"), std::string::npos);
  EXPECT_NE(told.ranking[0].facts[0].text.find("FortiGate"), std::string::npos);
}

}  // namespace
}  // namespace propolis::routing
