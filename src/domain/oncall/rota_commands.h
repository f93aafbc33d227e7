#pragma once

#include "auth/actor.h"
#include "domain/oncall/desk_rota.h"
#include "store/store.h"

namespace propolis::oncall {

// Errors: field errors on name (taken), zone, layers.
Result<DeskRota> AddRota(store::WriteTx& tx, const auth::Actor& actor, const NewRota& request);
Result<DeskRota> ChangeRota(store::WriteTx& tx, const auth::Actor& actor, RotaId id, const RotaChange& change,
                            std::optional<std::int64_t> if_version);
// With its overrides and its link.
Status DeleteRota(store::WriteTx& tx, const auth::Actor& actor, RotaId id);

// Who writes rotas may put anybody on or off call; everybody else may come on call herself.
// Errors: kForbidden, kNotFound; field errors on from, to, in, out; kConflict when there are too many.
Result<DeskRota> AddOverride(store::WriteTx& tx, const auth::Actor& actor, RotaId id, const NewOverride& request);
// Who made it may end it too.
Result<DeskRota> EndOverride(store::WriteTx& tx, const auth::Actor& actor, RotaId id, OverrideId override);

}  // namespace propolis::oncall
