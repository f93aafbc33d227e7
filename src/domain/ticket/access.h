// Which tickets a customer sees: one rule for the portal, files, pictures, live updates and the search.
#pragma once

#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// Staff see every ticket. A customer sees those of her own organisation that are no spam: an approver all of them,
// others those in which they take part (as requester, contact, or in copy).
bool MaySee(store::ReadTx& tx, const auth::Actor& actor, const Ticket& ticket);

// For lists that apply the rule in SQL: finds the address in ticket_detail.cc, by LIKE with the escape '!'.
std::string InCopyPattern(std::string_view email);

}  // namespace propolis::ticket
