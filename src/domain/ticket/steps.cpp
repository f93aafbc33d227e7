#include "domain/ticket/steps.h"

#include <algorithm>

#include "auth/record.h"
#include "base/log.h"
#include "domain/ticket/clocks.h"
#include "domain/ticket/number.h"
#include "domain/ticket/ticket_sql.h"

namespace propolis::ticket {
namespace {

constexpr std::string_view kDue = "SELECT ticket FROM ticket_detail WHERE look_at <= $1 ORDER BY look_at LIMIT $2";
constexpr std::string_view kKeepStep =
    "INSERT INTO clock_step (ticket, clock, step, at, acted_at, late) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (ticket, clock, step) DO NOTHING";
constexpr Seconds kTryAgainAfter{3600};

void Tell(store::WriteTx& tx, const Ticket& ticket, const Step& step, bool late) {
  const std::string told = dto::ToJson(
      StepTold{.id = ticket.id.ToString(), .clock = step.clock, .step = step.step, .at = step.at, .late = late});
  auth::Record(tx, auth::SystemActor(), step.step == kBreach ? "clock.breach" : "clock.step",
               FormatNumber(ticket.number), told, ticket.number);
  tx.Emit({.kind = "clock.step", .organisation = ticket.organisation, .ticket = ticket.number, .payload = told});
}

}  // namespace

std::vector<Step> StepsReached(const std::vector<sla::TicketClock>& clocks, Time since, Time now) {
  std::vector<Step> reached;
  const auto add = [&](const sla::TicketClock& clock, std::string_view step, Time at, Time seen_at) {
    if (since <= seen_at && seen_at <= now) {
      reached.push_back({clock.id, std::string(step), at});
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
  std::ranges::sort(reached, {}, [](const Step& step) { return std::tie(step.at, step.clock, step.step); });
  return reached;
}

Status ActOnSteps(store::WriteTx& tx, Ticket& ticket, Detail& detail) {
  const Time now = tx.Now();
  if (!detail.look_at || *detail.look_at > now) {
    return {};
  }
  const auto clocks = TRY(ClocksOf(tx, ticket.number, detail, now, /*explain=*/false));
  for (const Step& step : StepsReached(clocks, *detail.look_at, now)) {
    const bool late = now - step.at > kLateAfter;
    if (tx.Exec(kKeepStep, ticket.number, step.clock, step.step, step.at, now, late) == 1) {
      Tell(tx, ticket, step, late);
    }
  }
  KeepClocks(tx, ticket, detail, clocks);
  return {};
}

bool AnyStepDue(store::ReadTx& tx, Time now) {
  return tx.One(
               "SELECT 1 FROM ticket_detail WHERE look_at <= $1 LIMIT 1", [](const store::Row&) { return true; }, now)
      .value_or(false);
}

Result<int> ActOnDueSteps(store::WriteTx& tx, int limit) {
  const auto due = tx.All(kDue, [](const store::Row& row) { return row.Int(0); }, tx.Now(), limit);
  for (const std::int64_t number : due) {
    auto ticket = Load(tx, number);
    Detail detail = LoadDetail(tx, number);
    // One that cannot be reckoned must not keep the others waiting.
    if (const Status done = ticket ? ActOnSteps(tx, *ticket, detail) : Fail(Code::kNotFound, "error.not_found");
        !done) {
      log::Error("clock.step", done.error());
      tx.Exec(sql::kSaveLookAt, number, tx.Now() + kTryAgainAfter);
    }
  }
  return static_cast<int>(due.size());
}

const dto::Type& StepTold::Dto() {
  static const dto::Type type = dto::Object<StepTold>("StepTold", "A step that a clock reached.")
                                    .Required("id", &StepTold::id, "The ticket's.")
                                    .Required("clock", &StepTold::clock, "")
                                    .Required("step", &StepTold::step, "80%, -1800s, +3600s, breach")
                                    .Required("at", &StepTold::at, "When it was reached.")
                                    .Required("late", &StepTold::late, "Told more than a minute after it.")
                                    .Done();
  return type;
}

}  // namespace propolis::ticket
