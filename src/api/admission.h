// Who may send a file at all, asked before the file is taken in.
#pragma once

#include <optional>

#include "net/http.h"

namespace propolis::api {

struct Desk;

// The problem for who has not signed in (or lacks the token against other sites): a stranger shall not fill the disk.
// Whether she may add this file to that ticket is decided when it has come.
std::optional<net::Response> RefuseUnread(Desk& desk, net::Request& request);

}  // namespace propolis::api
