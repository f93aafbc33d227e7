#include "domain/ticket/simulation.h"

#include <map>

#include "domain/calendars/policy_commands.h"
#include "domain/calendars/versions.h"
#include "domain/ticket/clock_history.h"
#include "domain/ticket/number.h"

namespace propolis::ticket {
namespace {

using auth::Permission;

constexpr int kLongestDays = 366;
constexpr std::int64_t kBatch = 200;  // tickets in one transaction
constexpr std::size_t kMostShown = 200;

// By what the reports know of each ticket, which has an index on the day; merged ones and spam are not among them.
constexpr std::string_view kTickets =
    "SELECT t.number, f.opened_at, t.id, t.subject, t.priority, d.policy, d.policy_version, d.calendar "
    "FROM report_fact f JOIN ticket t ON t.number = f.ticket JOIN ticket_detail d ON d.ticket = "
    "f.ticket WHERE (f.opened_at > $1 OR (f.opened_at = $1 AND f.ticket > $2)) AND f.opened_at < $3 AND d.policy IS "
    "NOT NULL AND ($4 IS NULL OR d.policy = $4) AND ($5 IS NULL OR t.organisation = $5) "
    "ORDER BY f.opened_at, f.ticket LIMIT $6";

struct Past {
  std::int64_t number = 0;
  Time opened_at;
  SimulatedClock shown;
  Terms terms;
};

Past ToPast(const store::Row& row) {
  Past past;
  past.number = row.Int(0);
  past.opened_at = row.Time(1);
  past.shown.id = row.Id<TicketId>(2);
  past.shown.number = FormatNumber(past.number);
  past.shown.subject = row.String(3);
  past.shown.priority = static_cast<Priority>(row.Int(4));
  past.terms = {row.Id<PolicyId>(5), row.Int(6), row.Id<CalendarId>(7)};
  return past;
}

// What is put in the place of what held.
struct Draft {
  std::optional<PolicyId> of_policy;      // only in its place; left out: in that of any
  std::optional<CalendarId> of_calendar;  // the same
  std::optional<sla::Policy> policy;
  std::vector<std::vector<sla::CalendarVersion>> own_calendars;  // of the draft policy's targets
  std::shared_ptr<const sla::WorkingTime> hours;
};

std::unexpected<Error> Under(std::string_view member, Error error) {
  for (FieldError& field : error.fields) {
    field.field = std::string(member) + "/" + field.field;
  }
  return std::unexpected(std::move(error));
}

Status TakePolicy(store::ReadTx& tx, const calendars::NewPolicy& policy, Draft& draft) {
  auto rules = calendars::ToRules(policy, calendars::ExistingIn(tx));
  if (!rules) {
    return Under("policy", std::move(rules).error());
  }
  for (const sla::Target& target : rules->targets) {
    if (const auto own = calendars::OwnCalendar(target)) {
      draft.own_calendars.push_back(HoursOf(tx, *own));
    }
  }
  draft.policy = std::move(*rules);
  return {};
}

Status TakeCalendar(const calendars::NewCalendar& calendar, Draft& draft) {
  const auto body = calendars::ToHours(calendar);
  if (!body) {
    return Under("calendar", body.error());
  }
  auto hours = sla::WorkingTime::From(*body);
  if (!hours) {
    return Under("calendar", std::move(hours).error());
  }
  draft.hours = std::make_shared<const sla::WorkingTime>(*std::move(hours));
  return {};
}

Status Check(const Simulate& request) {
  if (request.to <= request.from) {
    return FailField("to", "simulation.empty_period");
  }
  if (request.to - request.from > std::chrono::days{kLongestDays}) {
    return FailField("to", "simulation.long_period", {{"days", std::to_string(kLongestDays)}});
  }
  if (!request.policy && !request.calendar) {
    return FailField("policy", "simulation.nothing_to_try");
  }
  return {};
}

// The history as it would have been; whether the draft holds anywhere in it.
bool Redraw(sla::ClockHistory& history, const Draft& draft) {
  bool held = false;
  if (draft.policy) {
    for (sla::PolicyVersion& version : history.policies) {
      if (!draft.of_policy || version.id.starts_with(draft.of_policy->ToString())) {
        std::string calendar = std::move(version.policy.calendar);
        version.policy = *draft.policy;
        version.policy.calendar = std::move(calendar);
        version.checked = true;
        held = true;
      }
    }
    for (const auto& own : draft.own_calendars) {
      AddHours(own, history);
    }
  }
  if (draft.hours) {
    for (sla::CalendarVersion& version : history.calendars) {
      if (!draft.of_calendar || version.id == draft.of_calendar->ToString()) {
        version.hours = draft.hours;
        held = true;
      }
    }
  }
  return held;
}

// nullopt: a clock of which nothing is to be said, because the ticket ended before it did.
std::optional<ClockOutcome> OutcomeOf(const sla::TicketClock& clock) {
  switch (clock.state) {
    case sla::ClockState::kBreached:
      return ClockOutcome::kBreached;
    case sla::ClockState::kMet:
      return ClockOutcome::kKept;
    case sla::ClockState::kRunning:
    case sla::ClockState::kPaused:
      return ClockOutcome::kOpen;
    default:
      return std::nullopt;
  }
}

class Simulator {
 public:
  Simulator(const Draft& draft, Time now) : draft_(draft), now_(now) {}

  Status Replay(store::ReadTx& tx, const Past& past) {
    History read = ReadHistory(tx, past.number, past.terms);
    if (read.events.empty()) {
      return {};
    }
    if (!read.events.front().priority) {
      read.events.front().priority = past.shown.priority;
    }
    sla::ClockHistory history;
    history.events = std::move(read.events);
    history.now = now_;
    history.explain = false;
    TRY(LoadTerms(tx, read.terms, history));
    sla::ClockHistory redrawn = history;
    if (!Redraw(redrawn, draft_)) {
      return {};
    }
    ++answer_.tickets;
    const auto before = TRY(sla::Evaluate(history));
    const auto after = TRY(sla::Evaluate(redrawn));
    Compare(past, before, after);
    return {};
  }

  [[nodiscard]] std::int64_t tickets() const { return answer_.tickets; }

  Simulation Finish(bool complete) && {
    answer_.complete = complete;
    for (auto& [key, sum] : sums_) {
      answer_.sums.push_back(sum);
    }
    return std::move(answer_);
  }

 private:
  void Compare(const Past& past, const std::vector<sla::TicketClock>& before,
               const std::vector<sla::TicketClock>& after) {
    for (const sla::TicketClock& clock : before) {
      Count(past, clock, /*is_after=*/false);
    }
    for (const sla::TicketClock& clock : after) {
      Count(past, clock, /*is_after=*/true);
      const auto same = std::ranges::find(before, clock.id, &sla::TicketClock::id);
      if (same != before.end()) {
        Contrast(past, *same, clock);
      }
    }
  }

  void Count(const Past& past, const sla::TicketClock& clock, bool is_after) {
    const auto outcome = OutcomeOf(clock);
    if (!outcome || outcome == ClockOutcome::kOpen) {
      return;
    }
    SimulatedSum& sum = sums_[{past.shown.priority, clock.kind}];
    sum.priority = past.shown.priority;
    sum.clock = clock.kind;
    const bool kept = outcome == ClockOutcome::kKept;
    ++(is_after ? (kept ? sum.kept_after : sum.breached_after) : (kept ? sum.kept_before : sum.breached_before));
  }

  void Contrast(const Past& past, const sla::TicketClock& before, const sla::TicketClock& after) {
    const auto was = OutcomeOf(before);
    const auto is = OutcomeOf(after);
    if (!was || !is) {
      return;
    }
    const bool flips = was != is && (was == ClockOutcome::kBreached || is == ClockOutcome::kBreached);
    const bool moves = is == ClockOutcome::kOpen && was == is && before.due_at != after.due_at;
    if (!flips && !moves) {
      return;
    }
    ++(flips ? answer_.flips : answer_.moves);
    auto& list = flips ? answer_.flipped : answer_.moved;
    if (list.size() < kMostShown) {
      SimulatedClock shown = past.shown;
      shown.clock = after.kind;
      shown.before = *was;
      shown.after = *is;
      shown.due_before = before.due_at;
      shown.due_after = after.due_at;
      list.push_back(std::move(shown));
    }
  }

  const Draft& draft_;
  Time now_;
  Simulation answer_;
  std::map<std::pair<Priority, ClockKind>, SimulatedSum> sums_;
};

}  // namespace

Result<Simulation> RunSimulation(store::Store& store, const auth::Actor& actor, const Simulate& request, Time now,
                                 const SimulationBounds& bounds) {
  TRY(auth::Require(actor, Permission::kPolicyWrite));
  TRY(auth::Require(actor, Permission::kTicketRead));
  TRY(Check(request));
  Draft draft{.of_policy = request.policy_id,
              .of_calendar = request.calendar_id,
              .policy = {},
              .own_calendars = {},
              .hours = nullptr};
  if (request.policy) {
    TRY(store.Read([&](store::ReadTx& tx) { return TakePolicy(tx, *request.policy, draft); }));
  }
  if (request.calendar) {
    TRY(TakeCalendar(*request.calendar, draft));
  }
  Simulator simulator(draft, now);
  Time after = request.from - Micros{1};
  std::int64_t last = INT64_MAX;
  while (true) {
    const std::int64_t room = std::min(kBatch, bounds.tickets - simulator.tickets());
    if (room <= 0 || !bounds.goes_on()) {
      return std::move(simulator).Finish(/*complete=*/false);
    }
    const auto read = TRY(store.Read([&](store::ReadTx& tx) -> Result<std::int64_t> {
      const auto tickets =
          tx.All(kTickets, ToPast, after, last, request.to, request.policy_id, request.organisation_id, room);
      for (const Past& past : tickets) {
        TRY(simulator.Replay(tx, past));
        after = past.opened_at;
        last = past.number;
      }
      return static_cast<std::int64_t>(tickets.size());
    }));
    if (read < room) {
      return std::move(simulator).Finish(/*complete=*/true);
    }
  }
}

}  // namespace propolis::ticket
