// The clocks of one ticket, from its history alone: a pure function of (events, policy versions, calendar versions,
// now). Whoever evaluates the same history at the same moment gets the same clocks, and every figure can be explained.
//
// What starts, stops, pauses and changes a clock:
//  - first_response: from creation, or from when the ticket first faces the customer, to the first public message of a
//    person of the desk or the first logged call with contact. Automatic messages, notes and the creating agent's own
//    first post do not count.
//  - next_response: from the first unanswered customer message after the last answer to the next answer; more customer
//    messages do not move it. Suppressed while a first_response is owed.
//  - keep_informed: from one answer to the next, also when the customer is silent.
//  - resolution: from creation to resolved. Time in approval counts, and is told apart.
//  - acknowledge: from an alert to its acknowledgement.
//  - A state that pauses a clock freezes what is left of it; when the ticket leaves the state the clock goes on. While
//  a
//    ticket is resolved no clock runs. An answer exactly at the due time is in time.
//  - A new priority or policy gives open clocks the new target, with their own start and pauses. When that puts the due
//    time into the past, the breach is stamped at the moment of the change, with its cause. A result - met or breached
//    - never changes.
//  - A due time set by hand (reason and approver needed) stays: neither pauses nor new targets move it.
//  - Reopened within the grace time: the resolution goes on, the gap counts as a pause. Later: a new one begins.
//  - Merged into another ticket: the clocks end as merged. As target of a merge with an older ticket: clocks start at
//  the
//    oldest unanswered customer contact of both, when that is earlier. Split off: they start at the customer's message.
//  - Closed, merged and spam tickets are never reckoned again. Who the ticket belongs to does not matter to a clock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/sla/policy.h"

namespace propolis::sla {

enum class ClockEventKind {
  kCreated,          // by, by_agent, internal, priority, policy, policy_version
  kCustomerFacing,   // an internal ticket is shown to the customer
  kAgentMessage,     // by: a public message of a person of the desk
  kCustomerMessage,  // any channel
  kCall,             // contact: whether somebody was reached
  kAutoMessage,      // automatic replies and bots
  kNote,             // internal
  kStateChanged,     // state
  kPriorityChanged,  // priority
  kPolicyChanged,    // policy, policy_version
  kCalendarChanged,  // calendar, calendar_version: in force from `at`, which may be in the future
  kReopened,         // the same as a change to state `open`
  kMergedInto,       // this ticket became part of another
  kMergedFrom,       // another became part of this one; since: when that was created; unanswered_since: see there
  kSplitFrom,        // since: time of the message it was split off at; by_agent: it was not the customer's
  kManualDue,        // clock, due, reason, approver
  kAlertRaised,
  kAcknowledged,
  kAssigned,  // owner or team changed
};

// One fact of a ticket's history. Which members each kind needs is said there.
struct ClockEvent {
  Time at;
  ClockEventKind kind = ClockEventKind::kNote;
  std::string id;  // to be found again in the explanation
  std::string by;
  bool by_agent = false;
  bool internal = false;
  bool contact = false;
  std::optional<TicketState> state;
  std::optional<Priority> priority;
  std::optional<std::string> policy;
  std::optional<int> policy_version;
  std::optional<std::string> calendar;
  std::optional<int> calendar_version;
  std::optional<Time> since;
  std::optional<Time> unanswered_since;  // oldest unanswered customer contact of the merged ticket
  std::optional<ClockKind> clock;
  std::optional<Time> due;
  std::string reason;
  std::string approver;
  static const dto::Type& Dto();
};

enum class ClockState { kRunning, kPaused, kMet, kBreached, kCancelled, kMerged, kSuppressed };

// Why a clock was breached, or cancelled.
enum class ClockCause {
  kTime,            // the due time passed
  kPriorityChange,  // ...
  kPolicyChange,    // a change put the due time into the past, or took the target away
  kManualDue,
  kMerge,
  kSplit,
  kClosed,  // closed before it was met
  kSpam,
};

// One piece of the explanation. `counted` is told in whole seconds such that all pieces add up to the clock's elapsed
// time.
struct Segment {
  enum class Why {
    kCounted,
    kInApproval,    // counted, and told apart
    kOutsideHours,  // closed by the weekly hours
    kHoliday,
    kException,
    kMixed,  // many days in one line
    kPausedByState,
    kResolved,   // the ticket stood resolved
    kReopenGap,  // resolved, then reopened within the grace time
  };
  Time from;
  Time to;
  std::int64_t counted = 0;
  Why why = Why::kCounted;
  std::optional<TicketState> state;  // the ticket's
  std::string name;                  // of the holiday or exception
  std::string event;                 // id of the event that began it
  std::string calendar;
  int calendar_version = 0;
  std::string policy;
  int policy_version = 0;
  static const dto::Type& Dto();
};

// A warning or escalation of one clock. `key` is the same at every evaluation: do what it asks once for each key.
struct StepTime {
  std::string key;
  std::string step;        // "80%", "-1800s", "+3600s"
  std::optional<Time> at;  // absent while it cannot be said: the clock is paused
  bool reached = false;    // at <= now
  static const dto::Type& Dto();
};

struct TicketClock {
  std::string id;  // "resolution/1"
  ClockKind kind = ClockKind::kFirstResponse;
  int instance = 1;  // the nth of its kind
  ClockState state = ClockState::kRunning;
  bool open = true;  // not stopped yet; a breached clock may be open
  Time started_at;
  std::optional<Time> due_at;        // absent while paused or suppressed, and when the calendar never opens again
  std::optional<Time> met_at;        // when it was stopped by what it waits for, in time or late
  std::optional<Time> first_met_at;  // resolution: the first time, when it was reopened since
  std::optional<std::int64_t> first_elapsed;
  std::optional<Time> breached_at;
  std::optional<ClockCause> cause;
  std::int64_t target = 0;  // working seconds, as are all below
  std::int64_t elapsed = 0;
  std::optional<std::int64_t> remaining;  // negative: over
  std::int64_t in_approval = 0;           // part of elapsed
  int reopens = 0;
  bool manual = false;
  std::string manual_reason;
  std::string manual_approver;
  std::string policy;
  int policy_version = 0;
  std::string calendar;
  std::vector<StepTime> steps;
  std::vector<Segment> trace;
  static const dto::Type& Dto();
};

// All that the clocks of one ticket depend on.
struct ClockHistory {
  std::vector<ClockEvent> events;  // in any order; of the same instant, in the order given
  std::vector<PolicyVersion> policies;
  std::vector<CalendarVersion> calendars;
  Time now;
  bool explain = true;  // whether to fill `trace`
  static const dto::Type& Dto();
};

// Events after `now` are left out, but for calendar changes, which are known ahead. Invalid, naming fields as
// "events/3/policy": an event without what its kind needs, an unknown policy or calendar, no `created` or two.
Result<std::vector<TicketClock>> Evaluate(const ClockHistory& history);

// The due time a queue sorts by: the earliest of the clocks that run.
struct Deadline {
  Time due;
  ClockKind kind = ClockKind::kFirstResponse;
  std::string clock;
};
std::optional<Deadline> NextDeadline(const std::vector<TicketClock>& clocks);
// The first moment at which a clock that is due then is over: what happens at the due time itself is in time.
constexpr Time OverAt(Time due) { return due + Micros{1}; }
// When to look again if nothing happens before: the earliest moment after `now` at which a clock is over or reaches a
// step.
std::optional<Time> NextMoment(const std::vector<TicketClock>& clocks, Time now);

}  // namespace propolis::sla

namespace propolis {

template <>
struct Names<sla::ClockEventKind> {
  using K = sla::ClockEventKind;
  static constexpr std::array kTable = {std::pair{K::kCreated, std::string_view("created")},
                                        std::pair{K::kCustomerFacing, std::string_view("customer_facing")},
                                        std::pair{K::kAgentMessage, std::string_view("agent_message")},
                                        std::pair{K::kCustomerMessage, std::string_view("customer_message")},
                                        std::pair{K::kCall, std::string_view("call")},
                                        std::pair{K::kAutoMessage, std::string_view("auto_message")},
                                        std::pair{K::kNote, std::string_view("note")},
                                        std::pair{K::kStateChanged, std::string_view("state_changed")},
                                        std::pair{K::kPriorityChanged, std::string_view("priority_changed")},
                                        std::pair{K::kPolicyChanged, std::string_view("policy_changed")},
                                        std::pair{K::kCalendarChanged, std::string_view("calendar_changed")},
                                        std::pair{K::kReopened, std::string_view("reopened")},
                                        std::pair{K::kMergedInto, std::string_view("merged_into")},
                                        std::pair{K::kMergedFrom, std::string_view("merged_from")},
                                        std::pair{K::kSplitFrom, std::string_view("split_from")},
                                        std::pair{K::kManualDue, std::string_view("manual_due")},
                                        std::pair{K::kAlertRaised, std::string_view("alert_raised")},
                                        std::pair{K::kAcknowledged, std::string_view("acknowledged")},
                                        std::pair{K::kAssigned, std::string_view("assigned")}};
};
template <>
struct Names<sla::ClockState> {
  using S = sla::ClockState;
  static constexpr std::array kTable = {std::pair{S::kRunning, std::string_view("running")},
                                        std::pair{S::kPaused, std::string_view("paused")},
                                        std::pair{S::kMet, std::string_view("met")},
                                        std::pair{S::kBreached, std::string_view("breached")},
                                        std::pair{S::kCancelled, std::string_view("cancelled")},
                                        std::pair{S::kMerged, std::string_view("merged")},
                                        std::pair{S::kSuppressed, std::string_view("suppressed")}};
};
template <>
struct Names<sla::ClockCause> {
  using C = sla::ClockCause;
  static constexpr std::array kTable = {std::pair{C::kTime, std::string_view("time")},
                                        std::pair{C::kPriorityChange, std::string_view("priority_change")},
                                        std::pair{C::kPolicyChange, std::string_view("policy_change")},
                                        std::pair{C::kManualDue, std::string_view("manual_due")},
                                        std::pair{C::kMerge, std::string_view("merge")},
                                        std::pair{C::kSplit, std::string_view("split")},
                                        std::pair{C::kClosed, std::string_view("closed")},
                                        std::pair{C::kSpam, std::string_view("spam")}};
};
template <>
struct Names<sla::Segment::Why> {
  using W = sla::Segment::Why;
  static constexpr std::array kTable = {std::pair{W::kCounted, std::string_view("counted")},
                                        std::pair{W::kInApproval, std::string_view("in_approval")},
                                        std::pair{W::kOutsideHours, std::string_view("outside_hours")},
                                        std::pair{W::kHoliday, std::string_view("holiday")},
                                        std::pair{W::kException, std::string_view("exception")},
                                        std::pair{W::kMixed, std::string_view("mixed")},
                                        std::pair{W::kPausedByState, std::string_view("paused_by_state")},
                                        std::pair{W::kResolved, std::string_view("resolved")},
                                        std::pair{W::kReopenGap, std::string_view("reopen_gap")}};
};

}  // namespace propolis
