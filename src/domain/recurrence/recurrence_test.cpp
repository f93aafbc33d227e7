#include "domain/recurrence/recurrence.h"

#include <gmock/gmock.h>

#include <iostream>

#include "base/corpora_test_support.h"
#include "domain/recurrence/recurrence_corpus_test_support.h"

namespace propolis::recurrence {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Given(std::string_view rule, std::string_view start, std::string_view from = "",
                               std::size_t most = 1000) {
  const Reading begin = ParseReading(start).value();
  std::vector<std::string> texts;
  for (const Reading at :
       Occurrences(ParseRule(rule).value(), begin, from.empty() ? begin : ParseReading(from).value(), most)) {
    texts.push_back(corpus::Show(at, start));
  }
  return texts;
}

TEST(Recurrence, AgreesWithTheCorpus) {
  const auto folder = Corpora("sla");
  if (!folder) {
    GTEST_SKIP() << "corpora not found: set PROPOLIS_CORPORA";
  }
  const auto outcomes = corpus::Run(*folder / "rrule_libical.txt");
  EXPECT_GT(outcomes.size(), 50);
  std::size_t wrong = 0;
  for (const auto& outcome : outcomes) {
    if (outcome.got != outcome.expected) {
      ++wrong;
      std::cout << outcome.id << "\n  expected " << outcome.expected << "\n  got      " << outcome.got << '\n';
    }
  }
  EXPECT_LE(wrong * 50, outcomes.size());
}

TEST(Recurrence, CountsFromItsStartAndAnswersFromLater) {
  EXPECT_THAT(Given("FREQ=DAILY;COUNT=4", "20260301", "20260303"), ElementsAre("20260303", "20260304"));
  EXPECT_THAT(Given("FREQ=DAILY", "20260301", "20260303", 2), ElementsAre("20260303", "20260304"));
}

TEST(Recurrence, KnowsTheLastAndTheNth) {
  EXPECT_THAT(Given("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=2", "20260525"), ElementsAre("20260525", "20270531"));
  EXPECT_THAT(Given("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "20260130"),
              ElementsAre("20260130", "20260227"));
}

// What never comes must end, however fine its steps.
TEST(Recurrence, ARuleThatGivesNothingEnds) {
  for (const auto* rule : {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
                           "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
                           "FREQ=SECONDLY;INTERVAL=60;BYSECOND=1", "FREQ=WEEKLY;BYMONTH=2;BYSETPOS=9"}) {
    EXPECT_THAT(Given(rule, "20260201T000000"), IsEmpty()) << rule;
  }
}

TEST(Recurrence, RefusesWhatIsNoRule) {
  for (const auto* wrong :
       {"", "FREQ=SOMETIMES", "COUNT=3", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYDAY=0MO",
        "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;COUNT=2;UNTIL=20260101", "FREQ=DAILY;UNTIL=x",
        "FREQ=DAILY;X=1", "FREQ=DAILY;;", "FREQ=DAILY;INTERVAL=99999999999", "FREQ=DAILY;BYMONTHDAY=0"}) {
    EXPECT_FALSE(ParseRule(wrong)) << wrong;
  }
  EXPECT_FALSE(ParseRule("FREQ=DAILY;BYMONTH=" + std::string(3000, '1')));
  for (const auto* wrong : {"", "2026030", "20260230", "20260301T2500000", "20260301 090000", "-0260301"}) {
    EXPECT_FALSE(ParseReading(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace propolis::recurrence
