// Routes beside the API: health, metrics, and what is said of an unknown path.
#pragma once

#include "api/resource.h"

namespace propolis::api {

void AddSystemRoutes(net::Router& router, Desk& desk);
net::Response UnknownPath(const net::Request& request);

}  // namespace propolis::api
