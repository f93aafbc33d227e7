// One rule of a rule set: when a holiday falls in a year.
//
//   when      "05-01"            that day of the year
//             "2022-09-19"       that date only
//             "easter-2"         days from Easter Sunday (Gregorian)
//             "mon 3 01"         the third Monday of January; "mon -1 05": the last one of May
//             "tue>=11-02"       the first Tuesday on or after a day
//             "hebrew 01-15"     a day of the Hebrew calendar, months from Nisan
//             "islamic 10-01"    a day of the Islamic calendar (Umm al-Qura)
//             "june solstice"    the day of the June solstice in Chile's standard time (UTC-4)
//   on        "mon fri"          counts only when it falls on one of these
//   move      "tue-1 sun+1"      kept so many days earlier or later when it falls on that weekday
//   observe   "sat-1 sun+1"      as move, but the day itself is kept too
//   from, until, every           years: first, last, each so many from the first
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/holidays/holidays.h"

namespace propolis::holidays {

// As it stands in the data.
struct RuleText {
  std::string name;
  std::string when;
  Kind kind = Kind::kPublic;
  std::optional<std::string> on;
  std::optional<std::string> move;
  std::optional<std::string> observe;
  std::optional<int> from;
  std::optional<int> until;
  std::optional<int> every;
  static const dto::Type& Dto();
};

class Rule {
 public:
  // nullopt: `when` or a list of weekdays cannot be read.
  static std::optional<Rule> Parse(const RuleText& text);

  // Adds what the rule gives for a year; a moved day may lie in the year before or after.
  void Add(int year, std::vector<DayOff>& into) const;

 private:
  using Day = std::chrono::local_days;
  // Appends the days of a year before they are moved.
  using When = std::function<void(int year, std::vector<Day>& into)>;
  // Days to move by, by weekday (std::chrono's numbering).
  using Moves = std::array<int, 7>;

  static When ParseWhen(const std::string& text);
  static When ParseWords(const std::vector<std::string_view>& words);
  static std::optional<Moves> ParseMoves(const std::string& text);

  RuleText text_;
  When when_;
  std::optional<std::array<bool, 7>> on_;
  Moves move_{};
  Moves observe_{};
};

// Easter Sunday of the Gregorian calendar. Meeus, Astronomical Algorithms, 2nd ed., chapter 8.
std::chrono::local_days Easter(int year);

}  // namespace propolis::holidays
