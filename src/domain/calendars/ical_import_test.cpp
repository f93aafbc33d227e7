#include "domain/calendars/ical_import.h"

#include <gmock/gmock.h>

namespace propolis::calendars {
namespace {

using testing::ElementsAre;

std::vector<std::string> DaysOf(std::string_view events) {
  const auto found = DaysOffOf("BEGIN:VCALENDAR\r\n" + std::string(events) + "END:VCALENDAR\r\n",
                               *sla::Date::Parse("2026-01-01"), *sla::Date::Parse("2027-12-31"));
  std::vector<std::string> texts;
  if (!found) {
    for (const auto& field : found.error().fields) {
      texts.push_back(field.field + " " + field.message);
    }
    return texts;
  }
  for (const auto& day : *found) {
    texts.push_back((day.date ? day.date->ToString() : day.yearly->ToString()) + " " + day.name);
  }
  return texts;
}

std::string Event(std::string_view lines) { return "BEGIN:VEVENT\r\n" + std::string(lines) + "END:VEVENT\r\n"; }

TEST(IcalImport, ReadsDaysWithTheirNames) {
  EXPECT_THAT(DaysOf(Event("DTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260502\r\nSUMMARY:Labour\\, day\r\n") +
                     Event("dtstart;TZID=\"Europe/Madrid: x\":20261224T150000\r\nSUMMARY:Long na\r\n me\r\n")),
              ElementsAre("2026-05-01 Labour, day", "2026-12-24 Long name"));
}

TEST(IcalImport, GivesEachDayOfALongEventOnce) {
  EXPECT_THAT(DaysOf(Event("DTSTART:20260402\r\nDTEND:20260404\r\nSUMMARY:Easter\r\n") +
                     Event("DTSTART:20260403\r\nSUMMARY:Good Friday\r\n")),
              ElementsAre("2026-04-02 Easter", "2026-04-03 Easter"));
}

TEST(IcalImport, RepeatsByRuleWithinTheYearsAskedFor) {
  EXPECT_THAT(DaysOf(Event("DTSTART:20100531\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\r\nSUMMARY:Memorial\r\n")),
              ElementsAre("2026-05-25 Memorial", "2027-05-31 Memorial"));
  EXPECT_THAT(DaysOf(Event("DTSTART:20100106\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Epiphany\r\n")),
              ElementsAre("01-06 Epiphany"));
  EXPECT_THAT(DaysOf(Event("DTSTART:20200106\r\nRRULE:FREQ=YEARLY\r\nEXDATE:20260106\r\nSUMMARY:Epiphany\r\n")),
              ElementsAre("2027-01-06 Epiphany"));
}

TEST(IcalImport, LeavesOutCancelledEventsAndAlarms) {
  EXPECT_THAT(DaysOf(Event("DTSTART:20260501\r\nSTATUS:CANCELLED\r\nSUMMARY:No\r\n") +
                     Event("DTSTART:20260502\r\nSUMMARY:Yes\r\nBEGIN:VALARM\r\nSUMMARY:Alarm\r\nEND:VALARM\r\n")),
              ElementsAre("2026-05-02 Yes"));
}

TEST(IcalImport, SaysWhatIsWrong) {
  EXPECT_THAT(DaysOf(""), ElementsAre("ics calendar.ics_without_events"));
  EXPECT_THAT(DaysOf(Event("SUMMARY:No date\r\n")), ElementsAre("ics calendar.ics_bad_date"));
  EXPECT_THAT(DaysOf(Event("DTSTART:tomorrow\r\n")), ElementsAre("ics calendar.ics_bad_date"));
  EXPECT_THAT(DaysOf(Event("DTSTART:20260101\r\nRRULE:FREQ=SECONDLY\r\n")), ElementsAre("ics calendar.ics_bad_rule"));
  EXPECT_THAT(DaysOf(Event("DTSTART:20260101\r\nRRULE:nonsense\r\n")), ElementsAre("ics calendar.ics_bad_rule"));
  EXPECT_THAT(DaysOf(Event("DTSTART:20260101\r\nRRULE:FREQ=DAILY;BYMINUTE=0,1,2,3,4;BYHOUR=1,2,3,4,5\r\n")),
              ElementsAre("ics calendar.ics_bad_rule"));
  EXPECT_THAT(DaysOf(Event("DTSTART:00010101\r\nRRULE:FREQ=DAILY\r\n")), ElementsAre("ics calendar.ics_bad_rule"));
  std::string many;
  for (int i = 0; i < 201; ++i) {
    many += Event("DTSTART:20260101\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n");
  }
  EXPECT_THAT(DaysOf(many), ElementsAre("ics field.too_many"));
  EXPECT_THAT(DaysOf(std::string(kLargestIcal, 'x')), ElementsAre("ics field.too_long"));
}

TEST(IcalImport, ALineThatNeverEndsIsOnlyALine) {
  EXPECT_THAT(DaysOf(std::string(200000, '\n') + "BEGIN:VEVENT\r\n"), ElementsAre("ics calendar.ics_bad_date"));
  EXPECT_THAT(DaysOf(Event("DTSTART:20260501\r\nDTEND:99991231\r\nSUMMARY:Long\r\n")).size(), 60);
}

}  // namespace
}  // namespace propolis::calendars
