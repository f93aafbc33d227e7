// The cookie of a session, for every way to sign in.
#pragma once

#include <string>

#include "api/resource.h"
#include "auth/session.h"
#include "domain/people/me.h"

namespace propolis::api {

// The cookie's name. Under TLS it begins with __Host-: browsers then take it over TLS from this very host alone, for
// all of its paths (RFC 6265bis, section 4.1.3.2), so that no neighbour plants one.
std::string_view SessionCookie(const net::Request& request);

Result<people::Me> DescribeMe(Call& call, const auth::Actor& actor, const std::string& csrf);
// The answer that sets the cookie.
Result<net::Response> Started(Call& call, const auth::NewSession& session);
// The session that the new one replaces; "" when there is none.
std::string OldToken(const Call& call);

}  // namespace propolis::api
