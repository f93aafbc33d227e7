#pragma once

#include "auth/actor.h"
#include "domain/people/technology.h"
#include "store/store.h"

namespace propolis::people {

// Errors: field errors on parent_id, level (not below its parent's) and name (taken among its sisters).
Result<Technology> AddTechnology(store::WriteTx& tx, const auth::Actor& actor, const NewTechnology& request);
// A new name moves the paths of everything below it.
Result<Technology> ChangeTechnology(store::WriteTx& tx, const auth::Actor& actor, TechnologyId id,
                                    const TechnologyChange& change, std::optional<std::int64_t> if_version);

}  // namespace propolis::people
