// A page as it is stored, for the commands and queries of this room.
#pragma once

#include "domain/escalation/page.h"
#include "store/store.h"

namespace propolis::escalation {

struct PageRow {
  PageId id;
  std::int64_t ticket = 0;
  std::string subject;
  Priority priority = Priority::kP4;
  std::string policy;
  std::vector<PlannedStep> plan;
  PageCause cause = PageCause::kHand;
  std::string note;
  PageState state = PageState::kCalling;
  std::int64_t step = 0;  // the next of the plan, from 0
  std::optional<Time> step_at;
  Time started_at;
  std::optional<Ref> acknowledged_by;
  std::optional<Time> acknowledged_at;
  std::optional<Time> ended_at;

  [[nodiscard]] bool HasSteps() const { return step < static_cast<std::int64_t>(plan.size()); }
};

// Columns of PROPOLIS_PAGE_COLUMNS.
PageRow ToPageRow(const store::Row& row);

}  // namespace propolis::escalation
