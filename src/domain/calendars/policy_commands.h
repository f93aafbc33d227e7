#pragma once

#include "auth/actor.h"
#include "domain/calendars/policy.h"
#include "store/store.h"

namespace propolis::calendars {

// Errors: field errors on name (taken), targets, pauses and steps.
Result<Policy> AddPolicy(store::WriteTx& tx, const auth::Actor& actor, const NewPolicy& request);
// Makes the next version.
Result<Policy> ChangePolicy(store::WriteTx& tx, const auth::Actor& actor, PolicyId id, const PolicyChange& change,
                            std::optional<std::int64_t> if_version);
// Makes the next version of each policy that has targets in this calendar, whose version is now `version`: new tickets
// follow it, and those that are there keep what they were given.
void FollowCalendar(store::WriteTx& tx, const auth::Actor& actor, CalendarId calendar, std::int64_t version);

// All, by name.
Result<std::vector<Policy>> Policies(store::ReadTx& tx, const auth::Actor& actor);
// Error: kNotFound.
Result<Policy> GetPolicy(store::ReadTx& tx, const auth::Actor& actor, PolicyId id);

}  // namespace propolis::calendars
