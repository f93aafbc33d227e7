// Runs the corpus of recurrence rules (sla/rrule_*.txt: blocks of RRULE, DTSTART, INSTANCES); shared by the tests and
// the score program. What another program says that it cannot do is left out.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "domain/recurrence/recurrence.h"

namespace propolis::recurrence::corpus {

struct Outcome {
  std::string id;
  std::string expected;
  std::string got;
};

// As the start was written: a date, or a date and a time.
inline std::string Show(Reading at, std::string_view like) {
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

inline std::string Given(const std::string& rule, const std::string& start) {
  constexpr std::size_t kMost = 1000;
  const auto parsed = ParseRule(rule);
  const auto begin = ParseReading(start);
  if (!parsed || !begin) {
    return "cannot be read";
  }
  std::string all;
  for (const Reading at : Occurrences(*parsed, *begin, *begin, kMost)) {
    all += (all.empty() ? "" : ",") + Show(at, start);
  }
  return all;
}

inline std::vector<Outcome> Run(const std::filesystem::path& file) {
  std::vector<Outcome> outcomes;
  std::ifstream in(file);
  std::string rule;
  std::string start;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("RRULE:")) {
      rule = line.substr(6);
    } else if (line.starts_with("DTSTART:")) {
      start = line.substr(8);
    } else if (line.starts_with("INSTANCES:") && !line.contains("***")) {
      outcomes.push_back({rule + " from " + start, line.substr(10), Given(rule, start)});
    }
  }
  return outcomes;
}

}  // namespace propolis::recurrence::corpus
