#include "domain/ticket/due_date.h"

#include "base/i18n.h"
#include "base/json.h"
#include "domain/ticket/clocks.h"

namespace propolis::ticket {
namespace {

using auth::Permission;

constexpr std::string_view kInsert =
    "INSERT INTO due_date (id, ticket, clock, instance, due_at, reason, state, asked_by, asked_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, 'asked', $7, $8)";
#define PROPOLIS_DUE_DATE_COLUMNS                                                                                 \
  "SELECT d.id, d.clock, d.due_at, d.reason, d.state, d.asked_by, a.name, d.asked_at, d.decided_by, b.name, "     \
  "d.decided_at, d.decision_reason, d.ticket, d.instance FROM due_date d LEFT JOIN staff a ON a.id = d.asked_by " \
  "LEFT JOIN staff b ON b.id = d.decided_by "
constexpr std::string_view kById = PROPOLIS_DUE_DATE_COLUMNS "WHERE d.id = $1";
constexpr std::string_view kOfTicket =
    PROPOLIS_DUE_DATE_COLUMNS "WHERE d.ticket = $1 ORDER BY d.asked_at DESC, d.id DESC LIMIT 20";
#undef PROPOLIS_DUE_DATE_COLUMNS
constexpr std::string_view kWaiting = "SELECT 1 FROM due_date WHERE ticket = $1 AND clock = $2 AND state = 'asked'";
constexpr std::string_view kDecide =
    "UPDATE due_date SET state = $2, decided_by = $3, decided_at = $4, decision_reason = $5 WHERE id = $1";

constexpr int kFurthestDays = 366;

struct Stored {
  DueDate shown;
  StaffId asked_by;
  std::int64_t ticket = 0;
  std::int64_t instance = 0;
};

Stored ToStored(const store::Row& row) {
  Stored stored;
  DueDate& shown = stored.shown;
  shown.id = row.Id<DueDateId>(0);
  shown.clock = row.Enum<ClockKind>(1);
  shown.due_at = row.Time(2);
  shown.reason = row.String(3);
  shown.state = row.Enum<DueDateState>(4);
  stored.asked_by = row.Id<StaffId>(5);
  shown.asked_by = {stored.asked_by.ToString(), row.OptString(6).value_or("")};
  shown.asked_at = row.Time(7);
  if (const auto by = row.OptId<StaffId>(8)) {
    shown.decided_by = Ref{by->ToString(), row.OptString(9).value_or("")};
  }
  shown.decided_at = row.OptTime(10);
  shown.decision_reason = row.OptString(11);
  stored.ticket = row.Int(12);
  stored.instance = row.Int(13);
  return stored;
}

DueDate Show(Stored stored, std::optional<StaffId> assignee, const auth::Actor& actor) {
  const auto why_not = WhyNotDecide(stored.shown.state, stored.asked_by, assignee, actor);
  stored.shown.may_decide = !why_not;
  if (why_not) {
    stored.shown.why_not = i18n::Translate(actor.language, *why_not);
  }
  return std::move(stored.shown);
}

Result<Stored> Find(store::ReadTx& tx, DueDateId id) {
  auto stored = tx.One(kById, ToStored, id);
  if (!stored) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return *std::move(stored);
}

// The clock of this kind that may still get another due time, as the message id of the obstacle when there is none.
struct Adjustable {
  std::optional<int> instance;
  const char* obstacle = "due.clock_not_open";
};

Result<Adjustable> FindClock(Edit& edit, ClockKind kind) {
  Adjustable found;
  for (const auto& clock : TRY(ClocksOf(edit.tx(), edit.ticket().number, edit.detail(), edit.tx().Now(), false))) {
    if (clock.kind != kind || !clock.open || clock.state == sla::ClockState::kSuppressed) {
      continue;
    }
    if (clock.breached_at) {
      found.obstacle = "due.clock_breached";
    } else {
      found.instance = clock.instance;
    }
  }
  return found;
}

void AppendAct(Edit& edit, std::string_view act, const Stored& due, const std::optional<std::string>& reason) {
  json::Writer data;
  data.BeginObject()
      .Field("act", act)
      .Field("due_date_id", due.shown.id.ToString())
      .Field("clock", NameOf(due.shown.clock))
      .Field("due", FormatTime(due.shown.due_at))
      .Field("reason", due.shown.reason)
      .Field("asked_by", due.shown.asked_by.name);
  if (act == "manual_due") {
    data.Field("approver", edit.actor().name);
  }
  if (reason) {
    data.Field("decision_reason", *reason);
  }
  data.EndObject();
  edit.Append({.kind = EntryKind::kSystem, .body = reason.value_or(due.shown.reason), .data = data.Take()});
}

// The time may have passed, and the clock ended or begun anew, since it was asked for.
Status CheckStillPossible(Edit& edit, const Stored& due) {
  if (due.shown.due_at <= edit.tx().Now()) {
    return Fail(Code::kConflict, "due.past");
  }
  const Adjustable clock = TRY(FindClock(edit, due.shown.clock));
  if (clock.instance != due.instance) {
    return Fail(Code::kConflict, clock.obstacle);
  }
  return {};
}

Result<DueDate> Conclude(Edit& edit, const Stored& due, DueDateState state, std::string_view act,
                         const std::optional<std::string>& reason) {
  edit.tx().Exec(kDecide, due.shown.id, state, edit.actor().staff(), edit.tx().Now(), reason);
  AppendAct(edit, act, due, reason);
  TRY(edit.Finish("ticket." + std::string(act)));
  return Show(TRY(Find(edit.tx(), due.shown.id)), edit.ticket().assignee, edit.actor());
}

}  // namespace

std::optional<std::string> WhyNotDecide(DueDateState state, StaffId asked_by, std::optional<StaffId> assignee,
                                        const auth::Actor& actor) {
  if (state != DueDateState::kAsked) {
    return "due.why_decided";
  }
  if (!actor.Is(auth::ActorKind::kStaff)) {
    return "due.why_person";
  }
  if (!actor.permissions.contains(Permission::kApprovalDecide)) {
    return "due.why_permission";
  }
  if (asked_by == actor.staff()) {
    return "due.why_asker";
  }
  return assignee == actor.staff() ? std::optional<std::string>("due.why_assignee") : std::nullopt;
}

Result<DueDate> AskForDueDate(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number,
                              const AskDueDate& ask) {
  auto edit = TRY(Edit::Begin(tx, actor, number, Permission::kTicketUpdate));
  if (!actor.Is(auth::ActorKind::kStaff)) {
    return Fail(Code::kForbidden, "due.why_person");
  }
  if (ask.due_at <= tx.Now()) {
    return FailField("due_at", "due.past");
  }
  if (ask.due_at > tx.Now() + std::chrono::days{kFurthestDays}) {
    return FailField("due_at", "due.too_far", {{"days", std::to_string(kFurthestDays)}});
  }
  const Adjustable clock = TRY(FindClock(edit, ask.clock));
  if (!clock.instance) {
    return FailField("clock", clock.obstacle);
  }
  if (tx.One(kWaiting, [](const store::Row&) { return true; }, number, ask.clock)) {
    return Fail(Code::kConflict, "due.asked_already");
  }
  const auto id = DueDateId::New(tx.Now());
  tx.Exec(kInsert, id, number, ask.clock, *clock.instance, ask.due_at, ask.reason, actor.staff(), tx.Now());
  AppendAct(edit, "due_date_asked", TRY(Find(tx, id)), std::nullopt);
  TRY(edit.Finish("ticket.due_date_asked"));
  return Show(TRY(Find(tx, id)), edit.ticket().assignee, actor);
}

Result<DueDate> SettleDueDate(store::WriteTx& tx, const auth::Actor& actor, DueDateId id, const DecideDueDate& decide) {
  const bool withdraws = decide.decision == DueDateDecision::kWithdraw;
  const Permission needed = withdraws ? Permission::kTicketUpdate : Permission::kApprovalDecide;
  if (!actor.Is(auth::ActorKind::kStaff)) {
    return Fail(Code::kForbidden, "due.why_person");  // before anything is looked up
  }
  const Stored due = TRY(Find(tx, id));
  auto edit = TRY(Edit::Begin(tx, actor, due.ticket, needed));
  if (due.shown.state != DueDateState::kAsked) {
    return Fail(Code::kConflict, "due.why_decided");
  }
  if (withdraws) {
    if (due.asked_by != actor.staff()) {
      return Fail(Code::kForbidden, "due.not_yours_to_withdraw");
    }
    return Conclude(edit, due, DueDateState::kWithdrawn, "due_date_withdrawn", decide.reason);
  }
  if (const auto why = WhyNotDecide(due.shown.state, due.asked_by, edit.ticket().assignee, actor)) {
    return Fail(Code::kForbidden, *why);
  }
  if (decide.decision == DueDateDecision::kApprove) {
    TRY(CheckStillPossible(edit, due));
    return Conclude(edit, due, DueDateState::kApproved, "manual_due", decide.reason);
  }
  if (!decide.reason) {
    return FailField("reason", "due.reason_needed");
  }
  return Conclude(edit, due, DueDateState::kRejected, "due_date_rejected", decide.reason);
}

std::vector<DueDate> DueDatesOf(store::ReadTx& tx, const auth::Actor& actor, const Ticket& ticket) {
  std::vector<DueDate> shown;
  for (Stored& stored : tx.All(kOfTicket, ToStored, ticket.number)) {
    shown.push_back(Show(std::move(stored), ticket.assignee, actor));
  }
  return shown;
}

const dto::Type& DueDate::Dto() {
  using T = DueDate;
  static const dto::Type type =
      dto::Object<T>("DueDate", "A due time set by hand on one clock, that a second person decides.")
          .Required("id", &T::id, "Its id.")
          .Required("clock", &T::clock, "Which clock.")
          .Required("due_at", &T::due_at, "When it is to be due.")
          .Required("reason", &T::reason, "Why.")
          .Required("state", &T::state, "Where it stands.")
          .Required("asked_by", &T::asked_by, "Who asked.")
          .Required("asked_at", &T::asked_at, "When.")
          .Optional("decided_by", &T::decided_by, "Who decided.")
          .Optional("decided_at", &T::decided_at, "When.")
          .Optional("decision_reason", &T::decision_reason, "Why so.")
          .Required("may_decide", &T::may_decide, "Whether the reader may decide.")
          .Optional("why_not", &T::why_not, "Why she may not.")
          .Done();
  return type;
}

const dto::Type& AskDueDate::Dto() {
  using T = AskDueDate;
  static const dto::Type type =
      dto::Object<T>("AskDueDate", "Ask for another due time of one clock.")
          .Required("clock", &T::clock, "Which clock: one that runs or stands paused, and is not breached.")
          .Required("due_at", &T::due_at, "When it is to be due.")
          .Required("reason", &T::reason, "Why.", dto::Text(1, 1000, "multiline"))
          .Done();
  return type;
}

const dto::Type& DecideDueDate::Dto() {
  using T = DecideDueDate;
  static const dto::Type type =
      dto::Object<T>("DecideDueDate", "Approve, reject (with a reason) or withdraw.")
          .Required("decision", &T::decision, "What.")
          .Optional("reason", &T::reason, "Why; needed to reject.", dto::Text(1, 1000, "multiline"))
          .Done();
  return type;
}

}  // namespace propolis::ticket
