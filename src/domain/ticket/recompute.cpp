#include "domain/ticket/recompute.h"

#include "base/log.h"
#include "domain/calendars/calendar_commands.h"
#include "domain/ticket/clocks.h"
#include "domain/ticket/steps.h"

namespace propolis::ticket {
namespace {

// The contract's calendar is on the ticket; the one of a single target is named in the policy.
constexpr std::string_view kOpenBy =
    "SELECT t.number FROM ticket t JOIN ticket_detail d ON d.ticket = t.number WHERE t.is_open = 1 AND t.number > $1 "
    "AND (d.calendar = $2 OR d.policy IN (SELECT policy FROM sla_policy_version WHERE instr(body, $3) > 0)) "
    "ORDER BY t.number LIMIT $4";
constexpr int kPortion = 50;

Status Recompute(store::WriteTx& tx, std::int64_t number) {
  auto ticket = Load(tx, number);
  if (!ticket) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  Detail detail = LoadDetail(tx, number);
  TRY(ActOnSteps(tx, *ticket, detail));
  KeepClocks(tx, *ticket, detail, TRY(ClocksOf(tx, number, detail, tx.Now(), /*explain=*/false)));
  return {};
}

}  // namespace

Result<std::optional<std::int64_t>> RecomputeOpen(store::WriteTx& tx, CalendarId calendar, std::int64_t after,
                                                  int limit) {
  const auto numbers =
      tx.All(kOpenBy, [](const store::Row& row) { return row.Int(0); }, after, calendar, calendar.ToString(), limit);
  for (const std::int64_t number : numbers) {
    // One that cannot be reckoned must not keep the others from it.
    if (const Status done = Recompute(tx, number); !done) {
      log::Error("clock.recompute", done.error());
    }
  }
  return numbers.empty() ? std::nullopt : std::optional(numbers.back());
}

void HandleHoursChanged(jobs::Worker& worker, store::Store& store) {
  worker.Handle(std::string(calendars::kHoursChanged), [&store](const jobs::Job& job) -> Status {
    const auto calendar = CalendarId::Parse(job.key);
    std::optional<std::int64_t> after = calendar ? std::optional(0) : std::nullopt;
    while (after) {
      after = TRY(store.Write([&](store::WriteTx& tx) { return RecomputeOpen(tx, *calendar, *after, kPortion); }));
    }
    return {};
  });
}

}  // namespace propolis::ticket
