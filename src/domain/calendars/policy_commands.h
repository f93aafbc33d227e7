#pragma once

#include "auth/actor.h"
#include "domain/calendars/policy.h"
#include "store/store.h"

namespace propolis::calendars {

// As long as the transaction.
CalendarExists ExistingIn(store::ReadTx& tx);

// Errors: field errors on name (taken), targets, pauses and steps.
Result<Policy> AddPolicy(store::WriteTx& tx, const auth::Actor& actor, const NewPolicy& request);
// Makes the next version.
Result<Policy> ChangePolicy(store::WriteTx& tx, const auth::Actor& actor, PolicyId id, const PolicyChange& change,
                            std::optional<std::int64_t> if_version);

// All, by name.
Result<std::vector<Policy>> Policies(store::ReadTx& tx, const auth::Actor& actor);
// Error: kNotFound.
Result<Policy> GetPolicy(store::ReadTx& tx, const auth::Actor& actor, PolicyId id);

}  // namespace propolis::calendars
