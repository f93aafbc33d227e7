#include <gmock/gmock.h>

#include "base/corpora_test_support.h"
#include "domain/holidays/holidays_corpus_test_support.h"
#include "domain/holidays/rule.h"
#include "domain/sla/working_time.h"

namespace propolis::holidays {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> Dates(int year, std::string_view country, std::string_view region = "") {
  std::vector<std::string> dates;
  for (const DayOff& day : In(year, country, region).value()) {
    dates.push_back(day.date.ToString());
  }
  return dates;
}

std::vector<std::string> OfRule(const RuleText& text, int year) {
  std::vector<DayOff> days;
  Rule::Parse(text).value().Add(year, days);
  std::vector<std::string> dates;
  for (const DayOff& day : days) {
    dates.push_back(day.date.ToString());
  }
  return dates;
}

RuleText When(std::string when) {
  RuleText text;
  text.name = "day";
  text.when = std::move(when);
  return text;
}

TEST(Holidays, AgreeWithTheCorpus) {
  const auto folder = Corpora("sla");
  if (!folder) {
    GTEST_SKIP() << "corpora not found: set PROPOLIS_CORPORA";
  }
  const auto compared = corpus::Compare(*folder / "holidays.tsv");
  ASSERT_GT(compared.total, 1000);
  for (const auto& miss : compared.missing) {
    std::cout << "missing: " << miss << '\n';
  }
  for (const auto& miss : compared.invented) {
    std::cout << "not in the corpus: " << miss << '\n';
  }
  EXPECT_LE(compared.missing.size() * 100, compared.total);
  EXPECT_LE(compared.invented.size() * 100, compared.total);
}

TEST(Holidays, KnowTheCountriesOfTheDesk) {
  for (const auto* country : {"ES", "PT", "BR", "MX", "AR", "CL", "CO", "PE", "UY", "EC", "US", "GB", "DE", "FR"}) {
    EXPECT_TRUE(Knows(country, "")) << country;
  }
  EXPECT_TRUE(Knows("ES", "AN"));
  EXPECT_FALSE(Knows("ES", "XX"));
  EXPECT_FALSE(Knows("XX", ""));
  EXPECT_EQ(In(2026, "XX", "").error().fields[0].field, "country");
  EXPECT_EQ(In(2026, "ES", "XX").error().fields[0].field, "region");
  EXPECT_EQ(In(1999, "ES", "").error().fields[0].field, "year");
}

// Every rule of every set can be read and asked for each year.
TEST(Holidays, AnswerForEveryYearAndSet) {
  for (const Country& country : Countries()) {
    for (int year = kFirstYear; year <= kLastYear; ++year) {
      EXPECT_GE(In(year, country.code, "").value().size(), 5) << country.code << year;
    }
    for (const Region& region : country.regions) {
      EXPECT_GE(In(2026, country.code, region.code).value().size(), In(2026, country.code, "").value().size());
    }
  }
}

TEST(Holidays, FallOnEaster) {
  const auto easter = [](int year) { return sla::Date{Easter(year)}.ToString(); };
  EXPECT_EQ(easter(1961), "1961-04-02");
  EXPECT_EQ(easter(2000), "2000-04-23");
  EXPECT_EQ(easter(2008), "2008-03-23");
  EXPECT_EQ(easter(2038), "2038-04-25");
  EXPECT_THAT(OfRule(When("easter-47"), 2026), ElementsAre("2026-02-17"));
}

TEST(Holidays, FallOnAWeekdayOfAMonth) {
  EXPECT_THAT(OfRule(When("mon 3 01"), 2026), ElementsAre("2026-01-19"));
  EXPECT_THAT(OfRule(When("mon -1 05"), 2026), ElementsAre("2026-05-25"));
  EXPECT_THAT(OfRule(When("mon 5 02"), 2026), IsEmpty());
  EXPECT_THAT(OfRule(When("tue>=11-02"), 2024), ElementsAre("2024-11-05"));
}

TEST(Holidays, FallOnDaysOfOtherCalendars) {
  EXPECT_THAT(OfRule(When("hebrew 07-10"), 2026), ElementsAre("2026-09-21"));
  EXPECT_THAT(OfRule(When("hebrew 01-15"), 2024), ElementsAre("2024-04-23"));  // after a leap month
  EXPECT_THAT(OfRule(When("islamic 01-01"), 2026), ElementsAre("2026-06-16"));
  EXPECT_THAT(OfRule(When("islamic 10-01"), 2000).size(), 2);  // twice in one year
}

TEST(Holidays, FallOnTheSolsticeAsChileSeesIt) {
  for (const auto& [year, date] : {std::pair{2024, "2024-06-20"},
                                   {2025, "2025-06-20"},
                                   {2026, "2026-06-21"},
                                   {2027, "2027-06-21"},
                                   {2028, "2028-06-20"}}) {
    EXPECT_THAT(OfRule(When("june solstice"), year), ElementsAre(date));
  }
}

TEST(Holidays, AreMovedOrKeptTwice) {
  RuleText moved = When("01-06");
  moved.move = "tue+6 wed+5 thu+4 fri+3 sat+2 sun+1";
  EXPECT_THAT(OfRule(moved, 2025), ElementsAre("2025-01-06"));
  EXPECT_THAT(OfRule(moved, 2026), ElementsAre("2026-01-12"));
  RuleText kept = When("07-04");
  kept.observe = "sat-1 sun+1";
  EXPECT_THAT(OfRule(kept, 2026), ElementsAre("2026-07-04", "2026-07-03"));
  // New Year's Day of 2028 is kept in 2027.
  EXPECT_THAT(Dates(2027, "US"), Contains("2027-12-31"));
}

TEST(Holidays, HoldInTheirYearsOnly) {
  EXPECT_THAT(Dates(2022, "PE"), Not(Contains("2022-06-07")));
  EXPECT_THAT(Dates(2024, "PE"), Contains("2024-06-07"));
  EXPECT_THAT(Dates(2014, "PT"), Not(Contains("2014-12-01")));
  EXPECT_THAT(Dates(2020, "GB"), Contains("2020-05-08"));
  EXPECT_THAT(Dates(2020, "GB"), Not(Contains("2020-05-04")));
  EXPECT_THAT(Dates(2030, "MX"), Contains("2030-10-01"));
  EXPECT_THAT(Dates(2031, "MX"), Not(Contains("2031-10-01")));
}

TEST(Holidays, ARegionKeepsItsCountrysDaysAndItsOwn) {
  EXPECT_THAT(Dates(2027, "ES", "AN"), Contains("2027-03-01"));  // 28 February is a Sunday
  EXPECT_THAT(Dates(2025, "DE", "BE"), Contains("2025-05-08"));
  EXPECT_THAT(Dates(2026, "DE", "SN"), Contains("2026-11-18"));
  EXPECT_THAT(Dates(2026, "DE", "SN"), Contains("2026-10-03"));
}

TEST(Holidays, RefuseRulesThatCannotBeRead) {
  for (const auto* wrong :
       {"", "13-01", "easter*2", "mon 6 01", "mon 1 13", "foo>=01-01", "lunar 01-01", "2026-02-30"}) {
    EXPECT_FALSE(Rule::Parse(When(wrong))) << wrong;
  }
  RuleText moved = When("01-01");
  moved.move = "mon";
  EXPECT_FALSE(Rule::Parse(moved));
  RuleText on = When("01-01");
  on.on = "someday";
  EXPECT_FALSE(Rule::Parse(on));
}

TEST(Holidays, CloseACalendarThatKeepsThem) {
  sla::Calendar calendar = sla::AroundTheClock("America/Bogota");
  calendar.holiday_sets = {{.country = "CO", .region = "", .optional = false}};
  const auto working = sla::WorkingTime::From(calendar).value();
  EXPECT_FALSE(working.IsOpen(ParseTime("2026-01-12T12:00:00-05:00").value()));  // Epiphany, moved
  EXPECT_TRUE(working.IsOpen(ParseTime("2026-01-06T12:00:00-05:00").value()));
  const auto stretches =
      working.Stretches(ParseTime("2026-01-12T00:00:00-05:00").value(), ParseTime("2026-01-13T00:00:00-05:00").value());
  ASSERT_EQ(stretches.size(), 1);
  EXPECT_EQ(stretches[0].name, "Día de los Reyes Magos");
}

TEST(Holidays, OptionalDaysCloseOnlyWhereTheyAreChosen) {
  sla::Calendar calendar = sla::AroundTheClock("America/Sao_Paulo");
  const auto open = [&](bool optional, std::string_view at) {
    calendar.holiday_sets = {{.country = "BR", .region = "RJ", .optional = optional}};
    return sla::WorkingTime::From(calendar).value().IsOpen(ParseTime(at).value());
  };
  constexpr std::string_view kCarnival = "2026-02-17T12:00:00-03:00";
  EXPECT_TRUE(open(false, kCarnival));
  EXPECT_FALSE(open(true, kCarnival));
  EXPECT_FALSE(open(false, "2026-04-23T12:00:00-03:00"));  // Saint George, in Rio only
}

TEST(Holidays, ACalendarNamesASetThatIsNotKnown) {
  sla::Calendar calendar = sla::AroundTheClock();
  calendar.holiday_sets = {{.country = "XX", .region = "", .optional = false},
                           {.country = "ES", .region = "XX", .optional = false}};
  const auto errors = sla::Validate(calendar);
  ASSERT_EQ(errors.size(), 2);
  EXPECT_EQ(errors[0].field, "holiday_sets/0/country");
  EXPECT_EQ(errors[1].field, "holiday_sets/1/region");
}

}  // namespace
}  // namespace propolis::holidays
