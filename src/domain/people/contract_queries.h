#pragma once

#include "auth/actor.h"
#include "domain/people/contract.h"
#include "store/store.h"

namespace propolis::people {

// All contracts of an organisation, the newest first. Error: kNotFound.
Result<std::vector<Contract>> Contracts(store::ReadTx& tx, const auth::Actor& actor, OrganisationId organisation);

// The contract of the organisation that is in force at `at`; the latest to start when several are. nullopt: none.
std::optional<Contract> ContractInForce(store::ReadTx& tx, OrganisationId organisation, Time at);

// The terms for a request that comes at `at` by `channel`: of the contract in force that has the channel, or the desk's
// default policy and calendar. Error: kInternal when the desk has no defaults (it was never initialised).
Result<Terms> ContractFor(store::ReadTx& tx, const std::optional<OrganisationId>& organisation, Channel channel,
                          Time at);

}  // namespace propolis::people
