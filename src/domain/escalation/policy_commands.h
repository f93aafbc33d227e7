#pragma once

#include "auth/actor.h"
#include "domain/escalation/policy.h"
#include "store/store.h"

namespace propolis::escalation {

// Errors: field errors on name (taken), steps, their targets (unknown), next_id (unknown, a circle, too long).
Result<DeskPolicy> AddPolicy(store::WriteTx& tx, const auth::Actor& actor, const NewPolicy& request);
// Pages that are under way go on as they were planned.
Result<DeskPolicy> ChangePolicy(store::WriteTx& tx, const auth::Actor& actor, EscalationId id,
                                const PolicyChange& change, std::optional<std::int64_t> if_version);
// Error: kConflict while a team or another policy names it.
Status DeletePolicy(store::WriteTx& tx, const auth::Actor& actor, EscalationId id);

}  // namespace propolis::escalation
