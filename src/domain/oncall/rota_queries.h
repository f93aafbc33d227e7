#pragma once

#include "auth/actor.h"
#include "domain/oncall/desk_rota.h"
#include "store/store.h"

namespace propolis::oncall {

// All, by name.
Result<std::vector<DeskRota>> Rotas(store::ReadTx& tx, const auth::Actor& actor, Time now);
// Error: kNotFound.
Result<DeskRota> GetRota(store::ReadTx& tx, const auth::Actor& actor, RotaId id, Time now);
// Errors: kNotFound; field errors on to, as oncall::Schedule gives them.
Result<DeskSchedule> GetSchedule(store::ReadTx& tx, const auth::Actor& actor, RotaId id, const Period& period);

// The rules' own form of a stored rota, with the overrides that touch [from, to). nullopt: there is no such rota.
std::optional<Rota> StoredRota(store::ReadTx& tx, RotaId id, Time from, Time to);

}  // namespace propolis::oncall
