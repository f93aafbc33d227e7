// iCalendar files from anywhere: no crash, no endless rule, and no more days than promised.
#include <cstdint>
#include <cstdlib>

#include "domain/calendars/ical_import.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using propolis::sla::Date;
  const std::string_view ics(reinterpret_cast<const char*>(data), size);
  const auto first = *Date::Parse("2026-01-01");
  const auto last = *Date::Parse("2030-12-31");
  const auto days = propolis::calendars::DaysOffOf(ics, first, last);
  if (!days) {
    return 0;
  }
  for (const auto& day : *days) {
    if (day.date.has_value() == day.yearly.has_value() || (day.date && (*day.date < first || last < *day.date))) {
      std::abort();
    }
  }
  return 0;
}
