// Who works on the benchmark's desk and who writes to it.
#pragma once

#include <vector>

#include "app/demo/cast.h"
#include "auth/actor.h"
#include "store/store.h"

namespace propolis::bench {

struct Customer {
  OrganisationId organisation;
  auth::Actor contact;
};

struct People {
  demo::Cast cast;
  std::vector<auth::Actor> engineers;
  std::vector<Customer> customers;
  std::vector<std::string> products;  // paths in the technology tree
};

// The demo's desk, with more of everything: 40 engineers and 60 customers of five people each, served around the clock.
Result<People> MakePeople(store::WriteTx& tx, Time ends);

}  // namespace propolis::bench
