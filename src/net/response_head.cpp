#include "net/response_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/number.h"
#include "base/text.h"

namespace propolis::net {
namespace {

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  static constexpr std::string_view kForbidden("\r\n\0", 3);
  if (name.find_first_of(kForbidden) == std::string_view::npos &&
      value.find_first_of(kForbidden) == std::string_view::npos) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
}

// What an answer says to browsers that says nothing else: take it for what it is called, run and frame none of it, show
// it to no other site. Pages, downloads and images bring policies of their own.
constexpr std::array kToBrowsers = {
    std::pair{std::string_view("X-Content-Type-Options"), std::string_view("nosniff")},
    std::pair{std::string_view("Content-Security-Policy"),
              std::string_view("default-src 'none'; base-uri 'none'; frame-ancestors 'none'")},
    std::pair{std::string_view("Referrer-Policy"), std::string_view("no-referrer")},
    std::pair{std::string_view("Cross-Origin-Resource-Policy"), std::string_view("same-origin")},
};

}  // namespace

void AppendHead(std::string& out, const Response& response, const HeadOptions& options) {
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status, ReasonPhrase(response.status));
  out.append("Date: ").append(options.date).append("\r\n");
  for (std::size_t i = 0; i < response.headers.Size(); ++i) {
    const auto [name, value] = response.headers.At(i);
    AppendField(out, name, value);
  }
  // The fields of a 304 replace those of the page that the browser keeps (RFC 9111 section 3.2).
  if (response.status != 304) {
    for (const auto& [name, value] : kToBrowsers) {
      if (response.headers.Count(name) == 0) {
        AppendField(out, name, value);
      }
    }
  }
  if (options.hsts) {
    out.append("Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n");
  }
  if (options.content_length) {
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", *options.content_length);
  }
  if (!options.request_id.empty()) {
    out.append("X-Request-Id: ").append(options.request_id).append("\r\n");
  }
  if (!options.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (options.say_keep_alive) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

std::optional<ByteRange> ParseRange(std::string_view field, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (text::AsciiLower(field.substr(0, kUnit.size())) != kUnit) {
    return std::nullopt;
  }
  const auto spec = text::Trim(field.substr(kUnit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.contains(',')) {
    return std::nullopt;
  }
  const auto last = text::ParseNumber<std::uint64_t>(spec.substr(dash + 1));
  if (dash == 0) {  // the last n bytes
    if (!last) {
      return std::nullopt;
    }
    const auto length = std::min(*last, size);
    return ByteRange{size - length, length};
  }
  const auto first = text::ParseNumber<std::uint64_t>(spec.substr(0, dash));
  if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first)) {
    return std::nullopt;
  }
  if (*first >= size) {
    return ByteRange{0, 0};
  }
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return ByteRange{*first, end - *first + 1};
}

}  // namespace propolis::net
