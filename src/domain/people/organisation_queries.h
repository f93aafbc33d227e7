#pragma once

#include "auth/actor.h"
#include "domain/page.h"
#include "domain/people/organisation.h"
#include "store/store.h"

namespace propolis::people {

// By name. `text` finds it anywhere in the name, without case and accents; empty for all.
Result<Page<Organisation>> Organisations(store::ReadTx& tx, const auth::Actor& actor, std::string_view text,
                                         const PageRequest& page, Time now);
// Error: kNotFound.
Result<Organisation> GetOrganisation(store::ReadTx& tx, const auth::Actor& actor, OrganisationId id, Time now);

}  // namespace propolis::people
