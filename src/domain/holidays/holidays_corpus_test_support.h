// Reads the corpus of public holidays (sla/holidays.tsv) and compares the rule sets with it; shared by the tests and
// the score program. Only what is known is compared: rows of other countries and regions are left out.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "domain/holidays/holidays.h"

namespace propolis::holidays::corpus {

struct Compared {
  std::size_t total = 0;              // dates of the corpus
  std::vector<std::string> missing;   // dates that the rules do not give
  std::vector<std::string> invented;  // dates that the rules give and the corpus does not have
};

// Columns country, subdivision (COMMON: the whole country), date, name.
inline Compared Compare(const std::filesystem::path& file) {
  std::map<std::tuple<std::string, std::string, int>, std::set<std::string>> expected;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream columns(line);
    std::string country;
    std::string region;
    std::string date;
    std::getline(columns, country, '\t');
    std::getline(columns, region, '\t');
    std::getline(columns, date, '\t');
    region = region == "COMMON" ? "" : region;
    if (date.size() == 10 && Knows(country, region)) {
      expected[{country, region, std::stoi(date)}].insert(date);
    }
  }
  Compared compared;
  for (const auto& [set, dates] : expected) {
    const auto& [country, region, year] = set;
    const std::string name = country + (region.empty() ? "" : "-" + region) + " ";
    std::set<std::string> given;
    for (const DayOff& day : In(year, country, region).value()) {
      given.insert(day.date.ToString());
      if (!dates.contains(day.date.ToString())) {
        compared.invented.push_back(name + day.date.ToString() + " " + day.name);
      }
    }
    for (const auto& date : dates) {
      ++compared.total;
      if (!given.contains(date)) {
        compared.missing.push_back(name + date);
      }
    }
  }
  return compared;
}

}  // namespace propolis::holidays::corpus
