#include "domain/ticket/access.h"

#include <algorithm>

#include "base/text.h"

namespace propolis::ticket {

bool MaySee(store::ReadTx& tx, const auth::Actor& actor, const Ticket& ticket) {
  if (!actor.Is(auth::ActorKind::kCustomer)) {
    return true;
  }
  if (!ticket.organisation || ticket.organisation != actor.organisation || ticket.state == TicketState::kSpam) {
    return false;
  }
  if (actor.roles.contains(auth::Role::kCustomerApprover) || ticket.contact == actor.contact()) {
    return true;
  }
  const std::string email = text::AsciiLower(actor.email);
  const auto cc = LoadDetail(tx, ticket.number).cc;
  return ticket.requester_email == email || std::ranges::find(cc, email) != cc.end();
}

std::string InCopyPattern(std::string_view email) {
  std::string pattern = "%\"";
  for (const char c : text::AsciiLower(email)) {
    if (c == '%' || c == '_' || c == '!') {
      pattern += '!';
    }
    pattern += c;
  }
  return pattern + "\"%";
}

}  // namespace propolis::ticket
