// Whether priorities drift upwards: the share of P1 and P2 by organisation and by agent against the policy's bound, the
// priorities set by hand with their reasons, and which levels past tickets had.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"
#include "store/store.h"

namespace propolis::triage {

// How many of the tickets that came are P1 or P2.
struct Share {
  std::int64_t tickets = 0;
  std::int64_t high = 0;
  [[nodiscard]] double Percent() const;  // 0 of none
};

// Whether a share lies above the bound (percent). Fewer than twenty tickets say nothing.
bool IsOver(const Share& share, int bound);

// Of the thirty days before `now`, as the tickets stand.
Share ShareOfOrganisation(store::ReadTx& tx, OrganisationId organisation, Time now);
Share ShareOfAgent(store::ReadTx& tx, StaffId assignee, Time now);

struct DriftFilter {
  std::optional<int> weeks;
  static const dto::Type& Dto();
};

struct DriftWeek {
  Time from;
  std::int64_t tickets = 0;
  std::int64_t high = 0;
  static const dto::Type& Dto();
};

struct DriftRow {
  Ref of;
  std::int64_t tickets = 0;
  std::int64_t high = 0;
  double percent = 0;
  bool over = false;
  std::vector<DriftWeek> weeks;  // all of the period, in order
  static const dto::Type& Dto();
};

struct DriftOverride {
  TicketId id;
  std::string number;
  std::string subject;
  Priority priority = Priority::kP4;
  Priority by_matrix = Priority::kP4;
  std::string reason;
  std::string by;
  Time at;
  static const dto::Type& Dto();
};

struct LevelCount {
  int impact = kLowestLevel;
  int urgency = kLowestLevel;
  std::int64_t tickets = 0;  // whose priority is the matrix's: not set by hand
  static const dto::Type& Dto();
};

struct Drift {
  Time from;
  int bound = 0;  // percent
  std::int64_t tickets = 0;
  std::int64_t high = 0;
  std::vector<DriftRow> organisations;  // those above the bound first, then by share
  std::vector<DriftRow> agents;
  std::vector<DriftOverride> overrides;  // that stand, the newest tickets first
  std::vector<LevelCount> levels;
  static const dto::Type& Dto();
};

// Error: kForbidden.
Result<Drift> ComputeDrift(store::ReadTx& tx, const auth::Actor& actor, const DriftFilter& filter, Time now);

}  // namespace propolis::triage
