// The desk's figures over a period, beside those of the period before.
//
// What counts where: `opened` by when a ticket was opened; `resolved`, SLA kept and resolution times by when it was
// resolved (and is still); first response times and the share of P1 and P2 by when it was opened; CSAT by when it was
// answered. SLA kept: of the resolved tickets with clocks, the percentage none of whose clocks was breached. Medians
// are of working time as the clocks counted it. ETA error: each ETA, kept or broken, of the tickets resolved in the
// period: the resolution less the promised time as it stood in the end, by the wall clock. Weeks are ISO weeks in UTC.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"
#include "store/store.h"

namespace propolis::report {

struct Filter {
  std::optional<Time> from;  // 12 weeks back when left out
  std::optional<Time> to;    // now when left out
  std::optional<TeamId> team;
  std::optional<OrganisationId> organisation;
  std::optional<TechnologyId> technology;
  static const dto::Type& Dto();
};

struct Figures {
  std::int64_t open_now = 0;
  std::int64_t opened = 0;
  std::int64_t resolved = 0;
  std::optional<double> sla_kept;
  std::optional<std::int64_t> first_response_median_seconds;
  std::optional<std::int64_t> resolution_median_seconds;
  std::optional<double> csat;
  std::int64_t csat_answers = 0;
  std::optional<double> promises_kept;
  std::int64_t etas = 0;
  std::optional<std::int64_t> eta_error_median_seconds;
  std::optional<std::int64_t> eta_error_p90_seconds;
  static const dto::Type& Dto();
};

struct Week {
  std::string week;  // "2026-W47"
  std::int64_t opened = 0;
  std::int64_t resolved = 0;
  std::optional<double> sla_kept;
  std::optional<double> sla_kept_high;
  std::optional<std::int64_t> first_response_median_seconds;
  std::optional<double> csat;
  std::optional<double> high_share;
  static const dto::Type& Dto();
};

struct Age {
  std::string bucket;
  std::int64_t P1 = 0;
  std::int64_t P2 = 0;
  std::int64_t P3 = 0;
  std::int64_t P4 = 0;
  static const dto::Type& Dto();
};

struct Group {
  std::string id;
  std::string name;
  std::int64_t open = 0;
  std::int64_t opened = 0;
  std::int64_t resolved = 0;
  std::optional<double> sla_kept;
  std::optional<std::int64_t> first_response_median_seconds;
  std::optional<std::int64_t> resolution_median_seconds;
  std::optional<double> csat;
  std::optional<double> high_share;
  static const dto::Type& Dto();
};

struct ScoreCount {
  int score = 0;
  std::int64_t count = 0;
  static const dto::Type& Dto();
};

struct Comment {
  int score = 0;
  std::string comment;
  std::optional<std::string> organisation;
  std::string number;
  Time at;
  static const dto::Type& Dto();
};

struct PromiseCounts {
  std::int64_t kept = 0;
  std::int64_t moved = 0;
  std::int64_t broken = 0;
  std::int64_t open = 0;
  static const dto::Type& Dto();
};

struct Oldest {
  TicketId id;
  std::string number;
  static const dto::Type& Dto();
};

struct NeedsYou {
  std::int64_t overdue = 0;
  std::int64_t approvals = 0;
  std::int64_t promises_due = 0;
  std::optional<Oldest> oldest_overdue;
  static const dto::Type& Dto();
};

struct CertificationGap {
  Ref technology;
  int level = 1;
  std::int64_t holders = 0;
  std::optional<std::string> expires_on;  // the next to run out, YYYY-MM-DD
  std::string state;                      // gap: nobody; soon: the last one runs out within 60 days; ok
  static const dto::Type& Dto();
};

struct Dashboard : Figures {
  Time from;
  Time to;
  Figures previous;
  std::vector<Week> weeks;
  std::vector<Age> backlog_by_age;
  std::vector<Group> by_team;
  std::vector<Group> by_technology;
  std::vector<Group> by_organisation;
  std::vector<ScoreCount> csat_scores;
  std::vector<Comment> comments;
  PromiseCounts promises;
  NeedsYou needs_you;
  std::vector<CertificationGap> certification_gaps;
  static const dto::Type& Dto();
};

// Error: kForbidden; a field error on a period that is empty or longer than three years.
Result<Dashboard> Compute(store::ReadTx& tx, const auth::Actor& actor, const Filter& filter, Time now);

// One table of it as CSV (RFC 4180). Error: a field error on a table that is not there.
Result<std::string> ToCsv(const Dashboard& dashboard, std::string_view table);
// A field that no spreadsheet takes for a formula, quoted where needed.
std::string CsvField(std::string_view text);

}  // namespace propolis::report
