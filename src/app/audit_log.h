// The audit log's tree in a running desk: its key, and the thread that grows and signs it.
#pragma once

#include <string>
#include <thread>

#include "audit/note.h"
#include "store/store.h"

namespace propolis::app {

// The key in the folder's file audit.key (mode 0600); made when there is none. Errors: kUnavailable; kInternal when the
// file holds no key.
Result<audit::SigningKey> AuditKey(const std::string& folder);

// Takes in new entries once a second and signs. Ends with the thread's stop.
std::jthread StartAuditTree(store::Store& store, audit::SigningKey key);

}  // namespace propolis::app
