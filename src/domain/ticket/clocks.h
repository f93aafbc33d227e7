// The clocks of one ticket: computed from its entries, kept as a summary for lists and reports.
#pragma once

#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// Folds the ticket's entries into its clocks as of tx.Now(), writes the `clock` rows, and sets the row's nearest
// deadline.
void RecomputeClocks(store::WriteTx& tx, Ticket& ticket, const Detail& detail);

}  // namespace propolis::ticket
