// The state machine of a ticket (docs/domain.md, "Ticket states"). Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/vocabulary.h"

namespace propolis::ticket {

// Where a ticket in this state may go by a person's command. Approval and merge have commands of their own, but their
// moves are checked here too.
std::vector<TicketState> LegalMoves(TicketState from);
bool IsLegal(TicketState from, TicketState to);
// kConflict with the arguments `from`, `to` and `legal` when the move is not allowed.
Status CheckMove(TicketState from, TicketState to);

// What a customer's message does to the state: waiting and (within the grace window) resolved tickets open again;
// nullopt when the ticket is at an end and the message must open a follow-up.
std::optional<TicketState> AfterCustomerMessage(TicketState from, bool within_grace);

// The step of five that people are shown: 1 registered, 2 triaged, 3 investigating, 4 approval, 5 done.
int StepOf(TicketState state);

}  // namespace propolis::ticket
