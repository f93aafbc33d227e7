// Clocks and their explanations, as the API tells them.
#pragma once

#include "api/resource.h"
#include "domain/ref.h"
#include "domain/sla/clocks.h"
#include "domain/ticket/ticket.h"

namespace propolis::api {

struct PolicyRef {
  std::string id;
  std::string name;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct ClockView {
  std::string id;  // "resolution/1"; "-" for "/" in paths
  ClockKind kind = ClockKind::kFirstResponse;
  std::string state;  // running, paused, met, breached, cancelled
  Time started_at;
  std::optional<Time> due_at;
  std::optional<Time> met_at;
  std::int64_t target_seconds = 0;
  std::int64_t elapsed_seconds = 0;
  std::optional<std::int64_t> remaining_seconds;
  PolicyRef policy;
  Ref calendar;
  std::optional<std::string> breach_cause;
  std::optional<Time> warn_at;
  std::vector<sla::StepTime> steps;
  std::optional<std::string> manual_reason;  // of a due time set by hand
  std::optional<std::string> manual_approver;
  static const dto::Type& Dto();
};

struct SegmentView {
  Time from;
  Time to;
  std::int64_t seconds = 0;
  bool counted = false;
  std::string why;
  std::string text;
  static const dto::Type& Dto();
};

struct ClockEventView {
  Time at;
  std::string what;
  static const dto::Type& Dto();
};

struct Explanation {
  ClockView clock;
  std::vector<SegmentView> segments;
  std::vector<ClockEventView> events;
  std::string text;
  static const dto::Type& Dto();
};

// Those worth showing: all but suppressed ones.
Result<std::vector<ClockView>> ViewClocks(store::ReadTx& tx, std::int64_t number, const ticket::Detail& detail,
                                          Time now);
// Error: kNotFound. `clock` is a clock's id.
Result<Explanation> ExplainClock(store::ReadTx& tx, std::int64_t number, std::string_view clock, Time now,
                                 Language language);

}  // namespace propolis::api
