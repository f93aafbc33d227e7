// What every new desk begins with, so that the first request can be registered, triaged and promised a time.
#pragma once

#include "store/store.h"

namespace propolis::app {

// A calendar that never closes, an SLA policy, a team. Does nothing on a desk
// that has its defaults.
Status FillDefaults(store::WriteTx& tx);

}  // namespace propolis::app
