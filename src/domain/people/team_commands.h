#pragma once

#include "auth/actor.h"
#include "domain/people/team.h"
#include "store/store.h"

namespace propolis::people {

// Errors: field errors on name (taken), calendar_id, member_ids, technology_ids.
Result<Team> AddTeam(store::WriteTx& tx, const auth::Actor& actor, const NewTeam& request);
Result<Team> ChangeTeam(store::WriteTx& tx, const auth::Actor& actor, TeamId id, const TeamChange& change,
                        std::optional<std::int64_t> if_version);

}  // namespace propolis::people
