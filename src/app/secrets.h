// The key of a desk's secrets, for commands.
#pragma once

#include "app/args.h"
#include "store/store.h"

namespace propolis::app {

Option SecretsKeyOption();

// Gives this process the keys of the desk's secrets, when they are there. Commands that touch no secret go on without.
// Errors: those of auth::secrets::ReadKeys.
Status UseSecretsIfThere(store::Store& store, const Args& args);
// The same for those who serve: a desk without secrets gets a key, secrets that a migration left in the clear are
// sealed. Errors: kNotFound "secrets.key_missing", kConflict "secrets.key_other" when the keys are not the ones that
// sealed.
Status UseSecrets(store::Store& store, const Args& args);

}  // namespace propolis::app
