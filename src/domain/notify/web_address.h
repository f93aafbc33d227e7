// Addresses on the web that people give the desk to call.
#pragma once

#include <string>
#include <string_view>

namespace propolis::notify {

// "https://host/..." or "http://host/...": ASCII without blanks and control characters, a host, and no user in it.
// Whether the desk may call it is decided when its name has been resolved (channels/http/client.h). Pure.
bool IsWebAddress(std::string_view url);
// "https://host": what may be shown of an address whose path may be a secret.
std::string OriginOf(std::string_view url);

}  // namespace propolis::notify
