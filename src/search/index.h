// Keeping the full-text index beside what happens: follows the event table and never the request path.
//
// Documents: a ticket (its subject and first message), each further message, note, call and work record, each article.
// The text itself is not kept twice: the FTS5 table is contentless, so what can change is remembered as it was indexed.
#pragma once

#include <span>

#include "base/result.h"
#include "store/events.h"
#include "store/store.h"

namespace propolis::search {

// Makes the FTS5 table where it is missing. Call once after opening a store, before anything below.
Status Prepare(store::Store& store);

// Brings the index up to these events, in the transaction that records that they are handled (jobs::Follower,
// "search"). May see an event twice.
Status Index(store::WriteTx& tx, std::span<const store::StoredEvent> events);

// Makes the whole index anew from what is stored, in many small transactions; answers the number of documents.
Result<std::int64_t> Rebuild(store::Store& store, const store::Progress& progress);

}  // namespace propolis::search
