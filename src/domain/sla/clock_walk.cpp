#include "domain/sla/clock_walk.h"

namespace propolis::sla::internal {
namespace {

bool IsFinal(TicketState state) {
  return state == TicketState::kClosed || state == TicketState::kMerged || state == TicketState::kSpam;
}

std::optional<Time> Earlier(std::optional<Time> a, std::optional<Time> b) {
  return a && b ? std::min(*a, *b) : a ? a : b;
}

}  // namespace

const PolicyVersion* Sources::FindPolicy(const ClockEvent& event) const {
  const auto found = policies.find({event.policy.value_or(""), event.policy_version.value_or(0)});
  return found == policies.end() ? nullptr : found->second;
}

void Walk::Apply(const ClockEvent& event, Time at) {
  Expire(at);
  at_ = at;
  event_ = &event;
  const bool may_reopen = event.kind == ClockEventKind::kStateChanged || event.kind == ClockEventKind::kReopened;
  if (!IsFinal(state_) || may_reopen) {
    Dispatch(event);
  }
}

void Walk::Dispatch(const ClockEvent& event) {
  switch (event.kind) {
    case ClockEventKind::kCreated:
      return OnCreated(event);
    case ClockEventKind::kCustomerFacing:
      return FaceCustomer();
    case ClockEventKind::kAgentMessage:
      return OnAgentMessage(event);
    case ClockEventKind::kCustomerMessage:
      return OnCustomerMessage();
    case ClockEventKind::kCall:
      return event.contact ? Answer() : void();
    case ClockEventKind::kStateChanged:
      return OnState(*event.state);
    case ClockEventKind::kReopened:
      return OnState(TicketState::kOpen);
    case ClockEventKind::kPriorityChanged:
      priority_ = *event.priority;
      return Retarget(ClockCause::kPriorityChange);
    case ClockEventKind::kPolicyChanged:
      policy_ = sources_.FindPolicy(event);
      return Retarget(ClockCause::kPolicyChange);
    case ClockEventKind::kMergedInto:
      return OnState(TicketState::kMerged);
    case ClockEventKind::kMergedFrom:
      return OnMergedFrom(event);
    case ClockEventKind::kSplitFrom:
      return OnSplitFrom(event);
    case ClockEventKind::kManualDue:
      return OnManualDue(event);
    case ClockEventKind::kAlertRaised:
      if (Open(ClockKind::kAcknowledge) == nullptr) {
        Start(ClockKind::kAcknowledge);
      }
      return;
    case ClockEventKind::kAcknowledged:
      return Stop(ClockKind::kAcknowledge, Run::End::kMet);
    case ClockEventKind::kCalendarChanged:  // already in the calendar's line
    case ClockEventKind::kAutoMessage:
    case ClockEventKind::kNote:
    case ClockEventKind::kAssigned:
      return;
  }
}

// --- events
// -----------------------------------------------------------------------------------------------------------

void Walk::OnCreated(const ClockEvent& event) {
  created_at_ = at_;
  state_ = event.state.value_or(TicketState::kNew);
  priority_ = *event.priority;
  policy_ = sources_.FindPolicy(event);
  creator_ = event.by;
  creators_post_expected_ = event.by_agent;
  Start(ClockKind::kResolution);
  if (!event.internal) {
    FaceCustomer();
    if (!event.by_agent) {
      contact_ = at_;
    }
  }
}

void Walk::FaceCustomer() {
  if (!facing_) {
    facing_ = true;
    Start(ClockKind::kFirstResponse);
  }
}

void Walk::OnAgentMessage(const ClockEvent& event) {
  const bool creators_first = creators_post_expected_ && event.by == creator_;
  if (creators_first) {
    creators_post_expected_ = false;
  }
  if (!creators_first || answered_) {
    Answer();
  }
}

void Walk::Answer() {
  FaceCustomer();
  answered_ = true;
  contact_.reset();
  message_.reset();
  Stop(ClockKind::kFirstResponse, Run::End::kMet);
  Stop(ClockKind::kNextResponse, Run::End::kMet);
  Stop(ClockKind::kKeepInformed, Run::End::kMet);
  Start(ClockKind::kKeepInformed);
}

void Walk::OnCustomerMessage() {
  FaceCustomer();
  contact_ = contact_.value_or(at_);
  message_ = message_.value_or(at_);
  StartNextResponse(*message_, ClockCause::kTime);
}

void Walk::StartNextResponse(Time since, ClockCause why) {
  if (Open(ClockKind::kNextResponse) == nullptr && !FirstResponseOwed()) {
    Start(ClockKind::kNextResponse);
    MoveStart(ClockKind::kNextResponse, since, why);
  }
}

void Walk::OnState(TicketState to) {
  if (to == state_) {
    return;
  }
  const bool was_open = propolis::IsOpen(state_);
  state_ = to;
  if (propolis::IsOpen(to)) {
    if (!was_open) {
      Reopen();
    }
    return SetModes();
  }
  if (was_open) {
    ended_at_ = at_;
  }
  if (to == TicketState::kResolved || to == TicketState::kClosed) {
    Stop(ClockKind::kResolution, Run::End::kMet);
  }
  if (to == TicketState::kMerged) {
    StopAll(Run::End::kMerged, std::nullopt);
  } else if (IsFinal(to)) {
    StopAll(Run::End::kCancelled, to == TicketState::kSpam ? ClockCause::kSpam : ClockCause::kClosed);
  }
  SetModes();
}

// Within the grace time what the end stopped goes on, and the gap is a pause.
void Walk::Reopen() {
  const bool in_grace = ended_at_ && at_ - *ended_at_ <= Seconds{policy_->policy.reopen_grace_seconds};
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    Run& run = runs_[i];
    const bool ended_by_state = run.end == Run::End::kCancelled || run.end == Run::End::kMerged ||
                                (run.kind == ClockKind::kResolution && run.end == Run::End::kMet);
    if (!in_grace || !ended_by_state || *run.stopped_at < *ended_at_ || Open(run.kind) != nullptr) {
      continue;
    }
    if (run.kind == ClockKind::kResolution && run.end == Run::End::kMet) {
      run.first_met_at = run.first_met_at.value_or(*run.stopped_at);
      ++run.reopens;
    }
    Span gap = SpanNow(run.kind);
    gap.from = *run.stopped_at;
    gap.why = Segment::Why::kReopenGap;
    run.stopped_at.reset();
    run.end = Run::End::kNone;
    open_[static_cast<std::size_t>(run.kind)] = i;
    run.cause = run.breached_at ? run.cause : std::nullopt;
    run.BeginSpan(gap);
  }
  if (Open(ClockKind::kResolution) == nullptr) {
    Start(ClockKind::kResolution);
  }
}

void Walk::OnMergedFrom(const ClockEvent& event) {
  contact_ = Earlier(contact_, event.unanswered_since);
  if (*event.since < created_at_ && contact_) {
    MoveStart(ClockKind::kFirstResponse, *contact_, ClockCause::kMerge);
    MoveStart(ClockKind::kResolution, *contact_, ClockCause::kMerge);
  }
  if (event.unanswered_since) {
    message_ = Earlier(message_, event.unanswered_since);
    MoveStart(ClockKind::kNextResponse, *message_, ClockCause::kMerge);
    StartNextResponse(*message_, ClockCause::kMerge);
  }
}

void Walk::OnSplitFrom(const ClockEvent& event) {
  if (!event.by_agent) {
    contact_ = Earlier(contact_, event.since);
    MoveStart(ClockKind::kFirstResponse, *event.since, ClockCause::kSplit);
    MoveStart(ClockKind::kResolution, *event.since, ClockCause::kSplit);
  }
}

void Walk::OnManualDue(const ClockEvent& event) {
  Run* run = Open(*event.clock);
  if (run == nullptr || run->breached_at) {
    return;
  }
  run->manual = &event;
  run->Reckon();
  run->CheckChange(at_, ClockCause::kManualDue);
}

// --- runs
// -------------------------------------------------------------------------------------------------------------

void Walk::Expire(Time at) {
  ForEachOpen([&](Run& run) {
    const bool stands = run.spans.back().why == Segment::Why::kResolved;
    if (!run.breached_at && !stands && run.due && *run.due < at) {
      run.Breach(*run.due, ClockCause::kTime);
    }
  });
}

Run* Walk::Open(ClockKind kind) {
  const auto index = open_[static_cast<std::size_t>(kind)];
  return index ? &runs_[*index] : nullptr;
}

bool Walk::FirstResponseOwed() const {
  const auto index = open_[static_cast<std::size_t>(ClockKind::kFirstResponse)];
  return index && runs_[*index].Owed();
}

Span Walk::SpanNow(ClockKind kind) const {
  Span span{at_, Segment::Why::kCounted, state_, event_, policy_};
  if (!propolis::IsOpen(state_)) {
    span.why = Segment::Why::kResolved;
  } else if (policy_->policy.Pauses(state_, kind)) {
    span.why = Segment::Why::kPausedByState;
  } else if (state_ == TicketState::kInApproval) {
    span.why = Segment::Why::kInApproval;
  }
  return span;
}

void Walk::Start(ClockKind kind) {
  Run run;
  run.kind = kind;
  run.instance = ++instances_[static_cast<std::size_t>(kind)];
  run.started_at = at_;
  run.spans.push_back(SpanNow(kind));
  TakeTarget(run);
  run.Reckon();
  open_[static_cast<std::size_t>(kind)] = runs_.size();
  runs_.push_back(std::move(run));
}

void Walk::Stop(ClockKind kind, Run::End end) {
  if (Run* run = Open(kind)) {
    run->stopped_at = at_;
    run->end = end;
    open_[static_cast<std::size_t>(kind)].reset();
  }
}

void Walk::StopAll(Run::End end, std::optional<ClockCause> cause) {
  ForEachOpen([&](Run& run) {
    run.stopped_at = at_;
    run.end = end;
    run.cause = run.breached_at ? run.cause : cause;
  });
  open_ = {};
}

void Walk::TakeTarget(Run& run) const {
  run.policy = policy_;
  const Target* target = FindTarget(run.kind);
  run.target = target == nullptr ? std::nullopt : std::optional<Micros>(Seconds{target->seconds});
  if (target != nullptr) {
    run.hours = &sources_.calendars.at(target->calendar.value_or(policy_->policy.calendar));
  }
}

void Walk::Retarget(ClockCause cause) {
  ForEachOpen([&](Run& run) {
    if (run.breached_at) {
      return;
    }
    const bool had = run.target.has_value();
    TakeTarget(run);
    run.cause = had && !run.target ? std::optional(cause) : std::nullopt;
    run.BeginSpan(SpanNow(run.kind));
    run.Reckon();
    run.CheckChange(at_, cause);
  });
  if (message_) {
    StartNextResponse(*message_, cause);
  }
}

void Walk::MoveStart(ClockKind kind, Time earlier, ClockCause cause) {
  Run* run = Open(kind);
  if (run != nullptr && !run->breached_at && earlier < run->started_at) {
    run->MoveStart(earlier, SpanNow(kind));
    run->CheckChange(at_, cause);
  }
}

void Walk::SetModes() {
  ForEachOpen([&](Run& run) { run.BeginSpan(SpanNow(run.kind)); });
}

}  // namespace propolis::sla::internal
