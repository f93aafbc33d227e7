#include "domain/sla/clocks.h"

#include <map>
#include <set>

#include "domain/sla/clock_walk.h"

namespace propolis::sla {
namespace {

using internal::Run;
using internal::Sources;
using internal::Span;
using internal::Walk;

constexpr std::size_t kMaxEvents = 20000;

std::int64_t WholeSeconds(Micros micros) { return std::chrono::floor<Seconds>(micros).count(); }

// --- reading the input
// ------------------------------------------------------------------------------------------------

class Reader {
 public:
  explicit Reader(const ClockHistory& history) : history_(history) {}

  Result<Sources> Read() {
    ReadPolicies();
    ReadCalendars();
    for (std::size_t i = 0; i < history_.events.size(); ++i) {
      ReadEvent(history_.events[i], fmt::format("events/{}", i));
    }
    if (created_ != 1) {
      Add("events", created_ == 0 ? "sla.not_created" : "sla.created_twice");
    }
    CheckCalendarsKnown();
    if (!errors_.empty()) {
      return std::unexpected(Error{Code::kInvalid, "error.invalid", {}, std::move(errors_)});
    }
    return std::move(sources_);
  }

 private:
  void Add(std::string field, std::string message, std::vector<Arg> args = {}) {
    errors_.push_back({std::move(field), std::move(message), std::move(args)});
  }
  void Need(bool there, const std::string& path, std::string_view member) {
    if (!there) {
      Add(fmt::format("{}/{}", path, member), "field.required");
    }
  }

  void ReadPolicies() {
    for (std::size_t i = 0; i < history_.policies.size(); ++i) {
      const PolicyVersion& version = history_.policies[i];
      sources_.policies[{version.id, version.version}] = &version;
      if (!version.checked) {
        std::ranges::move(Validate(version.policy, fmt::format("policies/{}/policy", i)), std::back_inserter(errors_));
      }
    }
  }

  void ReadCalendars() {
    for (std::size_t i = 0; i < history_.calendars.size(); ++i) {
      const CalendarVersion& version = history_.calendars[i];
      auto shared = version.hours;
      if (!shared) {
        auto hours = WorkingTime::From(version.calendar);
        if (!hours) {
          std::ranges::move(Validate(version.calendar, fmt::format("calendars/{}/calendar", i)),
                            std::back_inserter(errors_));
          continue;
        }
        shared = std::make_shared<const WorkingTime>(std::move(*hours));
      }
      versions_[{version.id, version.version}] = shared;
      if (!ChangedByEvent(version)) {
        Line(version.id).Put(version.valid_from, version.version, std::move(shared));
      }
    }
  }

  // A version that an event brings into force holds from that event on only.
  bool ChangedByEvent(const CalendarVersion& version) const {
    return std::ranges::any_of(history_.events, [&](const ClockEvent& event) {
      return event.kind == ClockEventKind::kCalendarChanged && event.calendar == version.id &&
             event.calendar_version == version.version;
    });
  }

  CalendarLine& Line(const std::string& id) { return sources_.calendars.try_emplace(id, id).first->second; }

  void ReadEvent(const ClockEvent& event, const std::string& path) {
    switch (event.kind) {
      case ClockEventKind::kCreated:
        ++created_;
        Need(event.priority.has_value(), path, "priority");
        return NeedPolicy(event, path);
      case ClockEventKind::kStateChanged:
        return Need(event.state.has_value(), path, "state");
      case ClockEventKind::kPriorityChanged:
        return Need(event.priority.has_value(), path, "priority");
      case ClockEventKind::kPolicyChanged:
        return NeedPolicy(event, path);
      case ClockEventKind::kCalendarChanged: {
        const auto found = versions_.find({event.calendar.value_or(""), event.calendar_version.value_or(0)});
        if (found == versions_.end()) {
          return Add(path + "/calendar", "sla.unknown_calendar", {{"id", event.calendar.value_or("")}});
        }
        return Line(found->first.first).Put(event.at, found->first.second, found->second);
      }
      case ClockEventKind::kMergedFrom:
      case ClockEventKind::kSplitFrom:
        return Need(event.since.has_value(), path, "since");
      case ClockEventKind::kManualDue:
        Need(event.clock.has_value(), path, "clock");
        Need(event.due.has_value(), path, "due");
        Need(!event.reason.empty(), path, "reason");
        return Need(!event.approver.empty(), path, "approver");
      default:
        return;
    }
  }

  void NeedPolicy(const ClockEvent& event, const std::string& path) {
    const PolicyVersion* policy = sources_.FindPolicy(event);
    if (policy == nullptr) {
      return Add(path + "/policy", "sla.unknown_policy", {{"id", event.policy.value_or("")}});
    }
    used_.insert(policy->policy.calendar);
    for (const Target& target : policy->policy.targets) {
      used_.insert(target.calendar.value_or(policy->policy.calendar));
    }
  }

  void CheckCalendarsKnown() {
    for (const std::string& id : used_) {
      if (!sources_.calendars.contains(id) && errors_.empty()) {
        Add("calendars", "sla.unknown_calendar", {{"id", id}});
      }
    }
  }

  const ClockHistory& history_;
  Sources sources_;
  std::map<std::pair<std::string, int>, std::shared_ptr<const WorkingTime>> versions_;
  std::set<std::string> used_;
  std::vector<FieldError> errors_;
  int created_ = 0;
};

// --- telling the result
// -----------------------------------------------------------------------------------------------

Segment::Why WhyNotCounted(Stretch::Why why) {
  switch (why) {
    case Stretch::Why::kHoliday:
      return Segment::Why::kHoliday;
    case Stretch::Why::kException:
      return Segment::Why::kException;
    case Stretch::Why::kMixed:
      return Segment::Why::kMixed;
    default:
      return Segment::Why::kOutsideHours;
  }
}

class Teller {
 public:
  Teller(const Run& run, Time now) : run_(run), now_(now), until_(run.stopped_at.value_or(now)) {}

  TicketClock Tell(bool explain) const {
    TicketClock clock;
    clock.kind = run_.kind;
    clock.instance = run_.instance;
    clock.id = fmt::format("{}/{}", NameOf(run_.kind), run_.instance);
    clock.state = State();
    clock.open = run_.IsOpen() && clock.state != ClockState::kCancelled;
    clock.started_at = run_.started_at;
    clock.due_at = run_.due;
    clock.breached_at = run_.breached_at;
    clock.cause = run_.cause;
    clock.target = run_.target ? WholeSeconds(*run_.target) : 0;
    clock.policy = run_.policy->id;
    clock.policy_version = run_.policy->version;
    clock.calendar = run_.hours == nullptr ? run_.policy->policy.calendar : run_.hours->id();
    clock.reopens = run_.reopens;
    TellResult(clock);
    if (run_.manual != nullptr) {
      clock.manual = true;
      clock.manual_reason = run_.manual->reason;
      clock.manual_approver = run_.manual->approver;
    }
    TellSteps(clock);
    if (explain) {
      TellTrace(clock);
    }
    return clock;
  }

 private:
  [[nodiscard]] ClockState State() const {
    if (run_.breached_at) {
      return ClockState::kBreached;
    }
    if (run_.end == Run::End::kMerged) {
      return ClockState::kMerged;
    }
    if (run_.end == Run::End::kCancelled || !run_.Owed()) {
      return ClockState::kCancelled;
    }
    if (run_.end == Run::End::kMet) {
      return ClockState::kMet;
    }
    const bool by_hand = run_.manual != nullptr && run_.spans.back().why != Segment::Why::kResolved;
    return run_.spans.back().Counts() || by_hand ? ClockState::kRunning : ClockState::kPaused;
  }

  [[nodiscard]] Time EndOf(std::size_t span) const {
    return span + 1 < run_.spans.size() ? std::min(until_, run_.spans[span + 1].from) : until_;
  }

  [[nodiscard]] Micros InApproval() const {
    Micros sum{0};
    for (std::size_t i = 0; i < run_.spans.size(); ++i) {
      if (run_.spans[i].why == Segment::Why::kInApproval && run_.hours != nullptr && run_.spans[i].from < EndOf(i)) {
        sum += run_.hours->Within(run_.spans[i].from, EndOf(i));
      }
    }
    return sum;
  }

  void TellResult(TicketClock& clock) const {
    clock.elapsed = WholeSeconds(run_.Elapsed(until_));
    clock.in_approval = WholeSeconds(InApproval());
    if (run_.end == Run::End::kMet && run_.Owed()) {
      clock.met_at = run_.stopped_at;
    }
    if (run_.first_met_at) {
      clock.first_met_at = run_.first_met_at;
      clock.first_elapsed = WholeSeconds(run_.Elapsed(*run_.first_met_at));
    }
    if (clock.state == ClockState::kCancelled || clock.state == ClockState::kMerged) {
      return;
    }
    if (run_.manual != nullptr && run_.hours != nullptr && run_.due) {
      const bool over = *run_.due < until_;
      const Micros left = over ? -run_.hours->Within(*run_.due, until_) : run_.hours->Within(until_, *run_.due);
      clock.remaining = WholeSeconds(left);
    } else if (run_.target) {
      clock.remaining = clock.target - clock.elapsed;
    }
  }

  void TellSteps(TicketClock& clock) const {
    for (const Step& step : run_.policy->policy.steps) {
      if (step.clock != run_.kind || !run_.Owed()) {
        continue;
      }
      const auto at = run_.manual != nullptr ? StepByHand(step) : run_.Reach(StepAmount(step));
      // What a stopped clock did not reach is cancelled.
      if (run_.stopped_at && (!at || *at > *run_.stopped_at)) {
        continue;
      }
      clock.steps.push_back({clock.id + "/" + step.Name(), step.Name(), at, at && *at <= now_});
    }
  }

  [[nodiscard]] Micros StepAmount(const Step& step) const {
    const Micros target = *run_.target;
    if (step.percent) {
      return target * *step.percent / 100;
    }
    return std::max(Micros{0}, step.before_seconds ? target - Seconds{*step.before_seconds}
                                                   : target + Seconds{*step.after_seconds});
  }

  // Around a due time set by hand there is no target to measure by: the wall clock is used.
  [[nodiscard]] std::optional<Time> StepByHand(const Step& step) const {
    if (step.percent) {
      return run_.started_at + (*run_.due - run_.started_at) * *step.percent / 100;
    }
    return step.before_seconds ? *run_.due - Seconds{*step.before_seconds} : *run_.due + Seconds{*step.after_seconds};
  }

  void TellTrace(TicketClock& clock) const {
    Micros total{0};
    for (std::size_t i = 0; i < run_.spans.size(); ++i) {
      const Span& span = run_.spans[i];
      const Time end = EndOf(i);
      if (span.from >= end) {
        continue;
      }
      if (!span.Counts() || run_.hours == nullptr) {
        clock.trace.push_back(Piece(span, span.from, end));
        continue;
      }
      for (const auto& part : run_.hours->Stretches(span.from, end)) {
        Segment segment = Piece(span, part.stretch.from, part.stretch.to);
        const Micros before = total;
        total += part.stretch.counted;
        segment.counted = WholeSeconds(total) - WholeSeconds(before);
        segment.calendar = run_.hours->id();
        segment.calendar_version = part.version;
        if (part.stretch.why != Stretch::Why::kOpen) {
          segment.why = WhyNotCounted(part.stretch.why);
          segment.name = part.stretch.name;
        }
        clock.trace.push_back(std::move(segment));
      }
    }
  }

  static Segment Piece(const Span& span, Time from, Time to) {
    Segment segment;
    segment.from = from;
    segment.to = to;
    segment.why = span.why;
    segment.state = span.state;
    segment.event = span.event->id;
    segment.policy = span.policy->id;
    segment.policy_version = span.policy->version;
    return segment;
  }

  const Run& run_;
  Time now_;
  Time until_;
};

TicketClock TellSuppressed(const Walk& walk, const Target& target, Time since) {
  TicketClock clock;
  clock.kind = ClockKind::kNextResponse;
  clock.instance = 1 + walk.instances(ClockKind::kNextResponse);
  clock.id = fmt::format("{}/{}", NameOf(clock.kind), clock.instance);
  clock.state = ClockState::kSuppressed;
  clock.started_at = since;
  clock.target = target.seconds;
  clock.policy = walk.policy()->id;
  clock.policy_version = walk.policy()->version;
  clock.calendar = target.calendar.value_or(walk.policy()->policy.calendar);
  return clock;
}

}  // namespace

Result<std::vector<TicketClock>> Evaluate(const ClockHistory& history) {
  if (history.events.size() > kMaxEvents) {
    return FailField("events", "field.too_many", {{"max", std::to_string(kMaxEvents)}});
  }
  const Sources sources = TRY(Reader(history).Read());
  std::vector<std::size_t> order(history.events.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  // A ticket's history begins with its creation, whatever the clocks of other machines say.
  std::ranges::sort(order, {}, [&](std::size_t i) {
    const ClockEvent& event = history.events[i];
    return std::tuple(event.kind != ClockEventKind::kCreated, event.at, i);
  });
  const Time created_at = history.events[order.front()].at;
  std::vector<TicketClock> clocks;
  if (created_at > history.now) {
    return clocks;
  }
  Walk walk(sources);
  for (const std::size_t i : order) {
    if (history.events[i].at <= history.now) {
      walk.Apply(history.events[i], std::max(created_at, history.events[i].at));
    }
  }
  walk.Finish(history.now);
  for (const Run& run : walk.runs()) {
    if (run.hours != nullptr || run.manual != nullptr) {
      clocks.push_back(Teller(run, history.now).Tell(history.explain));
    }
  }
  const Target* next = walk.FindTarget(ClockKind::kNextResponse);
  if (const auto since = walk.Suppressed(); since && next != nullptr) {
    clocks.push_back(TellSuppressed(walk, *next, *since));
  }
  return clocks;
}

std::optional<Deadline> NextDeadline(const std::vector<TicketClock>& clocks) {
  std::optional<Deadline> next;
  for (const TicketClock& clock : clocks) {
    if (clock.state == ClockState::kRunning && clock.due_at && (!next || *clock.due_at < next->due)) {
      next = Deadline{*clock.due_at, clock.kind, clock.id};
    }
  }
  return next;
}

std::optional<Time> NextMoment(const std::vector<TicketClock>& clocks, Time now) {
  std::optional<Time> next;
  const auto consider = [&](std::optional<Time> at) {
    if (at && *at > now && (!next || *at < *next)) {
      next = at;
    }
  };
  for (const TicketClock& clock : clocks) {
    if (!clock.open) {
      continue;
    }
    if (clock.state == ClockState::kRunning && clock.due_at) {
      consider(OverAt(*clock.due_at));
    }
    for (const StepTime& step : clock.steps) {
      consider(step.at);
    }
  }
  return next;
}

}  // namespace propolis::sla
