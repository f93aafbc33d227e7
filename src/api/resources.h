// Every resource of the API, one file each; AddResources() (resources.cpp) calls them all.
#pragma once

namespace propolis::api {

class Api;

void AddApprovals(Api& api);
void AddPromises(Api& api);
void AddTriage(Api& api);

}  // namespace propolis::api
