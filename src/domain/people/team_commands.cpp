#include "domain/people/team_commands.h"

#include "auth/record.h"
#include "domain/people/contract_sql.h"
#include "domain/people/staff_sql.h"
#include "domain/people/team_queries.h"
#include "domain/people/team_sql.h"
#include "domain/people/technology_sql.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;

Status Check(store::ReadTx& tx, const NewTeam& team, std::optional<TeamId> self) {
  const auto taken = tx.One(sql::kTeamByName, [](const store::Row& row) { return row.Id<TeamId>(0); }, team.name);
  if (taken && taken != self) {
    return FailField("name", "field.taken");
  }
  if (team.calendar_id) {
    TRY(stored::CheckReference(tx, sql::kCalendarExists, *team.calendar_id, "calendar_id"));
  }
  if (team.escalation_id) {
    TRY(stored::CheckReference(tx, sql::kEscalationExists, *team.escalation_id, "escalation_id"));
  }
  TRY(stored::CheckReferences(tx, sql::kActiveStaffExists, team.member_ids, "member_ids"));
  return stored::CheckReferences(tx, sql::kTechnologyExists, team.technology_ids, "technology_ids");
}

void WriteMembers(store::WriteTx& tx, TeamId team, std::vector<StaffId> members) {
  stored::KeepFirsts(members);
  tx.Exec(sql::kDropMembers, team);
  for (const auto staff : members) {
    tx.Exec(sql::kInsertMember, team, staff);
  }
}

template <class IdType>
std::vector<IdType> IdsOf(const std::vector<Ref>& refs) {
  std::vector<IdType> ids;
  for (const Ref& ref : refs) {
    ids.push_back(IdType::Parse(ref.id).value_or(IdType{}));
  }
  return ids;
}

}  // namespace

Result<Team> AddTeam(store::WriteTx& tx, const auth::Actor& actor, const NewTeam& request) {
  TRY(auth::Require(actor, Permission::kTeamWrite));
  NewTeam team = request;
  TRY(Check(tx, team, std::nullopt));
  stored::KeepFirsts(team.technology_ids);
  const auto id = TeamId::New(tx.Now());
  tx.Exec(sql::kInsertTeam, id, team.name, team.calendar_id, stored::ToJson(team.technology_ids), team.escalation_id);
  WriteMembers(tx, id, team.member_ids);
  auth::Record(tx, actor, "team.create", team.name);
  tx.Emit({.kind = "team.changed", .organisation = std::nullopt});
  return GetTeam(tx, auth::SystemActor(), id);
}

Result<Team> ChangeTeam(store::WriteTx& tx, const auth::Actor& actor, TeamId id, const TeamChange& change,
                        std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kTeamWrite));
  const Team before = TRY(GetTeam(tx, auth::SystemActor(), id));
  const auto version = TRY(stored::NextVersion(before.version, if_version));
  NewTeam team;
  team.name = change.name.value_or(before.name);
  team.calendar_id = before.calendar ? CalendarId::Parse(before.calendar->id) : std::nullopt;
  if (change.calendar_id.given) {
    team.calendar_id = change.calendar_id.value;
  }
  team.escalation_id = before.escalation ? EscalationId::Parse(before.escalation->id) : std::nullopt;
  if (change.escalation_id.given) {
    team.escalation_id = change.escalation_id.value;
  }
  team.member_ids = change.member_ids.value_or(std::vector<StaffId>{});
  team.technology_ids = change.technology_ids.value_or(IdsOf<TechnologyId>(before.technologies));
  TRY(Check(tx, team, id));
  stored::KeepFirsts(team.technology_ids);
  tx.Exec(sql::kUpdateTeam, id, version, team.name, team.calendar_id, stored::ToJson(team.technology_ids),
          team.escalation_id);
  if (change.member_ids) {
    WriteMembers(tx, id, team.member_ids);
  }
  auth::Record(tx, actor, "team.update", team.name);
  tx.Emit({.kind = "team.changed", .organisation = std::nullopt});
  return GetTeam(tx, auth::SystemActor(), id);
}

}  // namespace propolis::people
