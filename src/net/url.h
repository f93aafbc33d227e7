// Request targets (RFC 9112 section 3.2, RFC 3986), decoded strictly: what is doubtful is refused, never repaired, so
// that no two readers of one request can see two different paths.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace propolis::net {

struct Target {
  std::vector<std::string>
      segments;      // decoded; a slash at the end gives an empty last one; "/" gives one empty segment
  std::string path;  // decoded
  Pairs query;
};

inline constexpr std::size_t kMaxSegments = 32;
inline constexpr std::size_t kMaxQueryPairs = 200;

// Takes the origin form ("/a/b?c=d") and the absolute form ("http://host/a"). Fails with kInvalid "http.bad_target" on:
// a bad percent escape, "." or ".." or empty segments in the middle (escaped or not), an escaped slash, backslash or
// NUL, control characters, bytes outside of ASCII, a fragment, invalid UTF-8, too many segments or pairs.
Result<Target> ParseTarget(std::string_view target);
// "a=1&b=x+y%20z" (application/x-www-form-urlencoded). The same strictness.
Result<Pairs> ParseForm(std::string_view text);
// %XX only. nullopt on a bad escape.
std::optional<std::string> PercentDecode(std::string_view text);
// Everything but unreserved characters (RFC 3986 section 2.3) escaped.
std::string PercentEncode(std::string_view text);

}  // namespace propolis::net
