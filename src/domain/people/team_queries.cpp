#include "domain/people/team_queries.h"

#include "domain/people/organisation_sql.h"
#include "domain/people/team_sql.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;

struct TeamRow {
  Team team;
  std::vector<TechnologyId> technologies;
};

TeamRow ToRow(const store::Row& row) {
  TeamRow found;
  found.team.id = row.Id<TeamId>(0);
  found.team.name = row.String(1);
  found.team.calendar = OptRef(row, 2);
  found.technologies = stored::FromJson<std::vector<TechnologyId>>(row.Text(4));
  found.team.version = row.Int(5);
  found.team.escalation = OptRef(row, 6);
  return found;
}

Team Complete(store::ReadTx& tx, TeamRow&& row) {
  Team team = std::move(row.team);
  team.members = tx.All(sql::kMembersOf, [](const store::Row& r) { return *OptRef(r, 0); }, team.id);
  for (const auto& technology : row.technologies) {
    if (auto ref = tx.One(sql::kTechnologyName, [](const store::Row& r) { return *OptRef(r, 0); }, technology)) {
      team.technologies.push_back(*std::move(ref));
    }
  }
  team.open_tickets = tx.One(sql::kOpenOfTeam, [](const store::Row& r) { return r.Int(0); }, team.id).value_or(0);
  return team;
}

}  // namespace

Result<std::vector<Team>> Teams(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kStaffRead));
  std::vector<Team> teams;
  for (auto& row : tx.All(sql::kTeams, ToRow)) {
    teams.push_back(Complete(tx, std::move(row)));
  }
  return teams;
}

Result<Team> GetTeam(store::ReadTx& tx, const auth::Actor& actor, TeamId id) {
  TRY(auth::Require(actor, Permission::kStaffRead));
  auto row = tx.One(sql::kTeam, ToRow, id);
  if (!row) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return Complete(tx, *std::move(row));
}

}  // namespace propolis::people
