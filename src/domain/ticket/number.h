// Ticket numbers for people: "PR-12345-K". The last letter is a check character: number mod 23 in the alphabet of the
// Spanish identity card, which detects every single wrong digit and every swap of neighbours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace propolis::ticket {

std::string FormatNumber(std::int64_t number);
// Accepts "PR-12345-K" in any case, with blanks around it; also "12345" and "PR-12345". A wrong check character is
// refused.
std::optional<std::int64_t> ParseNumber(std::string_view text);

}  // namespace propolis::ticket
