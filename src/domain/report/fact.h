// The one narrow row of a ticket that reports count, so that no report ever reads clocks or entries.
#pragma once

#include "base/result.h"
#include "store/store.h"

namespace propolis::report {

// Brings the row of one ticket up to date. Idempotent.
void KeepFact(store::WriteTx& tx, std::int64_t number);
// All rows anew, in many small transactions; answers how many.
Result<std::int64_t> RebuildFacts(store::Store& store, const store::Progress& progress);

}  // namespace propolis::report
