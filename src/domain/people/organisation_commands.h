#pragma once

#include "auth/actor.h"
#include "domain/people/organisation.h"
#include "store/store.h"

namespace propolis::people {

// Errors: field errors on name and domains (taken), domains (not a domain), technology_ids.
Result<Organisation> AddOrganisation(store::WriteTx& tx, const auth::Actor& actor, const NewOrganisation& request);
Result<Organisation> ChangeOrganisation(store::WriteTx& tx, const auth::Actor& actor, OrganisationId id,
                                        const OrganisationChange& change, std::optional<std::int64_t> if_version);

}  // namespace propolis::people
