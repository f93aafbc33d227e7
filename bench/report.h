// The benchmark's tables and bench/latest.json.
#pragma once

#include <string>
#include <vector>

#include "load.h"

namespace propolis::bench {

// One case, with what was measured in each round beside its ceiling.
struct Case {
  std::string name;
  std::int64_t tickets = 0;
  int clients = 0;
  std::vector<Measured> desk = {};
  std::vector<Measured> ceiling_runs = {};
  std::string ceiling = {};  // what it is, in a few words
  double rss_mb = 0;
};

// The median of each figure over the rounds.
Measured Typical(const std::vector<Measured>& rounds);

void PrintTable(const std::vector<Case>& cases);
std::string ToJson(const std::vector<Case>& cases);

}  // namespace propolis::bench
