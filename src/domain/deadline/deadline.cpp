#include "domain/deadline/deadline.h"

#include <algorithm>

#include "auth/record.h"
#include "base/json.h"
#include "base/log.h"
#include "domain/ticket/clocks.h"
#include "domain/ticket/number.h"
#include "domain/ticket/ticket_sql.h"

namespace propolis::deadline {
namespace {

constexpr std::string_view kDue =
    "SELECT ticket, look_at FROM ticket_detail WHERE look_at <= $1 ORDER BY look_at LIMIT $2";
constexpr std::string_view kKeepStep =
    "INSERT INTO clock_step (ticket, clock, step, at, acted_at, outcome) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (ticket, clock, step) DO NOTHING";

constexpr Seconds kTryAgainAfter{3600};

struct Due {
  std::int64_t ticket = 0;
  Time since;
};

void Tell(store::WriteTx& tx, const ticket::Ticket& ticket, const Reached& step, Outcome outcome) {
  json::Writer details;
  details.BeginObject()
      .Field("clock", step.clock)
      .Field("step", step.step)
      .Field("at", FormatTime(step.at))
      .Field("outcome", NameOf(outcome))
      .EndObject();
  auth::Record(tx, auth::SystemActor(), step.step == kBreach ? "clock.breach" : "clock.step",
               ticket::FormatNumber(ticket.number), details.Take(), ticket.number);
  tx.Emit({.kind = "clock.step",
           .organisation = ticket.organisation,
           .ticket = ticket.number,
           .payload = "{\"id\":\"" + ticket.id.ToString() + "\"}"});
}

Status ActOn(store::WriteTx& tx, const Due& due) {
  auto ticket = ticket::Load(tx, due.ticket);
  if (!ticket) {
    return Fail(Code::kInternal, "error.internal");
  }
  const ticket::Detail detail = ticket::LoadDetail(tx, due.ticket);
  const auto clocks = TRY(ticket::ClocksOf(tx, due.ticket, detail, tx.Now(), /*explain=*/false));
  for (const Reached& step : ReachedSince(clocks, due.since, tx.Now())) {
    const Outcome outcome = OutcomeOf(step, tx.Now());
    if (tx.Exec(kKeepStep, due.ticket, step.clock, step.step, step.at, tx.Now(), outcome) == 1 &&
        outcome != Outcome::kMoot) {
      Tell(tx, *ticket, step, outcome);
    }
  }
  ticket::KeepClocks(tx, *ticket, clocks);
  return {};
}

}  // namespace

std::vector<Reached> ReachedSince(const std::vector<sla::TicketClock>& clocks, Time since, Time now) {
  std::vector<Reached> reached;
  const auto add = [&](const sla::TicketClock& clock, std::string_view step, Time at, Time seen_at) {
    if (since <= seen_at && seen_at <= now) {
      reached.push_back({clock.id, clock.kind, clock.instance, std::string(step), at, clock.open});
    }
  };
  for (const sla::TicketClock& clock : clocks) {
    for (const sla::StepTime& step : clock.steps) {
      if (step.at) {
        add(clock, step.step, *step.at, *step.at);
      }
    }
    if (clock.breached_at && (clock.cause == sla::ClockCause::kTime || clock.cause == sla::ClockCause::kManualDue)) {
      add(clock, kBreach, *clock.breached_at, sla::OverAt(*clock.breached_at));
    }
  }
  std::ranges::sort(reached, {}, [](const Reached& step) { return std::tie(step.at, step.clock, step.step); });
  return reached;
}

Outcome OutcomeOf(const Reached& step, Time now) {
  if (!step.open) {
    return Outcome::kMoot;
  }
  return now - step.at > kLateAfter ? Outcome::kToldLate : Outcome::kTold;
}

bool AnyDue(store::ReadTx& tx, Time now) {
  return tx.One(
               "SELECT 1 FROM ticket_detail WHERE look_at <= $1 LIMIT 1", [](const store::Row&) { return true; }, now)
      .value_or(false);
}

Result<int> Act(store::WriteTx& tx, int limit) {
  const auto due = tx.All(kDue, [](const store::Row& row) { return Due{row.Int(0), row.Time(1)}; }, tx.Now(), limit);
  for (const Due& each : due) {
    // One that cannot be reckoned must not keep the others waiting.
    if (const Status done = ActOn(tx, each); !done) {
      log::Error("deadline", done.error());
      tx.Exec(ticket::sql::kSaveLookAt, each.ticket, tx.Now() + kTryAgainAfter);
    }
  }
  return static_cast<int>(due.size());
}

}  // namespace propolis::deadline
