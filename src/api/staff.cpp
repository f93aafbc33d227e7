// /staff and their skills, /teams.
#include "api/resource.h"
#include "api/resources.h"
#include "domain/people/certification.h"
#include "domain/people/staff_commands.h"
#include "domain/people/staff_queries.h"
#include "domain/people/team_commands.h"
#include "domain/people/team_queries.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

// The name and address against which a new password of this person is checked.
Result<people::Staff> Current(Call& call, StaffId id) {
  return call.Read([&](store::ReadTx& tx) { return people::GetStaff(tx, call.actor, id, call.Now()); });
}

void AddStaffItself(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/staff",
           .id = "listStaff",
           .tag = "staff",
           .summary = "People of the desk, the active ones first",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<std::vector<people::Staff>> {
            return call.Read([&](store::ReadTx& tx) { return people::AllStaff(tx, call.actor, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/staff/names",
           .id = "listStaffNames",
           .tag = "staff",
           .summary = "Names of the active ones, for pickers",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<std::vector<people::StaffName>> {
            return call.Read([&](store::ReadTx& tx) { return people::StaffNames(tx, call.actor, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/certifications",
           .id = "getCertifications",
           .tag = "staff",
           .summary = "What certification ends when, and how many cover each product",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<people::CertificationBoard> {
            return call.Read([&](store::ReadTx& tx) { return people::Certifications(tx, call.actor, call.Now()); });
          });
  api.Add({.method = Method::kPost,
           .path = "/staff",
           .id = "addStaff",
           .tag = "staff",
           .summary = "Add a person of the desk",
           .access = Permission::kStaffWrite,
           .status = 201,
           .step_up = true,
           .pool = net::Pool::kSlow},
          [](Call& call, const people::NewStaff& body) -> Result<people::Staff> {
            const auto hash = TRY(people::PreparePassword(body.password, body.email, body.name));
            return call.Write([&](store::WriteTx& tx) { return people::AddStaff(tx, call.actor, body, hash); });
          });
  api.Add({.method = Method::kGet,
           .path = "/staff/{id}",
           .id = "getStaff",
           .tag = "staff",
           .summary = "One person of the desk",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<people::Staff> { return Current(call, TRY(call.PathId<StaffId>("id"))); });
  api.Add({.method = Method::kPatch,
           .path = "/staff/{id}",
           .id = "changeStaff",
           .tag = "staff",
           .summary = "Change a person of the desk",
           .access = Permission::kStaffWrite,
           .doc = "Roles, activity, address and password need `user.grant`; nobody changes her own roles or "
                  "activity, and no key its owner's address or password.",
           .versioned = true,
           .step_up = true,
           .pool = net::Pool::kSlow},
          [](Call& call, const people::StaffChange& body) -> Result<people::Staff> {
            const auto id = TRY(call.PathId<StaffId>("id"));
            const auto version = TRY(call.IfMatch());
            // No scope of a key speaks of what its owner signs in with.
            if (call.session_token.empty() && id == call.actor.staff() && (body.password || body.email)) {
              return Fail(Code::kForbidden, "factor.session_only");
            }
            const auto before = TRY(Current(call, id));
            const auto hash = TRY(people::PreparePassword(body.password, body.email.value_or(before.email),
                                                          body.name.value_or(before.name)));
            return call.Write(
                [&](store::WriteTx& tx) { return people::ChangeStaff(tx, call.actor, id, body, hash, version); });
          });
}

void AddSkills(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/staff/{id}/skills",
           .id = "listSkills",
           .tag = "staff",
           .summary = "What a person can do, and what proves it",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<std::vector<people::Skill>> {
            const auto id = TRY(call.PathId<StaffId>("id"));
            return call.Read([&](store::ReadTx& tx) { return people::Skills(tx, call.actor, id, call.Now()); });
          });
  api.Add({.method = Method::kPost,
           .path = "/staff/{id}/skills",
           .id = "saveSkill",
           .tag = "staff",
           .summary = "Add a skill, or replace the one of that technology",
           .access = Permission::kStaffWrite,
           .status = 201},
          [](Call& call, const people::NewSkill& body) -> Result<people::Skill> {
            const auto id = TRY(call.PathId<StaffId>("id"));
            return call.Write([&](store::WriteTx& tx) { return people::SaveSkill(tx, call.actor, id, body); });
          });
  api.Add({.method = Method::kDelete,
           .path = "/staff/{id}/skills/{skill}",
           .id = "dropSkill",
           .tag = "staff",
           .summary = "Take a skill away",
           .access = Permission::kStaffWrite},
          [](Call& call) -> Result<NoContent> {
            const auto id = TRY(call.PathId<StaffId>("id"));
            const auto skill = TRY(call.PathId<SkillId>("skill"));
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              TRY(people::DropSkill(tx, call.actor, id, skill));
              return NoContent{};
            });
          });
}

void AddTeams(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/teams",
           .id = "listTeams",
           .tag = "staff",
           .summary = "Teams, by name",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<std::vector<people::Team>> {
            return call.Read([&](store::ReadTx& tx) { return people::Teams(tx, call.actor); });
          });
  api.Add({.method = Method::kPost,
           .path = "/teams",
           .id = "addTeam",
           .tag = "staff",
           .summary = "Add a team",
           .access = Permission::kTeamWrite,
           .status = 201},
          [](Call& call, const people::NewTeam& body) -> Result<people::Team> {
            return call.Write([&](store::WriteTx& tx) { return people::AddTeam(tx, call.actor, body); });
          });
  api.Add(
      {.method = Method::kPatch,
       .path = "/teams/{id}",
       .id = "changeTeam",
       .tag = "staff",
       .summary = "Change a team",
       .access = Permission::kTeamWrite,
       .versioned = true},
      [](Call& call, const people::TeamChange& body) -> Result<people::Team> {
        const auto id = TRY(call.PathId<TeamId>("id"));
        const auto version = TRY(call.IfMatch());
        return call.Write([&](store::WriteTx& tx) { return people::ChangeTeam(tx, call.actor, id, body, version); });
      });
}

}  // namespace

void AddStaff(Api& api) {
  AddStaffItself(api);
  AddSkills(api);
  AddTeams(api);
}

}  // namespace propolis::api
