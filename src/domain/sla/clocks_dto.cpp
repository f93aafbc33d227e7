// The field tables of clocks.h.
#include "domain/sla/clocks.h"

namespace propolis::sla {

const dto::Type& ClockEvent::Dto() {
  static const dto::Type type =
      dto::Object<ClockEvent>("ClockEvent", "One fact of a ticket's history.")
          .Required("at", &ClockEvent::at, "When.")
          .Required("kind", &ClockEvent::kind, "What happened; it decides which of the other fields are needed.")
          .Optional("id", &ClockEvent::id, "Named in the explanation.", dto::Text(0, 64))
          .Optional("by", &ClockEvent::by, "Who: for created and agent_message.", dto::Text(0, 64))
          .Optional("by_agent", &ClockEvent::by_agent,
                    "created: a person of the desk did it. split_from: the message was not the customer's.")
          .Optional("internal", &ClockEvent::internal, "created: the customer does not see the ticket yet.")
          .Optional("contact", &ClockEvent::contact, "call: somebody was reached.")
          .Optional("state", &ClockEvent::state, "state_changed: the new state.")
          .Optional("priority", &ClockEvent::priority, "created, priority_changed.")
          .Optional("policy", &ClockEvent::policy, "created, policy_changed: id of the policy.", dto::Text(1, 64))
          .Optional("policy_version", &ClockEvent::policy_version, "created, policy_changed.")
          .Optional("calendar", &ClockEvent::calendar, "calendar_changed: id of the calendar.", dto::Text(1, 64))
          .Optional("calendar_version", &ClockEvent::calendar_version,
                    "calendar_changed: the version in force from `at` on.")
          .Optional("since", &ClockEvent::since,
                    "merged_from: when the other ticket was created. split_from: time of the message.")
          .Optional("unanswered_since", &ClockEvent::unanswered_since,
                    "merged_from: oldest unanswered customer contact of the other ticket.")
          .Optional("clock", &ClockEvent::clock, "manual_due: which clock.")
          .Optional("due", &ClockEvent::due, "manual_due: the due time.")
          .Optional("reason", &ClockEvent::reason, "manual_due: why.", dto::Text(0, 1000))
          .Optional("approver", &ClockEvent::approver, "manual_due: who approved it.", dto::Text(0, 64))
          .Done();
  return type;
}

const dto::Type& Segment::Dto() {
  static const dto::Type type =
      dto::Object<Segment>("ClockSegment", "One piece of a clock's explanation.")
          .Required("from", &Segment::from, "Where it begins.")
          .Required("to", &Segment::to, "Where it ends.")
          .Required("counted", &Segment::counted, "Seconds counted; all pieces add up to `elapsed`.")
          .Required("why", &Segment::why, "Why it was counted or not.")
          .Optional("state", &Segment::state, "State of the ticket.")
          .Optional("name", &Segment::name, "Name of the holiday or exception.")
          .Optional("event", &Segment::event, "Id of the event that began it.")
          .Optional("calendar", &Segment::calendar, "Id of the calendar.")
          .Optional("calendar_version", &Segment::calendar_version, "Its version.")
          .Optional("policy", &Segment::policy, "Id of the policy in force.")
          .Optional("policy_version", &Segment::policy_version, "Its version.")
          .Done();
  return type;
}

const dto::Type& StepTime::Dto() {
  static const dto::Type type = dto::Object<StepTime>("ClockStep", "A warning or escalation of one clock.")
                                    .Required("key", &StepTime::key, "The same at every evaluation: act once for each.")
                                    .Required("step", &StepTime::step, "80%, -1800s (before), +3600s (after).")
                                    .Optional("at", &StepTime::at, "When; absent while the clock is paused.")
                                    .Required("reached", &StepTime::reached, "Whether that time has come.")
                                    .Done();
  return type;
}

const dto::Type& TicketClock::Dto() {
  static const dto::Type type =
      dto::Object<TicketClock>("TicketClock", "One promise of time on one ticket.")
          .Required("id", &TicketClock::id, "kind/instance.")
          .Required("kind", &TicketClock::kind, "Which clock.")
          .Required("instance", &TicketClock::instance, "The nth of its kind on this ticket.")
          .Required("state", &TicketClock::state, "Where it stands.")
          .Required("open", &TicketClock::open, "Whether it still waits for its end; a breached clock may.")
          .Required("started_at", &TicketClock::started_at, "When it began to count.")
          .Optional("due_at", &TicketClock::due_at, "Absent while paused or suppressed, or when it never falls due.")
          .Optional("met_at", &TicketClock::met_at, "When it got what it waits for, in time or late.")
          .Optional("first_met_at", &TicketClock::first_met_at, "The first time, when it was reopened since.")
          .Optional("first_elapsed", &TicketClock::first_elapsed, "Seconds counted until then.")
          .Optional("breached_at", &TicketClock::breached_at, "When it was breached.")
          .Optional("cause", &TicketClock::cause, "Why it was breached or cancelled.")
          .Required("target", &TicketClock::target, "Working seconds allowed.")
          .Required("elapsed", &TicketClock::elapsed, "Working seconds used.")
          .Optional("remaining", &TicketClock::remaining, "Working seconds left; negative: over.")
          .Optional("in_approval", &TicketClock::in_approval, "Part of `elapsed` spent in approval.")
          .Optional("reopens", &TicketClock::reopens, "How often the ticket came back within the grace time.")
          .Optional("manual", &TicketClock::manual, "The due time was set by hand.")
          .Optional("manual_reason", &TicketClock::manual_reason, "Why.")
          .Optional("manual_approver", &TicketClock::manual_approver, "Who approved it.")
          .Required("policy", &TicketClock::policy, "Id of the policy it was measured by.")
          .Required("policy_version", &TicketClock::policy_version, "Its version.")
          .Required("calendar", &TicketClock::calendar, "Id of the calendar.")
          .Optional("steps", &TicketClock::steps, "Warnings and escalations.")
          .Optional("trace", &TicketClock::trace, "Where the time went, piece by piece.", dto::Items(0, 100000))
          .Done();
  return type;
}

const dto::Type& ClockHistory::Dto() {
  static const dto::Type type =
      dto::Object<ClockHistory>("ClockHistory", "All that the clocks of one ticket depend on.")
          .Required("events", &ClockHistory::events, "What happened, beginning with `created`.", dto::Items(1, 20000))
          .Required("policies", &ClockHistory::policies, "The policy versions the events name.", dto::Items(1, 100))
          .Required("calendars", &ClockHistory::calendars, "The calendars of these.", dto::Items(1, 100))
          .Required("now", &ClockHistory::now, "The moment of the answer.")
          .Optional("explain", &ClockHistory::explain, "Whether to tell the trace; true when left out.")
          .Done();
  return type;
}

}  // namespace propolis::sla
