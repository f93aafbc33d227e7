#include "domain/holidays/holidays.h"

#include <map>
#include <tuple>

#include "base/mutex.h"
#include "domain/holidays/rule.h"

extern const char propolis_holidays_begin[];
extern const char propolis_holidays_end[];

namespace propolis::holidays {
namespace {

struct RegionText {
  std::string code;
  std::string name;
  std::vector<RuleText> rules;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<RegionText>("HolidayRegionRules", "")
                                      .Required("code", &RegionText::code, "", dto::Text(1, 3))
                                      .Required("name", &RegionText::name, "", dto::Text(1, 80))
                                      .Required("rules", &RegionText::rules, "", dto::Items(0, 200))
                                      .Done();
    return type;
  }
};

struct CountryText {
  std::string code;
  std::string name;
  std::vector<RuleText> rules;
  std::vector<RegionText> regions;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<CountryText>("HolidayCountryRules", "")
                                      .Required("code", &CountryText::code, "", dto::Text(2, 2))
                                      .Required("name", &CountryText::name, "", dto::Text(1, 80))
                                      .Required("rules", &CountryText::rules, "", dto::Items(1, 200))
                                      .Optional("regions", &CountryText::regions, "", dto::Items(0, 100))
                                      .Done();
    return type;
  }
};

struct Sets {
  std::vector<CountryText> countries;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<Sets>("HolidaySets", "").Required("countries", &Sets::countries, "", dto::Items(1, 300)).Done();
    return type;
  }
};

struct CompiledRegion {
  std::string code;
  std::vector<Rule> rules;
};

struct Compiled {
  std::vector<Country> countries;
  std::vector<std::vector<Rule>> rules;              // by country
  std::vector<std::vector<CompiledRegion>> regions;  // by country
};

// The data is part of the program: what cannot be read is a mistake of ours.
std::vector<Rule> CompileRules(const std::vector<RuleText>& texts, const std::string& of) {
  std::vector<Rule> rules;
  for (const RuleText& text : texts) {
    auto rule = Rule::Parse(text);
    if (!rule) {
      throw std::logic_error("holiday rule of " + of + " cannot be read: " + text.when);
    }
    rules.push_back(*std::move(rule));
  }
  return rules;
}

Compiled Compile() {
  auto sets = dto::Parse<Sets>(std::string_view(propolis_holidays_begin, propolis_holidays_end));
  if (!sets) {
    throw std::logic_error("holiday rules cannot be read: " + Describe(sets.error()));
  }
  std::ranges::sort(sets->countries, {}, &CountryText::code);
  Compiled compiled;
  for (const CountryText& text : sets->countries) {
    Country country{text.code, text.name, {}};
    compiled.rules.push_back(CompileRules(text.rules, text.code));
    auto& regions = compiled.regions.emplace_back();
    for (const RegionText& region : text.regions) {
      country.regions.push_back({region.code, region.name});
      regions.push_back({region.code, CompileRules(region.rules, text.code + "-" + region.code)});
    }
    compiled.countries.push_back(std::move(country));
  }
  return compiled;
}

const Compiled& All() {
  static const Compiled all = Compile();
  return all;
}

std::optional<std::size_t> FindCountry(std::string_view code) {
  const auto& countries = All().countries;
  const auto found = std::ranges::find(countries, code, &Country::code);
  return found == countries.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - countries.begin()));
}

const CompiledRegion* FindRegion(std::size_t country, std::string_view code) {
  const auto& regions = All().regions[country];
  const auto found = std::ranges::find(regions, code, &CompiledRegion::code);
  return found == regions.end() ? nullptr : &*found;
}

void InOrder(std::vector<DayOff>& days) {
  std::ranges::sort(days, {},
                    [](const DayOff& day) { return std::tuple(day.date, day.kind, std::string_view(day.name)); });
}

void AddYear(int year, std::size_t country, const CompiledRegion* region, std::vector<DayOff>& into) {
  for (const Rule& rule : All().rules[country]) {
    rule.Add(year, into);
  }
  if (region != nullptr) {
    for (const Rule& rule : region->rules) {
      rule.Add(year, into);
    }
  }
}

}  // namespace

const dto::Type& DayOff::Dto() {
  static const dto::Type type =
      dto::Object<DayOff>("PublicHoliday", "A day that a country or region keeps.")
          .Required("date", &DayOff::date, "YYYY-MM-DD.")
          .Required("name", &DayOff::name, "As the country calls it.")
          .Required("kind", &DayOff::kind, "public: work stops by law; optional: for some; observance: for nobody.")
          .Required("substitute", &DayOff::substitute, "Kept instead of, or besides, a day that falls badly.")
          .Done();
  return type;
}

const dto::Type& Region::Dto() {
  static const dto::Type type = dto::Object<Region>("HolidayRegion", "A region with days of its own.")
                                    .Required("code", &Region::code, "ISO 3166-2, without the country.")
                                    .Required("name", &Region::name, "")
                                    .Done();
  return type;
}

const dto::Type& Country::Dto() {
  static const dto::Type type = dto::Object<Country>("HolidayCountry", "A country whose holidays are known.")
                                    .Required("code", &Country::code, "ISO 3166-1.")
                                    .Required("name", &Country::name, "As the country calls itself.")
                                    .Required("regions", &Country::regions, "")
                                    .Done();
  return type;
}

const std::vector<Country>& Countries() { return All().countries; }

bool Knows(std::string_view country, std::string_view region) {
  const auto found = FindCountry(country);
  return found && (region.empty() || FindRegion(*found, region) != nullptr);
}

Result<std::vector<DayOff>> In(int year, std::string_view country, std::string_view region) {
  if (year < kFirstYear || year > kLastYear) {
    return FailField("year", "field.out_of_range",
                     {{"min", std::to_string(kFirstYear)}, {"max", std::to_string(kLastYear)}});
  }
  const auto found = FindCountry(country);
  if (!found) {
    return FailField("country", "holidays.unknown_country");
  }
  const CompiledRegion* own = region.empty() ? nullptr : FindRegion(*found, region);
  if (!region.empty() && own == nullptr) {
    return FailField("region", "holidays.unknown_region");
  }
  std::vector<DayOff> all;
  for (const int near : {year - 1, year, year + 1}) {  // a day may be moved over the turn of the year
    AddYear(near, *found, own, all);
  }
  std::erase_if(all, [&](const DayOff& day) {
    return std::chrono::year_month_day{day.date.day}.year() != std::chrono::year{year};
  });
  InOrder(all);
  return all;
}

std::shared_ptr<const std::vector<DayOff>> Always(const std::string& country, const std::string& region) {
  static Mutex mutex;
  static std::map<std::pair<std::string, std::string>, std::shared_ptr<const std::vector<DayOff>>> kept;
  const MutexLock lock(mutex);
  auto& days = kept[{country, region}];
  if (!days) {
    auto made = std::make_shared<std::vector<DayOff>>();
    const std::size_t found = FindCountry(country).value();
    for (int year = kFirstYear; year <= kLastYear; ++year) {
      AddYear(year, found, region.empty() ? nullptr : FindRegion(found, region), *made);
    }
    InOrder(*made);
    days = std::move(made);
  }
  return days;
}

}  // namespace propolis::holidays
