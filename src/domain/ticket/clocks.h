// The clocks of one ticket: computed from its entries, kept as a summary for lists and reports.
#pragma once

#include "domain/sla/clocks.h"
#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// Evaluates the ticket's clocks as of `now` from its entries. `explain` fills the traces.
Result<std::vector<sla::TicketClock>> ClocksOf(store::ReadTx& tx, std::int64_t number, Time now, bool explain);

// The same where the detail is at hand.
Result<std::vector<sla::TicketClock>> ClocksOf(store::ReadTx& tx, std::int64_t number, const Detail& detail, Time now,
                                               bool explain);

// Folds the ticket's entries into its clocks as of tx.Now(), writes the `clock` rows, and sets the row's nearest
// deadline and the moment at which a clock next has something to do.
Status RecomputeClocks(store::WriteTx& tx, Ticket& ticket, Detail& detail);

// Where only time went by: the same for the clocks as of tx.Now(), written to the ticket as well.
void KeepClocks(store::WriteTx& tx, Ticket& ticket, Detail& detail, const std::vector<sla::TicketClock>& clocks);

}  // namespace propolis::ticket
