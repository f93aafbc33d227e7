// Giving a ticket to a team and a person.
#pragma once

#include "domain/routing/ranking.h"
#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// Ranks the staff and gives the ticket to who comes first. A team that is set already stays.
routing::Routing Route(store::WriteTx& tx, Ticket& ticket);
// Writes the routing entry of that.
void AppendRouting(Edit& edit, const auth::Actor& author, std::optional<routing::Gap> gap);

// By a person's word. Error: kInvalid when the person or team is unknown or inactive.
Status AssignTo(Edit& edit, const std::optional<StaffId>& staff);
Status GiveToTeam(Edit& edit, const std::optional<TeamId>& team);

}  // namespace propolis::ticket
