// Merging two tickets and splitting one: what becomes of the deadlines, told beforehand, and the split itself. The
// merge is a move of the state (commands.h).
#pragma once

#include "domain/ticket/ticket.h"

namespace propolis::ticket {

// One clock as it is and as it would be.
struct ForecastClock {
  ClockKind clock = ClockKind::kResolution;
  std::optional<Time> due_before;
  std::optional<Time> due_after;
  bool breached_after = false;
  static const dto::Type& Dto();
};

struct Forecast {
  std::string number;         // the ticket that goes on: the target of a merge, or the one that is split
  std::string subject;        // of it
  std::optional<Time> since;  // from when the clocks of what comes of it count, when that is earlier than before
  std::vector<ForecastClock> clocks;
  static const dto::Type& Dto();
};

// The ticket that `source` may be merged into. Field errors on "into": missing, unknown, itself, or of another
// organisation; kConflict when it is at an end; kForbidden.
Result<std::int64_t> MergeTarget(store::ReadTx& tx, const auth::Actor& actor, const Ticket& source,
                                 const std::optional<std::string>& into);

// The oldest contact of the customer that nobody answered, as of now; nullopt: all were.
std::optional<Time> UnansweredSince(store::ReadTx& tx, std::int64_t number);

// What a merge would make of the target's clocks.
Result<Forecast> PreviewMerge(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number, const std::string& into,
                              Time now);

struct Split {
  std::int64_t seq = 0;  // of the customer's message
  std::string subject;
  static const dto::Type& Dto();
};

// Which clocks a ticket split off at this message would have: before: if it began now; after: from the message. Errors
// as of SplitOff.
Result<Forecast> PreviewSplit(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number, std::int64_t seq,
                              Time now);

// Opens a ticket of its own with a customer's message of this one: the same kind, technology, impact and urgency, its
// clocks from the time of the message. Both say so and are tied together; the message and its files stay here too.
// Errors: kForbidden; a field error on "seq" that is no public message of the customer, or the first one.
Result<Ticket> SplitOff(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Split& split);

}  // namespace propolis::ticket
