// What a request's head must satisfy before anything is done with it: the rules against smuggling and confusion. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "net/http.h"

namespace propolis::net {

// RFC 9112 sections 3.2 (Host), 5.2 (folding), 6.1 and 6.3 (length); RFC 9110 section 10.1.1 (Expect). `raw` is the
// head as it came.
std::optional<ProtocolError> CheckHead(const Headers& headers, int version, std::string_view raw);

// True when the bytes hold a folded header line.
bool HasFold(std::string_view raw);

// `value` of a Content-Type against the types a route takes.
bool AcceptsType(const std::vector<std::string>& accepts, std::string_view type);

}  // namespace propolis::net
