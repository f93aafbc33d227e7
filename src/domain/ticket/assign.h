// Giving a ticket to a team and a person.
#pragma once

#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// Ranks the staff, keeps the ranking on the ticket, gives it to who comes first, and writes the routing entry. A team
// that is set already stays.
void RouteTicket(Edit& edit);

// By a person's word. Error: kInvalid when the person or team is unknown or inactive.
Status AssignTo(Edit& edit, const std::optional<StaffId>& staff);
Status GiveToTeam(Edit& edit, const std::optional<TeamId>& team);

}  // namespace propolis::ticket
