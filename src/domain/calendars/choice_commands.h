// The rules that choose a policy, as they are read, changed and asked.
#pragma once

#include <memory>

#include "auth/actor.h"
#include "domain/calendars/choice.h"
#include "store/store.h"

namespace propolis::calendars {

// Version 0 without rules on a desk that never wrote any.
Result<Choice> GetChoice(store::ReadTx& tx, const auth::Actor& actor);
// Makes the next version. It holds for tickets that come or change from now on. Errors: kStaleVersion; field errors
// that name the rule (choice.h, and ids that there are none of).
Result<Choice> PutChoice(store::WriteTx& tx, const auth::Actor& actor, Choice choice,
                         std::optional<std::int64_t> if_version);

// The rules in force, made ready once and kept.
std::shared_ptr<const Chooser> CurrentChooser(store::ReadTx& tx);

// A technology and those above it, from the lowest.
std::vector<TechnologyId> Lineage(store::ReadTx& tx, TechnologyId id);

}  // namespace propolis::calendars
