// The fold behind clocks.h: walks over a ticket's events in order and keeps one Run for each clock. Internal to sla.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/sla/calendar_line.h"
#include "domain/sla/clocks.h"

namespace propolis::sla::internal {

// A part of a run's life; it ends where the next begins.
struct Span {
  Time from;
  Segment::Why why = Segment::Why::kCounted;
  TicketState state = TicketState::kNew;
  const ClockEvent* event = nullptr;
  const PolicyVersion* policy = nullptr;
  [[nodiscard]] bool Counts() const { return why == Segment::Why::kCounted || why == Segment::Why::kInApproval; }
};

// One clock while it is being followed.
class Run {
 public:
  enum class End { kNone, kMet, kCancelled, kMerged };

  ClockKind kind = ClockKind::kFirstResponse;
  int instance = 1;
  Time started_at;
  std::vector<Span> spans;  // never empty
  const PolicyVersion* policy = nullptr;
  const CalendarLine* hours = nullptr;  // set whenever `target` was ever set
  std::optional<Micros> target;
  const ClockEvent* manual = nullptr;
  std::optional<Time> due;
  std::optional<Time> stopped_at;
  std::optional<Time> first_met_at;
  End end = End::kNone;
  std::optional<Time> breached_at;
  std::optional<ClockCause> cause;
  int reopens = 0;

  [[nodiscard]] bool IsOpen() const { return !stopped_at; }
  [[nodiscard]] bool Owed() const { return target || manual != nullptr; }
  // Worked time until then.
  [[nodiscard]] Micros Elapsed(Time until) const;
  // When the worked time reaches `amount`: in the past, or to be expected. nullopt: paused, stopped before, or never.
  [[nodiscard]] std::optional<Time> Reach(Micros amount) const;
  void BeginSpan(const Span& span);
  void MoveStart(Time earlier, const Span& as);
  // Finds `due` anew; not once breached.
  void Reckon();
  void Breach(Time at, ClockCause why);
  // After a change at `at`: breached there when the due time now lies before it.
  void CheckChange(Time at, ClockCause why);

 private:
  struct Block {
    Time from;
    std::optional<Time> to;  // absent: counting still
  };
  [[nodiscard]] std::vector<Block> Blocks() const;
};

// What a history may refer to.
struct Sources {
  std::map<std::string, CalendarLine> calendars;
  std::map<std::pair<std::string, int>, const PolicyVersion*> policies;
  [[nodiscard]] const PolicyVersion* FindPolicy(const ClockEvent& event) const;
};

class Walk {
 public:
  explicit Walk(const Sources& sources) : sources_(sources) {}
  // In order of time. The events must outlive the walk.
  void Apply(const ClockEvent& event, Time at);
  // Nothing more happens until `now`.
  void Finish(Time now) { Expire(now); }
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }
  // The customer message that waits while a first response is owed.
  [[nodiscard]] std::optional<Time> Suppressed() const { return FirstResponseOwed() ? message_ : std::nullopt; }
  [[nodiscard]] int instances(ClockKind kind) const { return instances_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] const PolicyVersion* policy() const { return policy_; }
  [[nodiscard]] const Target* FindTarget(ClockKind kind) const { return policy_->policy.FindTarget(kind, priority_); }

 private:
  void Dispatch(const ClockEvent& event);
  void OnCreated(const ClockEvent& event);
  void OnAgentMessage(const ClockEvent& event);
  void OnCustomerMessage();
  void OnState(TicketState to);
  void OnMergedFrom(const ClockEvent& event);
  void OnSplitFrom(const ClockEvent& event);
  void OnManualDue(const ClockEvent& event);

  void Expire(Time at);
  void FaceCustomer();
  void Answer();
  void Reopen();
  void StartNextResponse(Time since, ClockCause why);
  template <class Visit>
  void ForEachOpen(Visit visit) {
    for (const auto& index : open_) {
      if (index) {
        visit(runs_[*index]);
      }
    }
  }
  Run* Open(ClockKind kind);
  void Start(ClockKind kind);
  void Stop(ClockKind kind, Run::End end);
  void StopAll(Run::End end, std::optional<ClockCause> cause);
  void TakeTarget(Run& run) const;
  void Retarget(ClockCause cause);
  void MoveStart(ClockKind kind, Time earlier, ClockCause cause);
  void SetModes();
  [[nodiscard]] Span SpanNow(ClockKind kind) const;
  [[nodiscard]] bool FirstResponseOwed() const;

  static constexpr std::size_t kKinds = Names<ClockKind>::kTable.size();

  const Sources& sources_;
  std::vector<Run> runs_;
  std::array<std::optional<std::size_t>, kKinds> open_;  // in runs_; at most one of a kind is open
  std::array<int, kKinds> instances_{};
  Time at_;
  const ClockEvent* event_ = nullptr;

  TicketState state_ = TicketState::kNew;
  Priority priority_ = Priority::kP4;
  const PolicyVersion* policy_ = nullptr;
  Time created_at_;
  std::string creator_;
  bool creators_post_expected_ = false;
  bool facing_ = false;
  bool answered_ = false;
  std::optional<Time> contact_;   // oldest unanswered customer contact, creation included
  std::optional<Time> message_;   // oldest unanswered customer message
  std::optional<Time> ended_at_;  // when the ticket last left the open states
};

}  // namespace propolis::sla::internal
