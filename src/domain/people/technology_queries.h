#pragma once

#include "auth/actor.h"
#include "domain/people/technology.h"
#include "store/store.h"

namespace propolis::people {

// The whole tree, in the order of its paths. For staff and customers alike: it holds nothing of an organisation's.
Result<std::vector<Technology>> Technologies(store::ReadTx& tx, const auth::Actor& actor);
Result<Technology> GetTechnology(store::ReadTx& tx, const auth::Actor& actor, TechnologyId id);

}  // namespace propolis::people
