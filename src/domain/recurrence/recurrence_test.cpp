#include "domain/recurrence/recurrence.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iostream>

#include "base/corpora_test_support.h"

namespace propolis::recurrence {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// As the start was written: a date, or a date and a time.
std::string Show(Reading at, std::string_view like) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  std::string text = fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()));
  if (like.size() > 8) {
    text += fmt::format("T{:02}{:02}{:02}", time.hours().count(), time.minutes().count(), time.seconds().count());
  }
  return like.ends_with('Z') ? text + "Z" : text;
}

std::vector<std::string> Given(std::string_view rule, std::string_view start, std::string_view from = "",
                               std::size_t most = 1000) {
  const Reading begin = ParseReading(start).value();
  std::vector<std::string> texts;
  for (const Reading at :
       Occurrences(ParseRule(rule).value(), begin, from.empty() ? begin : ParseReading(from).value(), most)) {
    texts.push_back(Show(at, start));
  }
  return texts;
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) {
    all += (all.empty() ? "" : ",") + text;
  }
  return all;
}

// Blocks of RRULE, DTSTART and INSTANCES. What another program says it cannot do is left out.
TEST(Recurrence, AgreesWithTheCorpus) {
  const auto folder = Corpora("sla");
  if (!folder) {
    GTEST_SKIP() << "corpora not found: set PROPOLIS_CORPORA";
  }
  std::ifstream in(*folder / "rrule_libical.txt");
  std::string rule;
  std::string start;
  int total = 0;
  int wrong = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("RRULE:")) {
      rule = line.substr(6);
    } else if (line.starts_with("DTSTART:")) {
      start = line.substr(8);
    } else if (line.starts_with("INSTANCES:") && !line.contains("***")) {
      ++total;
      const std::string expected = line.substr(10);
      if (const std::string got = Joined(Given(rule, start)); got != expected) {
        ++wrong;
        std::cout << rule << " from " << start << "\n  expected " << expected << "\n  got      " << got << '\n';
      }
    }
  }
  EXPECT_GT(total, 50);
  EXPECT_LE(wrong * 50, total);
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
