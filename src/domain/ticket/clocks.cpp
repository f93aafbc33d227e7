#include "domain/ticket/clocks.h"

#include "domain/ticket/clock_history.h"
#include "domain/ticket/ticket_sql.h"

namespace propolis::ticket {
namespace {

constexpr std::string_view kForgetClocks = "DELETE FROM clock WHERE ticket = $1";
constexpr std::string_view kSaveClock =
    "INSERT INTO clock (ticket, kind, instance, state, started_at, due_at, met_at, target, elapsed, policy, "
    "policy_version, breach_cause) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

Result<std::vector<sla::TicketClock>> Evaluate(store::ReadTx& tx, std::int64_t number, const Terms& terms, Time now,
                                               bool explain) {
  History history = ReadHistory(tx, number, terms);
  if (history.events.empty()) {
    return std::vector<sla::TicketClock>();
  }
  if (!history.events.front().priority) {
    history.events.front().priority = Priority::kP4;
  }
  sla::ClockHistory input;
  input.events = std::move(history.events);
  input.now = now;
  input.explain = explain;
  TRY(LoadTerms(tx, history.terms, input));
  return sla::Evaluate(input);
}

bool Runs(const sla::TicketClock& clock) {
  return clock.open && clock.due_at &&
         (clock.state == sla::ClockState::kRunning || clock.state == sla::ClockState::kBreached);
}

// What a list shows: the earliest deadline of those that run, else the paused clock with least left.
void SetNearest(Ticket& ticket, const std::vector<sla::TicketClock>& clocks) {
  ticket.due_at.reset();
  ticket.due_clock.reset();
  ticket.due_state.reset();
  ticket.due_left.reset();
  for (const sla::TicketClock& clock : clocks) {
    if (Runs(clock) && (!ticket.due_at || *clock.due_at < *ticket.due_at)) {
      ticket.due_at = clock.due_at;
      ticket.due_clock = clock.kind;
      ticket.due_state = NameOf(clock.state);
    }
  }
  if (ticket.due_at) {
    return;
  }
  for (const sla::TicketClock& clock : clocks) {
    if (clock.open && clock.state == sla::ClockState::kPaused &&
        (!ticket.due_left || clock.remaining.value_or(0) < *ticket.due_left)) {
      ticket.due_clock = clock.kind;
      ticket.due_state = NameOf(clock.state);
      ticket.due_left = clock.remaining;
    }
  }
}

void SaveClocks(store::WriteTx& tx, std::int64_t number, const std::vector<sla::TicketClock>& clocks) {
  tx.Exec(kForgetClocks, number);  // a suppressed clock may be gone
  for (const sla::TicketClock& clock : clocks) {
    const auto slash = clock.policy.find('/');
    const auto policy = PolicyId::Parse(clock.policy.substr(0, slash)).value_or(PolicyId{});
    const std::optional<std::string_view> cause = clock.cause ? std::optional(NameOf(*clock.cause)) : std::nullopt;
    tx.Exec(kSaveClock, number, clock.kind, clock.instance, clock.state, clock.started_at, clock.due_at, clock.met_at,
            clock.target, clock.elapsed, policy,
            slash == std::string::npos ? 0 : std::strtoll(clock.policy.c_str() + slash + 1, nullptr, 10), cause);
  }
}

}  // namespace

Result<std::vector<sla::TicketClock>> ClocksOf(store::ReadTx& tx, std::int64_t number, Time now, bool explain) {
  return ClocksOf(tx, number, LoadDetail(tx, number), now, explain);
}

Result<std::vector<sla::TicketClock>> ClocksOf(store::ReadTx& tx, std::int64_t number, const Detail& detail, Time now,
                                               bool explain) {
  if (!detail.policy || !detail.calendar) {
    return std::vector<sla::TicketClock>();
  }
  return Evaluate(tx, number, {*detail.policy, detail.policy_version, *detail.calendar}, now, explain);
}

Status RecomputeClocks(store::WriteTx& tx, Ticket& ticket, Detail& detail) {
  const auto clocks = TRY(ClocksOf(tx, ticket.number, detail, tx.Now(), /*explain=*/false));
  SaveClocks(tx, ticket.number, clocks);
  SetNearest(ticket, clocks);
  detail.look_at = sla::NextMoment(clocks, tx.Now());
  return {};
}

void KeepClocks(store::WriteTx& tx, Ticket& ticket, Detail& detail, const std::vector<sla::TicketClock>& clocks) {
  const Ticket before = ticket;
  SaveClocks(tx, ticket.number, clocks);
  SetNearest(ticket, clocks);
  if (!(ticket == before)) {
    tx.Exec(sql::kSaveDue, ticket.number, ticket.due_at, ticket.due_clock, ticket.due_state, ticket.due_left);
  }
  detail.look_at = sla::NextMoment(clocks, tx.Now());
  tx.Exec(sql::kSaveLookAt, ticket.number, detail.look_at);
}

}  // namespace propolis::ticket
