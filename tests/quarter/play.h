// Plays the quarter on a store, from where an earlier process was killed.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace propolis::quarter {

struct Played {
  std::int64_t acts = 0;
  std::int64_t refused = 0;  // the ticket's state did not allow them
  std::int64_t restarts = 0;
};

// Each start after the first comes after some virtual hours without the desk.
Result<Played> Play(const std::string& folder, std::uint64_t seed, std::size_t tickets);

}  // namespace propolis::quarter
