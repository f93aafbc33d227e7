// A store as a desk leaves it after two years: people, customers, tickets with their entries, clocks, search index,
// facts, and the last days' events.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace propolis::bench {

// The number of this generator: what it made before under another number is made again.
constexpr int kFillVersion = 3;

// Fills the folder, which must be empty. The oldest tickets and all open ones (one in a hundred) are played through the
// commands that people use; the rest repeat the rows of the oldest at later times, under new numbers, with other words.
Status Fill(const std::string& folder, std::int64_t tickets);

}  // namespace propolis::bench
