// sla.holidays: public holidays by rule sets.
#include "domain/holidays/holidays.h"

#include "app/try/rules.h"

namespace propolis::app {
namespace {

struct Input {
  std::string country;
  std::string region;
  int year = 0;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<Input>("SlaHolidaysInput", "")
            .Required("country", &Input::country, "ISO 3166-1, two letters.", dto::Text(2, 2))
            .Optional("region", &Input::region, "ISO 3166-2 without the country.", dto::Text(0, 3))
            .Required("year", &Input::year, "2000 to 2100.", dto::Range(holidays::kFirstYear, holidays::kLastYear))
            .Done();
    return type;
  }
};

struct Output {
  std::vector<holidays::DayOff> days;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<Output>("SlaHolidaysOutput", "")
                                      .Required("days", &Output::days, "In order; a date may come under two names.")
                                      .Done();
    return type;
  }
};

Result<Output> Holidays(const Input& input) {
  return Output{TRY(holidays::In(input.year, input.country, input.region))};
}

}  // namespace

std::vector<Rule> HolidayRules() {
  return {MakeRule("sla.holidays", "The public holidays of a country, or a region of it, in a year.",
                   R"({"country":"ES","region":"AN","year":2026})", Holidays)};
}

}  // namespace propolis::app
