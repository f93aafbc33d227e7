// /holidays: public holidays by rule sets, for choosing them and for seeing a year.
#include "domain/holidays/holidays.h"

#include "api/resource.h"
#include "api/resources.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

struct YearQuery {
  std::string country;
  std::string region;
  int year = 0;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<YearQuery>("HolidayYearQuery", "Whose holidays, and of which year.")
            .Required("country", &YearQuery::country, "ISO 3166-1.", dto::Text(2, 2))
            .Optional("region", &YearQuery::region, "ISO 3166-2 without the country.", dto::Text(0, 3))
            .Required("year", &YearQuery::year, "", dto::Range(holidays::kFirstYear, holidays::kLastYear))
            .Done();
    return type;
  }
};

}  // namespace

void AddHolidays(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/holidays/countries",
           .id = "listHolidayCountries",
           .tag = "calendars",
           .summary = "Countries and regions whose public holidays are known",
           .access = Permission::kCalendarRead},
          [](Call&) -> Result<std::vector<holidays::Country>> { return holidays::Countries(); });
  api.Add({.method = Method::kGet,
           .path = "/holidays",
           .id = "listHolidays",
           .tag = "calendars",
           .summary = "The public holidays of a country or region in a year",
           .access = Permission::kCalendarRead},
          [](Call&, const YearQuery& query) -> Result<std::vector<holidays::DayOff>> {
            return holidays::In(query.year, query.country, query.region);
          });
}

}  // namespace propolis::api
