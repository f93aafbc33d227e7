// Indicators: what a security desk looks for letter by letter. IP addresses, host and domain names, e-mail addresses
// and message ids, hashes, CVE and GHSA ids, ticket numbers. Found in texts also when defanged ("1.2.3[.]4",
// "hxxps://").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace propolis::search {

// In the form in which they are kept: lower case, IP addresses in canonical form, ticket numbers as "pr-12". Each once,
// at most 200 from the first 64 KiB.
std::vector<std::string> FindIndicators(std::string_view text);

// The indicator that a single word of a query is, in kept form.
std::optional<std::string> AsIndicator(std::string_view word);

}  // namespace propolis::search
