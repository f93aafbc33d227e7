#pragma once

#include "auth/actor.h"
#include "domain/people/contract.h"
#include "store/store.h"

namespace propolis::people {

// Errors: kNotFound (organisation, contract); field errors on policy_id, calendar_id, starts_on, ends_on.
Result<Contract> AddContract(store::WriteTx& tx, const auth::Actor& actor, OrganisationId organisation,
                             const NewContract& request);
// Tickets that are open keep the terms under which they came.
Result<Contract> ChangeContract(store::WriteTx& tx, const auth::Actor& actor, ContractId id,
                                const ContractChange& change, std::optional<std::int64_t> if_version);

}  // namespace propolis::people
