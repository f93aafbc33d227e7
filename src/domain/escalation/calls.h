// Who answers to the targets of a step.
#pragma once

#include <string>
#include <vector>

#include "domain/escalation/policy.h"
#include "store/store.h"

namespace propolis::escalation {

// What a target is called; nullopt: there is no such person, rota or team (any more).
std::optional<std::string> NameOfTarget(store::ReadTx& tx, const Target& target);
// The people behind a target at an instant; inactive ones are nobody.
std::vector<Ref> PeopleOf(store::ReadTx& tx, const Target& target, Time at);
// Of all targets, each person once.
std::vector<Ref> PeopleOf(store::ReadTx& tx, const std::vector<Target>& targets, Time at);

}  // namespace propolis::escalation
