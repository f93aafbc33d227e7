// The cookie of a session, for every way to sign in.
#pragma once

#include <string>

#include "api/resource.h"
#include "auth/session.h"
#include "domain/people/me.h"

namespace propolis::api {

inline constexpr std::string_view kSessionCookie = "propolis_session";

Result<people::Me> DescribeMe(Call& call, const auth::Actor& actor, const std::string& csrf);
// The answer that sets the cookie.
Result<net::Response> Started(Call& call, const auth::NewSession& session);
// The session that the new one replaces; "" when there is none.
std::string OldToken(const Call& call);

}  // namespace propolis::api
