#include "domain/triage/drift.h"

#include <algorithm>
#include <tuple>

#include "base/json.h"
#include "base/json_texts.h"
#include "domain/ticket/number.h"
#include "domain/triage/decide.h"

namespace propolis::triage {
namespace {

using auth::Permission;

constexpr std::int64_t kFewest = 20;
constexpr std::chrono::days kWindow{30};
constexpr int kUsualWeeks = 13;
constexpr std::size_t kMostRows = 100;
constexpr std::chrono::days kWeek{7};
constexpr int kHighest = static_cast<int>(Priority::kP2);  // P1 and P2 count as high

// A ticket that came since then was touched since then, which is what the indexes know.
constexpr std::string_view kOfOrganisation =
    "SELECT count(*), coalesce(sum(priority <= $3), 0) FROM ticket WHERE organisation = $1 AND is_open IN (0, 1) AND "
    "updated_at >= $2 AND created_at >= $2 AND state NOT IN ('merged', 'spam')";
constexpr std::string_view kOfAgent =
    "SELECT count(*), coalesce(sum(priority <= $3), 0) FROM ticket WHERE assignee = $1 AND is_open IN (0, 1) AND "
    "updated_at >= $2 AND created_at >= $2 AND state NOT IN ('merged', 'spam')";

constexpr std::string_view kByOrganisation =
    "SELECT o.id, o.name, (f.opened_at - $1) / $2 AS week, count(*), sum(t.priority <= $3) FROM report_fact f "
    "JOIN ticket t ON t.number = f.ticket JOIN organisation o ON o.id = t.organisation "
    "WHERE f.opened_at >= $1 GROUP BY o.id, week ORDER BY o.name, o.id, week";
constexpr std::string_view kByAgent =
    "SELECT s.id, s.name, (f.opened_at - $1) / $2 AS week, count(*), sum(t.priority <= $3) FROM report_fact f "
    "JOIN ticket t ON t.number = f.ticket JOIN staff s ON s.id = t.assignee "
    "WHERE f.opened_at >= $1 GROUP BY s.id, week ORDER BY s.name, s.id, week";
constexpr std::string_view kLevels =
    "SELECT t.impact, t.urgency, t.priority, d.override IS NOT NULL, count(*) FROM report_fact f JOIN ticket t ON "
    "t.number = f.ticket JOIN ticket_detail d ON d.ticket = f.ticket WHERE f.opened_at >= $1 GROUP BY 1, 2, 3, 4";
constexpr std::string_view kOverrides =
    "SELECT t.id, t.number, t.subject, t.priority, t.impact, t.urgency, d.override FROM report_fact f JOIN ticket t ON "
    "t.number = f.ticket JOIN ticket_detail d ON d.ticket = f.ticket WHERE f.opened_at >= $1 AND d.override IS NOT "
    "NULL ORDER BY f.opened_at DESC LIMIT $2";

Share ToShare(const store::Row& row) { return {row.Int(0), row.Int(1)}; }

class Period {
 public:
  Period(store::ReadTx& tx, Time from, int weeks, int bound) : tx_(tx), from_(from), weeks_(weeks), bound_(bound) {}

  std::vector<DriftRow> Rows(std::string_view sql) const {
    std::vector<DriftRow> rows;
    tx_.ForEach(
        sql,
        [&](const store::Row& row) {
          const auto of = *OptRef(row, 0);
          if (rows.empty() || rows.back().of.id != of.id) {
            rows.push_back(Empty(of));
          }
          DriftRow& into = rows.back();
          into.tickets += row.Int(3);
          into.high += row.Int(4);
          // What came within the second is of the last week too.
          auto& week = into.weeks.at(std::min(static_cast<std::size_t>(row.Int(2)), into.weeks.size() - 1));
          week.tickets += row.Int(3);
          week.high += row.Int(4);
          return true;
        },
        from_, Micros(kWeek).count(), kHighest);
    for (DriftRow& row : rows) {
      const Share share{row.tickets, row.high};
      row.percent = share.Percent();
      row.over = IsOver(share, bound_);
    }
    std::ranges::sort(rows, {}, [](const DriftRow& row) { return std::tuple(!row.over, -row.percent, row.of.name); });
    rows.resize(std::min(rows.size(), kMostRows));
    return rows;
  }

 private:
  [[nodiscard]] DriftRow Empty(const Ref& of) const {
    DriftRow row;
    row.of = of;
    for (int week = 0; week < weeks_; ++week) {
      row.weeks.push_back({from_ + week * kWeek, 0, 0});
    }
    return row;
  }

  store::ReadTx& tx_;
  Time from_;
  int weeks_;
  int bound_;
};

DriftOverride ToOverride(const store::Row& row, const Policy& policy) {
  DriftOverride shown;
  shown.id = row.Id<TicketId>(0);
  shown.number = ticket::FormatNumber(row.Int(1));
  shown.subject = row.String(2);
  shown.priority = static_cast<Priority>(row.Int(3));
  shown.by_matrix = PriorityFor(policy, static_cast<int>(row.Int(4)), static_cast<int>(row.Int(5)));
  if (const auto told = json::Document::Parse(row.Text(6))) {
    shown.reason = TextOf(told->Root(), "reason");
    shown.at = ParseTime(TextOf(told->Root(), "at")).value_or(Time{});
    if (const auto by = told->Root().Find("by")) {
      shown.by = TextOf(*by, "name");
    }
  }
  return shown;
}

void CountLevels(store::ReadTx& tx, Time from, Drift& into) {
  tx.ForEach(
      kLevels,
      [&](const store::Row& row) {
        into.tickets += row.Int(4);
        into.high += row.Int(2) <= kHighest ? row.Int(4) : 0;
        if (row.Bool(3)) {
          return true;
        }
        const int impact = static_cast<int>(row.Int(0));
        const int urgency = static_cast<int>(row.Int(1));
        const auto same = std::ranges::find_if(
            into.levels, [&](const LevelCount& one) { return one.impact == impact && one.urgency == urgency; });
        if (same == into.levels.end()) {
          into.levels.push_back({impact, urgency, row.Int(4)});
        } else {
          same->tickets += row.Int(4);
        }
        return true;
      },
      from);
}

}  // namespace

double Share::Percent() const {
  return tickets == 0 ? 0.0 : 100.0 * static_cast<double>(high) / static_cast<double>(tickets);
}

bool IsOver(const Share& share, int bound) { return share.tickets >= kFewest && share.Percent() > bound; }

Share ShareOfOrganisation(store::ReadTx& tx, OrganisationId organisation, Time now) {
  return tx.One(kOfOrganisation, ToShare, organisation, now - kWindow, kHighest).value_or(Share{});
}

Share ShareOfAgent(store::ReadTx& tx, StaffId assignee, Time now) {
  return tx.One(kOfAgent, ToShare, assignee, now - kWindow, kHighest).value_or(Share{});
}

Result<Drift> ComputeDrift(store::ReadTx& tx, const auth::Actor& actor, const DriftFilter& filter, Time now) {
  TRY(auth::Require(actor, Permission::kReportRead));
  TRY(auth::Require(actor, Permission::kTicketRead));
  const int weeks = filter.weeks.value_or(kUsualWeeks);
  const Policy policy = LoadPolicy(tx);
  Drift drift;
  drift.from = now - weeks * kWeek;
  drift.bound = policy.high_share_bound;
  CountLevels(tx, drift.from, drift);
  const Period period(tx, drift.from, weeks, drift.bound);
  drift.organisations = period.Rows(kByOrganisation);
  drift.agents = period.Rows(kByAgent);
  drift.overrides = tx.All(
      kOverrides, [&](const store::Row& row) { return ToOverride(row, policy); }, drift.from,
      static_cast<std::int64_t>(kMostRows));
  return drift;
}

const dto::Type& DriftFilter::Dto() {
  static const dto::Type type =
      dto::Object<DriftFilter>("DriftFilter", "")
          .Optional("weeks", &DriftFilter::weeks, "How many weeks back; 13 when left out.", dto::Range(1, 52))
          .Done();
  return type;
}

const dto::Type& DriftWeek::Dto() {
  static const dto::Type type = dto::Object<DriftWeek>("DriftWeek", "One week of a share.")
                                    .Required("from", &DriftWeek::from, "Its beginning.")
                                    .Required("tickets", &DriftWeek::tickets, "That came in it.")
                                    .Required("high", &DriftWeek::high, "Of them P1 and P2.")
                                    .Done();
  return type;
}

const dto::Type& DriftRow::Dto() {
  using T = DriftRow;
  static const dto::Type type =
      dto::Object<T>("DriftRow", "The share of P1 and P2 of one organisation or agent.")
          .Required("of", &T::of, "Whose.")
          .Required("tickets", &T::tickets, "That came in the period.")
          .Required("high", &T::high, "Of them P1 and P2.")
          .Required("percent", &T::percent, "The share.")
          .Required("over", &T::over, "Whether it lies above the bound; fewer than twenty tickets say nothing.")
          .Required("weeks", &T::weeks, "Week by week.")
          .Done();
  return type;
}

const dto::Type& DriftOverride::Dto() {
  using T = DriftOverride;
  static const dto::Type type = dto::Object<T>("DriftOverride", "A priority set by hand, that stands.")
                                    .Required("id", &T::id, "The ticket.")
                                    .Required("number", &T::number, "Its number.")
                                    .Required("subject", &T::subject, "What it is about.")
                                    .Required("priority", &T::priority, "As set.")
                                    .Required("by_matrix", &T::by_matrix, "As the matrix has it.")
                                    .Required("reason", &T::reason, "Why.")
                                    .Required("by", &T::by, "Who.")
                                    .Required("at", &T::at, "When.")
                                    .Done();
  return type;
}

const dto::Type& LevelCount::Dto() {
  using T = LevelCount;
  static const dto::Type type =
      dto::Object<T>("LevelCount", "How many tickets have an impact and an urgency.")
          .Required("impact", &T::impact, "1 extensive - 4 minor.")
          .Required("urgency", &T::urgency, "1 critical - 4 low.")
          .Required("tickets", &T::tickets, "Those whose priority is the matrix's, not set by hand.")
          .Done();
  return type;
}

const dto::Type& Drift::Dto() {
  using T = Drift;
  static const dto::Type type =
      dto::Object<T>("Drift", "Whether priorities drift upwards.")
          .Required("from", &T::from, "Tickets that came since then.")
          .Required("bound", &T::bound, "Per cent of P1 and P2, of the triage policy.")
          .Required("tickets", &T::tickets, "All of the period.")
          .Required("high", &T::high, "Of them P1 and P2.")
          .Required("organisations", &T::organisations, "Those above the bound first; a hundred at most.")
          .Required("agents", &T::agents, "By who handles the tickets; a hundred at most.")
          .Required("overrides", &T::overrides, "Priorities set by hand that stand; the newest hundred.")
          .Required("levels", &T::levels, "Tickets by impact and urgency.")
          .Done();
  return type;
}

}  // namespace propolis::triage
