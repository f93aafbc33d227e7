#pragma once

#include "auth/actor.h"
#include "domain/escalation/policy.h"
#include "store/store.h"

namespace propolis::escalation {

// All, by name, with who would be called at `now`.
Result<std::vector<DeskPolicy>> ListPolicies(store::ReadTx& tx, const auth::Actor& actor, Time now);
// Error: kNotFound.
Result<DeskPolicy> GetPolicy(store::ReadTx& tx, const auth::Actor& actor, EscalationId id, Time now);

// Every policy in the rules' own form, to be unfolded.
Policies StoredPolicies(store::ReadTx& tx);
// Of a team, else the desk's default; nullopt: there is none.
std::optional<EscalationId> PolicyFor(store::ReadTx& tx, const std::optional<TeamId>& team);

}  // namespace propolis::escalation
