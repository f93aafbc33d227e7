// Base64 with padding (RFC 4648 section 4). For URLs see text::Base64UrlEncode.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace propolis::text {

std::string Base64Encode(std::string_view bytes);
std::optional<std::string> Base64Decode(std::string_view text);

}  // namespace propolis::text
