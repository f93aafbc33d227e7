// The head of a response on the wire, and byte ranges. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "net/http.h"

namespace propolis::net {

struct HeadOptions {
  std::optional<std::uint64_t> content_length;  // none: no field (204, 304, streams)
  bool keep_alive = true;
  bool say_keep_alive = false;  // to a HTTP/1.0 client
  bool hsts = false;
  std::string_view date;
  std::string_view request_id;
};
// Fields with a CR, LF or NUL inside are left out: nobody splits our responses.
void AppendHead(std::string& out, const Response& response, const HeadOptions& options);

// RFC 9110 section 14.1.2, one range only. nullopt: no range, several, or not understood (answer 200). A length of 0:
// not satisfiable (answer 416).
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};
std::optional<ByteRange> ParseRange(std::string_view field, std::uint64_t size);

}  // namespace propolis::net
