// What only time brings about on tickets. Each answers how many tickets it changed, at most `limit`.
#pragma once

#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// Scheduled tickets whose time has come are open again.
Result<int> WakeScheduled(store::WriteTx& tx, int limit);
// Resolved tickets whose grace window has passed are closed for good.
Result<int> CloseResolved(store::WriteTx& tx, int limit);

}  // namespace propolis::ticket
