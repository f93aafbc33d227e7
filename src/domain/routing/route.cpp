#include "domain/routing/route.h"

#include <date/date.h>

#include "auth/actor.h"
#include "domain/calendars/calendar_queries.h"
#include "domain/routing/routing_sql.h"

namespace propolis::routing {
namespace {

constexpr std::size_t kTreeDepth = 8;  // domain, vendor, product: a bound, should the stored tree be damaged

struct Node {
  TechnologyId id;
  std::string name;
};

std::vector<Node> LineageOf(store::ReadTx& tx, std::optional<TechnologyId> technology) {
  std::vector<Node> lineage;
  while (technology && lineage.size() < kTreeDepth) {
    const auto found = tx.One(
        sql::kTechnology, [](const store::Row& row) { return std::pair(row.OptId<TechnologyId>(0), row.String(1)); },
        *technology);
    if (!found) {
      break;
    }
    lineage.push_back({*technology, found->second});
    technology = found->first;
  }
  return lineage;
}

template <class T>
std::vector<T> FromList(std::string_view json_list) {
  std::vector<T> values;
  const auto document = json::Document::Parse(json_list);
  if (!document) {
    throw store::EngineFailure("a JSON column cannot be read");
  }
  for (std::size_t i = 0; i < document->Root().Size(); ++i) {
    T value{};
    dto::Problems problems;
    dto::Codec<T>::Read(document->Root().At(i), value, "", dto::Rules{}, problems);
    if (problems.fields.empty()) {
      values.push_back(std::move(value));
    }
  }
  return values;
}

// Who has no calendar of her own or of her team is on shift always.
class Shifts {
 public:
  Shifts(store::ReadTx& tx, Time now) : tx_(&tx), now_(now) {}
  bool IsOn(const std::optional<CalendarId>& calendar) {
    if (!calendar) {
      return true;
    }
    const auto [at, fresh] = known_.try_emplace(*calendar, false);
    if (fresh) {
      at->second = calendars::IsOpen(*tx_, *calendar, now_);
    }
    return at->second;
  }

 private:
  store::ReadTx* tx_;
  Time now_;
  std::map<CalendarId, bool> known_;
};

struct StaffRow {
  Candidate candidate;
  std::set<auth::Role> roles;
  std::optional<CalendarId> calendar;
};

StaffRow ToStaff(const store::Row& row) {
  StaffRow staff;
  staff.candidate.id = row.Id<StaffId>(0);
  staff.candidate.name = row.String(1);
  staff.candidate.languages = FromList<Language>(row.Text(2));
  for (const auth::Role role : FromList<auth::Role>(row.Text(3))) {
    staff.roles.insert(role);
  }
  staff.candidate.capacity = row.Int(4);
  staff.candidate.last_assigned = row.Time(5);
  staff.calendar = row.OptId<CalendarId>(6);
  return staff;
}

std::map<StaffId, std::vector<Holding>> LoadSkills(store::ReadTx& tx, std::optional<TeamId> team) {
  std::map<StaffId, std::vector<Holding>> skills;
  const auto add = [&](const store::Row& row) {
    skills[row.Id<StaffId>(0)].push_back({row.Id<TechnologyId>(1), static_cast<int>(row.Int(2)),
                                          row.OptString(3).value_or(""), row.OptString(4).value_or("")});
    return true;
  };
  if (team) {
    tx.ForEach(sql::kSkillsOfTeam, add, *team);
  } else {
    tx.ForEach(sql::kAllSkills, add);
  }
  return skills;
}

std::map<StaffId, std::int64_t> LoadOpenTickets(store::ReadTx& tx) {
  std::map<StaffId, std::int64_t> open;
  tx.ForEach(sql::kOpenTickets, [&](const store::Row& row) {
    open[row.Id<StaffId>(0)] = row.Int(1);
    return true;
  });
  return open;
}

std::vector<Candidate> LoadCandidates(store::ReadTx& tx, const Request& request, std::optional<TeamId> team) {
  auto rows = team ? tx.All(sql::kStaffOfTeam, ToStaff, *team) : tx.All(sql::kAllStaff, ToStaff);
  std::map<StaffId, std::int64_t> handled;
  if (request.organisation) {
    tx.ForEach(
        sql::kHandled,
        [&](const store::Row& row) {
          handled[row.Id<StaffId>(0)] = row.Int(1);
          return true;
        },
        *request.organisation);
  }
  auto skills = LoadSkills(tx, team);
  auto open = LoadOpenTickets(tx);
  Shifts shifts(tx, request.now);
  std::vector<Candidate> candidates;
  for (StaffRow& row : rows) {
    if (!auth::PermissionsOf(row.roles).contains(auth::Permission::kTicketReply)) {
      continue;
    }
    Candidate& candidate = row.candidate;
    candidate.skills = std::move(skills[candidate.id]);
    candidate.open_tickets = open[candidate.id];
    candidate.handled = handled.contains(candidate.id) ? handled[candidate.id] : 0;
    candidate.on_shift = shifts.IsOn(row.calendar);
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

}  // namespace

std::optional<TeamId> TeamFor(store::ReadTx& tx, std::optional<TechnologyId> technology) {
  const auto lineage = LineageOf(tx, technology);
  const auto teams = tx.All(sql::kTeams, [](const store::Row& row) {
    return std::pair(row.Id<TeamId>(0), FromList<TechnologyId>(row.Text(1)));
  });
  for (const Node& node : lineage) {
    for (const auto& [team, technologies] : teams) {
      if (std::ranges::find(technologies, node.id) != technologies.end()) {
        return team;
      }
    }
  }
  const auto setting = tx.One(sql::kDefaultTeam, [](const store::Row& row) { return row.String(0); });
  const auto chosen = setting ? TeamId::Parse(*setting) : std::nullopt;
  for (const auto& [team, technologies] : teams) {
    if (chosen == team || teams.size() == 1) {
      return team;
    }
  }
  return std::nullopt;
}

Routed Route(store::ReadTx& tx, const Request& request) {
  Routed routed;
  routed.team = request.team ? request.team : TeamFor(tx, request.technology);
  const auto lineage = LineageOf(tx, request.technology);
  Need need;
  for (const Node& node : lineage) {
    need.lineage.push_back(node.id);
  }
  need.technology = lineage.empty() ? "" : lineage.front().name;
  need.priority = request.priority;
  need.language = request.language;
  need.now = request.now;
  need.today = date::format("%F", date::floor<date::days>(request.now));
  const auto candidates = lineage.empty() ? std::vector<Candidate>() : LoadCandidates(tx, request, routed.team);
  routed.routing = Rank(need, candidates);
  if (routed.routing.chosen) {
    routed.assignee = StaffId::Parse(routed.routing.chosen->id);
  }
  return routed;
}

void NoteAssigned(store::WriteTx& tx, StaffId staff, Time at) { tx.Exec(sql::kNoteAssigned, staff, at); }

}  // namespace propolis::routing
