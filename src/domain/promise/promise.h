// A time that was promised to the customer: an ETA of the resolution or of the next update, and what became of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/ref.h"
#include "domain/ticket/ticket.h"
#include "store/store.h"

namespace propolis::promise {

enum class Kind { kEta, kNextUpdate };
enum class Outcome { kOpen, kKept, kMoved, kBroken };

struct Promise {
  PromiseId id;
  Kind kind = Kind::kNextUpdate;
  Time at;
  std::optional<Time> until;  // a window: kept up to its end
  Ref by;
  Time made_at;
  Outcome outcome = Outcome::kOpen;
  std::int64_t moved = 0;  // how often
  std::optional<std::string> reason;
  static const dto::Type& Dto();
};

struct Make {
  Kind kind = Kind::kNextUpdate;
  Time at;
  std::optional<Time> until;
  std::optional<std::string> reason;
  static const dto::Type& Dto();
};

struct Change {
  std::optional<Time> at;
  std::optional<Time> until;
  std::string reason;
  std::optional<Outcome> outcome;  // kept or broken: settles it by hand
  static const dto::Type& Dto();
};

// Pure: what became of a promise, given when what it promised came about (if it did), and now. nullopt: still open.
std::optional<Outcome> Judge(Time at, std::optional<Time> until, std::optional<Time> fulfilled, Time now);

// Pure: how far off a promised time was, in seconds: what came about less what was promised, later being positive;
// nothing within the window.
std::int64_t ErrorOf(Time at, std::optional<Time> until, Time actual);

// One open promise of a kind at a time: a further one moves it. Errors: kConflict on an ended ticket, field errors on
// times that lie in the past or over a year ahead.
Result<Promise> MakeOne(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Make& make);
// Moves it (with its reason and a line of history) or settles it by hand. Error: kConflict when it is settled already.
Result<Promise> ChangeOne(store::WriteTx& tx, const auth::Actor& actor, PromiseId id, const Change& change);
// Newest first. The caller has checked that the ticket may be read.
std::vector<Promise> Of(store::ReadTx& tx, std::int64_t number);

// Settles what the ticket's entries and state settle: a public message by staff keeps (or breaks) a promised update,
// the resolution a promised ETA. Idempotent; answers how many were settled. Called after each change of the ticket.
Result<int> SettleTicket(store::WriteTx& tx, std::int64_t number);
// Settles promises whose time has passed, at most `limit` tickets; answers how many tickets were touched. For a timer.
Result<int> SettleOverdue(store::WriteTx& tx, int limit);

}  // namespace propolis::promise

namespace propolis {
template <>
struct Names<promise::Kind> {
  static constexpr std::array kTable = {std::pair{promise::Kind::kEta, std::string_view("eta")},
                                        std::pair{promise::Kind::kNextUpdate, std::string_view("next_update")}};
};
template <>
struct Names<promise::Outcome> {
  using O = promise::Outcome;
  static constexpr std::array kTable = {
      std::pair{O::kOpen, std::string_view("open")}, std::pair{O::kKept, std::string_view("kept")},
      std::pair{O::kMoved, std::string_view("moved")}, std::pair{O::kBroken, std::string_view("broken")}};
};
}  // namespace propolis
