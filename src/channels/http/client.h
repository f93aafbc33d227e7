// The one way in which the desk calls URLs that people give it. The address is judged after its name was resolved, for
// the connection that is really made; there are no redirects, no proxies, no cookies; time and size are bounded.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "channels/http/guard.h"

namespace propolis::http {

struct Call {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

constexpr long kConnectMillis = 5'000;
constexpr long kLongestMillis = 10'000;
constexpr std::size_t kLargestAnswer = 64 * 1024;

struct Answer {
  int status = 0;
  std::string body;
};

// Errors: kForbidden "http.refused_address"; kUnavailable "http.failed" with the reason, which names neither URL nor
// headers.
Result<Answer> Ask(const Call& call, const Allowed& allowed);
// The status alone.
Result<int> Send(const Call& call, const Allowed& allowed);

}  // namespace propolis::http
