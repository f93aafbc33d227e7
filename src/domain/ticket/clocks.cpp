#include "domain/ticket/clocks.h"

namespace propolis::ticket {

void RecomputeClocks(store::WriteTx&, Ticket& ticket, const Detail& detail) {
  if (!detail.policy) {
    ticket.due_at.reset();
    ticket.due_clock.reset();
    ticket.due_state.reset();
    ticket.due_left.reset();
  }
}

}  // namespace propolis::ticket
