#include "domain/report/dashboard.h"

#include <date/date.h>

#include "domain/day.h"
#include "domain/promise/promise.h"
#include "domain/report/report_sql.h"
#include "domain/report/tally.h"
#include "domain/ticket/number.h"
#include "domain/ticket/queries.h"

namespace propolis::report {
namespace {

constexpr auto kUsualPeriod = std::chrono::days{84};
constexpr auto kLongestPeriod = std::chrono::days{366 * 3};
constexpr auto kSoon = std::chrono::days{60};
constexpr auto kPromisesDueWithin = std::chrono::hours{24};
constexpr std::size_t kMostGroups = 50;

bool IsHigh(std::int64_t priority) { return priority <= 2; }

// One row of the facts, by one of its times.
struct Fact {
  Time at;
  std::int64_t priority = 4;
  Uuid team;
  Uuid organisation;
  Uuid technology;
  std::optional<std::int64_t> first_response;
  std::optional<std::int64_t> resolution;
  std::optional<bool> kept;
  std::int64_t score = 0;
};

Uuid IdAt(const store::Row& row, int column) {
  return row.IsNull(column) ? Uuid{} : Uuid::FromBytes(row.Bytes(column)).value_or(Uuid{});
}

Fact ToFact(const store::Row& row) {
  Fact fact{row.Time(0),   row.Int(1),   IdAt(row, 2),
            IdAt(row, 3),  IdAt(row, 4), row.OptInt(5),
            row.OptInt(6), std::nullopt, row.IsNull(8) ? 0 : row.Int(8)};
  if (const auto kept = row.OptInt(7)) {
    fact.kept = *kept != 0;
  }
  return fact;
}

struct GroupTally {
  std::int64_t open = 0;
  Tally tally;
};
using Groups = std::map<Uuid, GroupTally>;

class Counting {
 public:
  Counting(store::ReadTx& tx, const Filter& filter, Time from, Time to, Time now)
      : tx_(tx), filter_(filter), from_(from), to_(to), before_(from - (to - from)), now_(now) {
    for (Time day = from; day < to; day += std::chrono::days{1}) {
      weeks_[MondayOf(day)];
    }
  }

  void Run() {
    const auto each = [&](std::string_view sql, const std::function<void(Tally&, const Fact&)>& count) {
      tx_.ForEach(
          sql,
          [&](const store::Row& row) {
            const Fact fact = ToFact(row);
            if (fact.at < from_) {
              count(previous_, fact);
              return true;
            }
            count(current_, fact);
            count(weeks_[MondayOf(fact.at)], fact);
            count(teams_[fact.team].tally, fact);
            count(technologies_[fact.technology].tally, fact);
            count(organisations_[fact.organisation].tally, fact);
            return true;
          },
          before_, to_, filter_.team, filter_.organisation, filter_.technology);
    };
    each(sql::kOpened, [](Tally& t, const Fact& f) { t.Open(IsHigh(f.priority), f.first_response); });
    each(sql::kResolved, [](Tally& t, const Fact& f) { t.Resolve(IsHigh(f.priority), f.resolution, f.kept); });
    each(sql::kAnswered, [](Tally& t, const Fact& f) { t.Answer(f.score); });
    CountScores();
    CountOpen();
  }

  Dashboard Take() && {
    Dashboard board;
    board.from = from_;
    board.to = to_;
    static_cast<Figures&>(board) = ToFigures(current_);
    board.open_now = open_;
    board.previous = ToFigures(previous_);
    board.previous.open_now = tx_.One(
                                     sql::kOpenAt, [](const store::Row& row) { return row.Int(0); }, from_, from_,
                                     filter_.team, filter_.organisation, filter_.technology)
                                  .value_or(0);
    for (auto& [week, tally] : weeks_) {
      board.weeks.push_back({NameOfWeek(week), tally.opened, tally.resolved, tally.SlaKept(),
                             Percent(tally.high_kept, tally.high_with_clocks), Median(tally.first_responses),
                             tally.Csat(), Percent(tally.high, tally.opened)});
    }
    board.backlog_by_age = std::move(ages_);
    board.by_team = ToGroups(teams_, sql::kTeamNames);
    board.by_technology = ToGroups(technologies_, sql::kTechnologyNames);
    board.by_organisation = ToGroups(organisations_, sql::kOrganisationNames);
    for (int score = 1; score <= 5; ++score) {
      board.csat_scores.push_back({score, scores_[static_cast<std::size_t>(score - 1)]});
    }
    AddComments(board);
    AddPromises(board);
    AddEtas(board);
    return board;
  }

 private:
  void CountScores() {
    tx_.ForEach(
        sql::kAnswered,
        [&](const store::Row& row) {
          const Fact fact = ToFact(row);
          if (fact.score >= 1 && fact.score <= 5) {
            ++scores_[static_cast<std::size_t>(fact.score - 1)];
          }
          return true;
        },
        from_, to_, filter_.team, filter_.organisation, filter_.technology);
  }

  void CountOpen() {
    constexpr std::array<std::pair<const char*, std::chrono::hours>, 5> kBuckets = {
        {{"under_4h", std::chrono::hours{4}},
         {"4h_24h", std::chrono::hours{24}},
         {"1d_3d", std::chrono::hours{72}},
         {"3d_7d", std::chrono::hours{168}},
         {"over_7d", std::chrono::hours::max()}}};
    for (const auto& bucket : kBuckets) {
      ages_.push_back({bucket.first});
    }
    tx_.ForEach(
        sql::kOpenNow,
        [&](const store::Row& row) {
          ++open_;
          const auto age = std::chrono::duration_cast<std::chrono::hours>(now_ - row.Time(0));
          const auto bucket = std::ranges::find_if(kBuckets, [&](const auto& b) { return age < b.second; });
          Age& line = ages_[static_cast<std::size_t>(bucket == kBuckets.end() ? 4 : bucket - kBuckets.begin())];
          std::int64_t* const counts[] = {&line.P1, &line.P2, &line.P3, &line.P4};
          ++*counts[std::clamp<std::int64_t>(row.Int(1), 1, 4) - 1];
          ++teams_[IdAt(row, 2)].open;
          ++organisations_[IdAt(row, 3)].open;
          ++technologies_[IdAt(row, 4)].open;
          return true;
        },
        filter_.team, filter_.organisation, filter_.technology);
  }

  static Figures ToFigures(Tally& tally) {
    Figures figures;
    figures.opened = tally.opened;
    figures.resolved = tally.resolved;
    figures.sla_kept = tally.SlaKept();
    figures.first_response_median_seconds = Median(tally.first_responses);
    figures.resolution_median_seconds = Median(tally.resolutions);
    figures.csat = tally.Csat();
    figures.csat_answers = tally.answers;
    return figures;
  }

  // The busiest first; what belongs to none is left out.
  std::vector<Group> ToGroups(Groups& groups, std::string_view names_sql) {
    std::map<Uuid, std::string> names;
    tx_.ForEach(names_sql, [&](const store::Row& row) {
      names[IdAt(row, 0)] = row.String(1);
      return true;
    });
    std::vector<Group> out;
    for (auto& [id, group] : groups) {
      if (!id.IsNil() && names.contains(id)) {
        Tally& tally = group.tally;
        out.push_back({id.ToString(), names[id], group.open, tally.opened, tally.resolved, tally.SlaKept(),
                       Median(tally.first_responses), Median(tally.resolutions), tally.Csat(),
                       Percent(tally.high, tally.opened)});
      }
    }
    std::ranges::sort(out, [](const Group& a, const Group& b) {
      return std::tie(b.opened, b.open, a.name) < std::tie(a.opened, a.open, b.name);
    });
    out.resize(std::min(out.size(), kMostGroups));
    return out;
  }

  void AddComments(Dashboard& board) {
    board.comments = tx_.All(
        sql::kComments,
        [](const store::Row& row) {
          return Comment{static_cast<int>(row.Int(0)), row.String(1), row.OptString(2),
                         ticket::FormatNumber(row.Int(3)), row.Time(4)};
        },
        from_, to_, filter_.team, filter_.organisation, filter_.technology);
  }

  void AddPromises(Dashboard& board) {
    PromiseCounts before;
    tx_.ForEach(
        sql::kPromises,
        [&](const store::Row& row) {
          PromiseCounts& counts = row.Time(0) < from_ ? before : board.promises;
          counts.kept += row.Text(1) == "kept" ? 1 : 0;
          counts.broken += row.Text(1) == "broken" ? 1 : 0;
          counts.moved += row.Int(2) > 0 ? 1 : 0;
          return true;
        },
        before_, to_, filter_.team, filter_.organisation, filter_.technology);
    tx_.ForEach(
        sql::kOpenPromises,
        [&](const store::Row& row) {
          ++board.promises.open;
          board.needs_you.promises_due += row.Time(0) < now_ + kPromisesDueWithin ? 1 : 0;
          return true;
        },
        from_, to_, filter_.team, filter_.organisation, filter_.technology);
    board.promises_kept = Percent(board.promises.kept, board.promises.kept + board.promises.broken);
    board.previous.promises_kept = Percent(before.kept, before.kept + before.broken);
  }

  void AddEtas(Dashboard& board) {
    std::vector<std::int64_t> now;
    std::vector<std::int64_t> before;
    tx_.ForEach(
        sql::kEtas,
        [&](const store::Row& row) {
          const Time resolved = row.Time(0);
          (resolved < from_ ? before : now).push_back(promise::ErrorOf(row.Time(1), row.OptTime(2), resolved));
          return true;
        },
        before_, to_, filter_.team, filter_.organisation, filter_.technology);
    const auto keep = [](Figures& figures, std::vector<std::int64_t>& errors) {
      figures.etas = std::ssize(errors);
      figures.eta_error_median_seconds = Median(errors);
      figures.eta_error_p90_seconds = Percentile(errors, 90);
    };
    keep(board, now);
    keep(board.previous, before);
  }

  store::ReadTx& tx_;
  const Filter& filter_;
  Time from_;
  Time to_;
  Time before_;
  Time now_;
  Tally current_;
  Tally previous_;
  std::map<Time, Tally> weeks_;
  Groups teams_;
  Groups technologies_;
  Groups organisations_;
  std::array<std::int64_t, 5> scores_{};
  std::vector<Age> ages_;
  std::int64_t open_ = 0;
};

void AddNeeds(store::ReadTx& tx, const auth::Actor& actor, const Filter& filter, Time now, NeedsYou& needs) {
  tx.ForEach(
      sql::kOverdue,
      [&](const store::Row& row) {
        if (needs.overdue++ == 0) {
          needs.oldest_overdue = Oldest{row.Id<TicketId>(1), ticket::FormatNumber(row.Int(0))};
        }
        return true;
      },
      now, now, filter.team, filter.organisation, filter.technology);
  needs.approvals = ticket::CountToApprove(tx, actor);
}

std::vector<CertificationGap> Gaps(store::ReadTx& tx, Time now) {
  const std::string today = date::format("%F", date::floor<date::days>(now));
  const std::string soon = date::format("%F", date::floor<date::days>(now + kSoon));
  return tx.All(
      sql::kCertifications,
      [&](const store::Row& row) {
        CertificationGap gap;
        gap.technology = OptRef(row, 0).value_or(Ref{});
        gap.holders = row.Int(2);
        gap.expires_on = row.OptString(4);
        gap.state = gap.holders == 0 ? "gap" : row.Text(3) <= soon ? "soon" : "ok";
        return gap;
      },
      today);
}

}  // namespace

Result<Dashboard> Compute(store::ReadTx& tx, const auth::Actor& actor, const Filter& filter, Time now) {
  TRY(auth::Require(actor, auth::Permission::kReportRead));
  const Time to = filter.to.value_or(now);
  const Time from = filter.from.value_or(to - kUsualPeriod);
  if (from >= to) {
    return FailField("from", "report.period_empty");
  }
  if (to - from > kLongestPeriod) {
    return FailField("from", "report.period_too_long");
  }
  Counting counting(tx, filter, from, to, now);
  counting.Run();
  Dashboard board = std::move(counting).Take();
  AddNeeds(tx, actor, filter, now, board.needs_you);
  board.certification_gaps = Gaps(tx, now);
  return board;
}

}  // namespace propolis::report
