#include "domain/promise/promise.h"

#include "domain/promise/promise_sql.h"

namespace propolis::promise {
namespace {

using auth::Permission;

constexpr Micros kFurthest = std::chrono::hours{24 * 366};

struct Stored {
  Promise promise;
  std::int64_t ticket = 0;
};

Stored ToStored(const store::Row& row) {
  Stored stored;
  Promise& promise = stored.promise;
  promise.id = row.Id<PromiseId>(0);
  promise.kind = row.Enum<Kind>(1);
  promise.at = row.Time(2);
  promise.until = row.OptTime(3);
  promise.by = OptRef(row, 4).value_or(Ref{});
  promise.made_at = row.Time(6);
  promise.outcome = row.Enum<Outcome>(7);
  promise.moved = row.Int(8);
  promise.reason = row.OptString(9);
  stored.ticket = row.Int(10);
  return stored;
}

Result<Stored> Find(store::ReadTx& tx, PromiseId id) {
  auto stored = tx.One(sql::kById, ToStored, id);
  if (!stored) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return std::move(*stored);
}

Status CheckTimes(Time at, std::optional<Time> until, Time now) {
  if (at <= now) {
    return FailField("at", "promise.past");
  }
  if (at > now + kFurthest) {
    return FailField("at", "promise.too_far");
  }
  if (until && (*until < at || *until > now + kFurthest)) {
    return FailField("until", "promise.window");
  }
  return {};
}

void AppendAct(ticket::Edit& edit, const Promise& promise, std::string_view act,
               const std::optional<std::string>& why) {
  json::Writer data;
  data.BeginObject()
      .Field("promise_id", promise.id.ToString())
      .Field("act", act)
      .Field("kind", NameOf(promise.kind))
      .Field("at", FormatTime(promise.at));
  if (promise.until) {
    data.Field("until", FormatTime(*promise.until));
  }
  if (why) {
    data.Field("reason", *why);
  }
  data.EndObject();
  edit.Append({.kind = EntryKind::kPromise,
               .visibility = Visibility::kInternal,
               .body = why.value_or(""),
               .html = {},
               .quoted = {},
               .data = data.Take()});
}

void Settle(ticket::Edit& edit, const Promise& promise, Outcome outcome, const std::optional<std::string>& why = {}) {
  edit.tx().Exec(sql::kSettle, promise.id, outcome, edit.tx().Now(), why);
  AppendAct(edit, promise, NameOf(outcome), why);
}

void MoveTo(ticket::Edit& edit, Promise promise, Time at, std::optional<Time> until,
            const std::optional<std::string>& why) {
  promise.at = at;
  promise.until = until;
  edit.tx().Exec(sql::kMove, promise.id, at, until, why);
  AppendAct(edit, promise, "moved", why);
}

// When what the promise promised came about, as the ticket tells it.
std::optional<Time> FulfilledAt(store::ReadTx& tx, const ticket::Ticket& ticket, const ticket::Detail& detail,
                                const Promise& promise) {
  const bool resolved = ticket.state == TicketState::kResolved || ticket.state == TicketState::kClosed;
  const auto resolution = resolved ? detail.resolved_at : std::nullopt;
  if (promise.kind == Kind::kEta) {
    return resolution;
  }
  const auto answer = tx.One(
      sql::kFirstAnswerAfter, [](const store::Row& row) { return row.OptTime(0); }, ticket.number, promise.made_at);
  return answer && *answer ? *answer : resolution;
}

// What ends without a resolution leaves nothing to keep.
bool IsMoot(TicketState state) { return state == TicketState::kMerged || state == TicketState::kSpam; }

}  // namespace

std::optional<Outcome> Judge(Time at, std::optional<Time> until, std::optional<Time> fulfilled, Time now) {
  const Time end = until.value_or(at);
  if (fulfilled) {
    return *fulfilled <= end ? Outcome::kKept : Outcome::kBroken;
  }
  return now > end ? std::optional(Outcome::kBroken) : std::nullopt;
}

std::int64_t ErrorOf(Time at, std::optional<Time> until, Time actual) {
  return std::chrono::round<Seconds>(actual - std::clamp(actual, at, std::max(at, until.value_or(at)))).count();
}

Result<Promise> MakeOne(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Make& make) {
  TRY(SettleTicket(tx, number));
  auto edit = TRY(ticket::Edit::Begin(tx, actor, number, Permission::kPromiseMake));
  if (!IsOpen(edit.ticket().state)) {
    return Fail(Code::kConflict, "promise.ended");
  }
  TRY(CheckTimes(make.at, make.until, tx.Now()));
  PromiseId id = PromiseId::New(tx.Now());
  const auto open = tx.All(sql::kOpenOfTicket, ToStored, number);
  const auto same = std::ranges::find_if(open, [&](const Stored& stored) { return stored.promise.kind == make.kind; });
  if (same != open.end()) {
    id = same->promise.id;
    MoveTo(edit, same->promise, make.at, make.until, make.reason);
  } else {
    tx.Exec(sql::kInsert, id, number, make.kind, make.at, make.until, actor.staff(), tx.Now(), make.reason);
    AppendAct(edit, TRY(Find(tx, id)).promise, "made", make.reason);
  }
  TRY(edit.Finish("promise.make"));
  return TRY(Find(tx, id)).promise;
}

Result<Promise> ChangeOne(store::WriteTx& tx, const auth::Actor& actor, PromiseId id, const Change& change) {
  const Stored stored = TRY(Find(tx, id));
  auto edit = TRY(ticket::Edit::Begin(tx, actor, stored.ticket, Permission::kPromiseMake));
  if (stored.promise.outcome != Outcome::kOpen) {
    return Fail(Code::kConflict, "promise.settled", {{"outcome", std::string(NameOf(stored.promise.outcome))}});
  }
  if (change.outcome) {
    if (*change.outcome != Outcome::kKept && *change.outcome != Outcome::kBroken) {
      return FailField("outcome", "field.not_one_of", {{"choices", "kept, broken"}});
    }
    Settle(edit, stored.promise, *change.outcome, change.reason);
    TRY(edit.Finish("promise.settle"));
  } else {
    if (!change.at) {
      return FailField("at", "field.required");
    }
    TRY(CheckTimes(*change.at, change.until, tx.Now()));
    MoveTo(edit, stored.promise, *change.at, change.until, change.reason);
    TRY(edit.Finish("promise.move"));
  }
  return TRY(Find(tx, id)).promise;
}

std::vector<Promise> Of(store::ReadTx& tx, std::int64_t number) {
  return tx.All(sql::kOfTicket, [](const store::Row& row) { return ToStored(row).promise; }, number);
}

Result<int> SettleTicket(store::WriteTx& tx, std::int64_t number) {
  const auto open = tx.All(sql::kOpenOfTicket, ToStored, number);
  const auto ticket = ticket::Load(tx, number);
  if (open.empty() || !ticket) {
    return 0;
  }
  const auto detail = ticket::LoadDetail(tx, number);
  std::vector<std::pair<Promise, Outcome>> settled;
  for (const Stored& stored : open) {
    const Promise& promise = stored.promise;
    const auto outcome = IsMoot(ticket->state)
                             ? std::optional(Outcome::kMoved)
                             : Judge(promise.at, promise.until, FulfilledAt(tx, *ticket, detail, promise), tx.Now());
    if (outcome) {
      settled.emplace_back(promise, *outcome);
    }
  }
  if (settled.empty()) {
    return 0;
  }
  const auth::Actor system = auth::SystemActor();
  auto edit = TRY(ticket::Edit::Begin(tx, system, number, Permission::kPromiseMake));
  for (const auto& [promise, outcome] : settled) {
    Settle(edit, promise, outcome);
  }
  TRY(edit.Finish("promise.settle"));
  return static_cast<int>(settled.size());
}

Result<int> SettleOverdue(store::WriteTx& tx, int limit) {
  const auto tickets = tx.All(sql::kOverdue, [](const store::Row& row) { return row.Int(0); }, tx.Now(), limit);
  for (const std::int64_t number : tickets) {
    TRY(SettleTicket(tx, number));
  }
  return static_cast<int>(tickets.size());
}

}  // namespace propolis::promise
