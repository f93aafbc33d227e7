// The policy and calendar of requests that no contract covers: rows of the setting table.
#pragma once

#include "auth/actor.h"
#include "base/ids.h"
#include "base/result.h"
#include "store/store.h"

namespace propolis::calendars {

struct Defaults {
  PolicyId policy;
  std::int64_t policy_version = 0;
  CalendarId calendar;
};

// Error: kInternal when they were never set (the desk was not initialised).
Result<Defaults> DeskDefaults(store::ReadTx& tx);
// Errors: field errors on policy_id and calendar_id.
Status SetDeskDefaults(store::WriteTx& tx, const auth::Actor& actor, PolicyId policy, CalendarId calendar);

}  // namespace propolis::calendars
