#include "net/head_check.h"

#include <algorithm>

#include "base/text.h"

namespace propolis::net {
namespace {

// A host with an optional port (RFC 3986 section 3.2.2), by its characters.
bool IsHost(std::string_view host) {
  return host.size() <= 255 && std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view("-._~:[]").contains(c);
         });
}

bool IsNumber(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

ProtocolError Bad(std::string why) { return ProtocolError{400, "http.bad_request", {{"why", std::move(why)}}}; }

}  // namespace

bool HasFold(std::string_view raw) {
  for (auto at = raw.find('\n'); at != std::string_view::npos && at + 1 < raw.size(); at = raw.find('\n', at + 1)) {
    if (raw[at + 1] == ' ' || raw[at + 1] == '\t') {
      return true;
    }
  }
  return false;
}

std::optional<ProtocolError> CheckHead(const Headers& headers, int version, std::string_view raw) {
  if (HasFold(raw)) {
    return Bad("folded header");
  }
  const auto hosts = headers.All("Host");
  if (hosts.size() > 1 || (hosts.empty() && version >= 11)) {
    return Bad("Host");
  }
  if (!hosts.empty() && !IsHost(hosts.front())) {
    return Bad("Host");
  }
  const auto codings = headers.All("Transfer-Encoding");
  const auto lengths = headers.Count("Content-Length");
  if (lengths > 1 || (lengths == 1 && (!codings.empty() || !IsNumber(*headers.Find("Content-Length"))))) {
    return Bad("Content-Length");  // Beast would take "3, 3"
  }
  if (!codings.empty()) {
    if (version < 11 || codings.size() > 1) {
      return Bad("Transfer-Encoding");
    }
    if (text::AsciiLower(codings.front()) != "chunked") {
      return ProtocolError{501, "http.not_implemented", {}};
    }
  }
  if (const auto expect = headers.Find("Expect"); expect && text::AsciiLower(*expect) != "100-continue") {
    return ProtocolError{417, "http.expectation_failed", {}};
  }
  return std::nullopt;
}

bool AcceptsType(const std::vector<std::string>& accepts, std::string_view type) {
  return accepts.empty() || std::find(accepts.begin(), accepts.end(), type) != accepts.end();
}

}  // namespace propolis::net
