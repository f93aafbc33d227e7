// The event table: everything that happened, in commit order, for those who follow it after the commit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/store.h"

namespace propolis::store {

struct StoredEvent {
  std::int64_t seq = 0;
  Time at;
  Event event;
};

// Events with a number greater than `after`, oldest first, at most `limit`.
std::vector<StoredEvent> EventsAfter(ReadTx& tx, std::int64_t after, int limit);
// The newest number, 0 when nothing has happened yet.
std::int64_t LastEvent(ReadTx& tx);
// The oldest number still kept, 0 when there is none.
std::int64_t FirstEvent(ReadTx& tx);
// Deletes events older than `before` with numbers up to `up_to`, at most `limit`, never the newest. Answers how many.
std::int64_t TrimEvents(WriteTx& tx, Time before, std::int64_t up_to, int limit);

// Payloads are small: more than this is a bug of the caller (std::logic_error from Emit).
inline constexpr std::size_t kMaxEventPayload = 64 * 1024;

}  // namespace propolis::store
