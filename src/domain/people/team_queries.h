#pragma once

#include "auth/actor.h"
#include "domain/people/team.h"
#include "store/store.h"

namespace propolis::people {

// All, by name.
Result<std::vector<Team>> Teams(store::ReadTx& tx, const auth::Actor& actor);
Result<Team> GetTeam(store::ReadTx& tx, const auth::Actor& actor, TeamId id);

}  // namespace propolis::people
