// Public holidays by rule sets: which days a country, and a region of it, keeps in a year. The rules come with the
// program, in rules.json: how they are written stands in rule.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/dto.h"
#include "base/result.h"
#include "domain/sla/calendar.h"

namespace propolis::holidays {

enum class Kind {
  kPublic,     // work stops by law
  kOptional,   // banks, offices of the state, people of one faith, or those whom an employer lets go
  kObservance  // has a name, and everybody works
};

struct DayOff {
  sla::Date date;
  std::string name;  // as the country calls it
  Kind kind = Kind::kPublic;
  bool substitute = false;  // kept instead of, or besides, a day that falls badly
  static const dto::Type& Dto();
};

struct Region {
  std::string code;  // ISO 3166-2 without the country
  std::string name;
  static const dto::Type& Dto();
};

struct Country {
  std::string code;  // ISO 3166-1 alpha-2
  std::string name;
  std::vector<Region> regions;  // those with days of their own
  static const dto::Type& Dto();
};

// The years that rule sets answer for.
constexpr int kFirstYear = 2000;
constexpr int kLastYear = 2100;

// Every rule set, by code.
const std::vector<Country>& Countries();
// An empty region: the days that the whole country keeps.
bool Knows(std::string_view country, std::string_view region);

// The days of one year, in order; a date may come twice under two names. A region keeps its country's days and its own.
// Errors: field errors on country, region (unknown) and year (out of range).
Result<std::vector<DayOff>> In(int year, std::string_view country, std::string_view region);

// The days of all years, in order; made once and kept. Requires Knows(country, region).
std::shared_ptr<const std::vector<DayOff>> Always(const std::string& country, const std::string& region);

}  // namespace propolis::holidays

template <>
struct propolis::Names<propolis::holidays::Kind> {
  static constexpr std::array kTable = {
      std::pair{propolis::holidays::Kind::kPublic, std::string_view("public")},
      std::pair{propolis::holidays::Kind::kOptional, std::string_view("optional")},
      std::pair{propolis::holidays::Kind::kObservance, std::string_view("observance")}};
};
