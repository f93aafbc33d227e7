// Audit leaves in an actor's name.
#pragma once

#include "audit/audit.h"
#include "auth/actor.h"

namespace propolis::auth {

inline void Record(store::WriteTx& tx, const Actor& actor, std::string act, std::string subject = "",
                   std::string details = "{}", std::int64_t ticket = 0) {
  audit::Record(tx, {.actor_kind = std::string(NameOf(actor.kind)),
                     .actor = actor.person,
                     .actor_name = actor.name,
                     .act = std::move(act),
                     .outcome = audit::Outcome::kDone,
                     .ticket = ticket,
                     .subject = std::move(subject),
                     .details = std::move(details)});
}

}  // namespace propolis::auth
