#pragma once

#include "auth/actor.h"
#include "domain/escalation/page.h"
#include "store/store.h"

namespace propolis::escalation {

constexpr int kMostPages = 100;

// Error: kNotFound.
Result<Page> GetPage(store::ReadTx& tx, const auth::Actor& actor, PageId id, Time now);
// The newest first; at most kMostPages. `live`: only those that have not ended.
Result<std::vector<Page>> ListPages(store::ReadTx& tx, const auth::Actor& actor, bool live, Time now);
Result<std::vector<Page>> PagesOf(store::ReadTx& tx, const auth::Actor& actor, std::int64_t ticket, Time now);

}  // namespace propolis::escalation
