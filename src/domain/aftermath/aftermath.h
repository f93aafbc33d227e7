// What follows from a ticket's change once it is committed: promises are settled, the survey goes out, the facts that
// reports count are brought up to date. For the follower "aftermath" of the event table, inside its transaction.
#pragma once

#include "jobs/follower.h"
#include "store/store.h"

namespace propolis::aftermath {

// May see an event twice.
Status Follow(store::WriteTx& tx, jobs::EventBatch events);

}  // namespace propolis::aftermath
