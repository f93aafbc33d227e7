// Links to calendars of turns on call: one for a rota (everybody in it), one for a person (her turns in every rota).
// A link is a secret: the store keeps its SHA-256, and a new one or its end makes the old one worthless at once.
#pragma once

#include <string>
#include <string_view>

#include "auth/actor.h"
#include "domain/oncall/desk_rota.h"
#include "store/store.h"

namespace propolis::oncall {

// The secret of a new link. Errors: kForbidden, kNotFound.
Result<std::string> MakeRotaFeed(store::WriteTx& tx, const auth::Actor& actor, RotaId id);
Status EndRotaFeed(store::WriteTx& tx, const auth::Actor& actor, RotaId id);
// The actor's own.
Result<std::string> MakeOwnFeed(store::WriteTx& tx, const auth::Actor& actor);
Status EndOwnFeed(store::WriteTx& tx, const auth::Actor& actor);

// The calendar file behind a link: a month back and three to come. Error: kNotFound, also for the link of a person who
// has left the desk.
Result<std::string> ReadFeed(store::ReadTx& tx, std::string_view secret, Time now);

}  // namespace propolis::oncall
