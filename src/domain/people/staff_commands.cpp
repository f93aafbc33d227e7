#include "domain/people/staff_commands.h"

#include <algorithm>

#include "auth/key.h"
#include "auth/password.h"
#include "auth/record.h"
#include "auth/session.h"
#include "domain/day.h"
#include "domain/people/contract_sql.h"
#include "domain/people/staff_queries.h"
#include "domain/people/staff_sql.h"
#include "domain/people/team_sql.h"
#include "domain/people/technology_sql.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;
using auth::Role;

constexpr std::size_t kMostPreferences = 64 * 1024;  // bytes of JSON

Status CheckEmail(store::ReadTx& tx, const std::string& email, std::optional<StaffId> self) {
  const auto taken = tx.One(sql::kStaffByEmail, [](const store::Row& row) { return row.Id<StaffId>(0); }, email);
  if (taken && taken != self) {
    return FailField("email", "field.taken");
  }
  return {};
}

bool MayGrant(const std::vector<Role>& roles) {
  return auth::PermissionsOf({roles.begin(), roles.end()}).contains(Permission::kUserGrant);
}

// Without anybody who may grant, nobody could ever be let in again.
Status KeepAGranter(store::ReadTx& tx, StaffId without) {
  bool other = false;
  tx.ForEach(sql::kActiveGranters, [&](const store::Row& row) {
    other = row.Id<StaffId>(0) != without && MayGrant(stored::FromJson<std::vector<Role>>(row.Text(1)));
    return !other;
  });
  if (!other) {
    return Fail(Code::kConflict, "staff.last_granter");
  }
  return {};
}

void WriteTeams(store::WriteTx& tx, StaffId staff, std::vector<TeamId> teams) {
  stored::KeepFirsts(teams);
  tx.Exec(sql::kDropMembership, staff);
  for (const auto team : teams) {
    tx.Exec(sql::kInsertMember, team, staff);
  }
}

std::string RoleList(const std::vector<Role>& roles) { return "{\"roles\":" + stored::ToJson(roles) + "}"; }

// What the change asks beyond staff.write.
Status CheckSensitive(store::ReadTx& tx, const auth::Actor& actor, const Staff& before, const StaffChange& change) {
  const bool self = actor.Is(auth::ActorKind::kStaff) && actor.staff() == before.id;
  const bool roles = change.roles && *change.roles != before.roles;
  const bool active = change.active && *change.active != before.active;
  const bool identity = change.password || (change.email && text::ToLower(*change.email) != before.email);
  if (roles || active || (identity && !self)) {
    TRY(auth::Require(actor, Permission::kUserGrant));
  }
  if (self && (roles || active)) {
    return Fail(Code::kForbidden, "staff.not_to_oneself");
  }
  if (roles) {
    TRY(CheckRoles(*change.roles));
  }
  const bool granter_goes =
      before.active && MayGrant(before.roles) && ((roles && !MayGrant(*change.roles)) || (active && !*change.active));
  return granter_goes ? KeepAGranter(tx, before.id) : Status{};
}

Status CheckReferences(store::ReadTx& tx, const std::vector<TeamId>& teams, const std::optional<CalendarId>& calendar) {
  TRY(stored::CheckReferences(tx, sql::kTeamExists, teams, "team_ids"));
  return calendar ? stored::CheckReference(tx, sql::kCalendarExists, *calendar, "calendar_id") : Status{};
}

Status CheckSkill(store::ReadTx& tx, const NewSkill& skill) {
  TRY(stored::CheckReference(tx, sql::kTechnologyExists, skill.technology_id, "technology_id"));
  if (skill.certified_until && !IsDay(*skill.certified_until)) {
    return FailField("certified_until", "field.not_date");
  }
  if (skill.certified_until && !skill.certification) {
    return FailField("certification", "field.required");
  }
  return {};
}

}  // namespace

const dto::Type& ProfileChange::Dto() {
  static const dto::Type type =
      dto::Object<ProfileChange>("ProfileChange", "What a signed-in person sets for herself.")
          .Optional("language", &ProfileChange::language, "")
          .Optional("zone", &ProfileChange::zone, "IANA time zone; staff only.", dto::Text(1, 64, "zone"))
          .Optional("preferences", &ProfileChange::preferences, "The interface's own object; staff only.")
          .Done();
  return type;
}

Result<std::optional<std::string>> PreparePassword(const std::optional<std::string>& password, std::string_view email,
                                                   std::string_view name) {
  if (!password) {
    return std::nullopt;
  }
  TRY(auth::CheckPassword(*password, email, name));
  return TRY(auth::HashPassword(*password));
}

Result<Staff> AddStaff(store::WriteTx& tx, const auth::Actor& actor, const NewStaff& request,
                       const std::optional<std::string>& password_hash) {
  TRY(auth::Require(actor, Permission::kStaffWrite));
  if (!request.roles.empty() || password_hash) {
    TRY(auth::Require(actor, Permission::kUserGrant));
  }
  TRY(CheckRoles(request.roles));
  const std::string email = text::ToLower(request.email);
  TRY(CheckEmail(tx, email, std::nullopt));
  TRY(CheckReferences(tx, request.team_ids, request.calendar_id));
  auto languages = request.languages;
  auto roles = request.roles;
  stored::KeepFirsts(languages);
  stored::KeepFirsts(roles);
  const auto id = StaffId::New(tx.Now());
  tx.Exec(sql::kInsertStaff, id, request.name, email, password_hash, request.language.value_or(languages.front()),
          stored::ToJson(languages), request.zone, stored::ToJson(roles), request.capacity, request.calendar_id,
          tx.Now());
  WriteTeams(tx, id, request.team_ids);
  auth::Record(tx, actor, "staff.create", email, RoleList(roles));
  tx.Emit({.kind = "staff.changed", .organisation = std::nullopt});
  return GetStaff(tx, auth::SystemActor(), id, tx.Now());
}

Result<Staff> ChangeStaff(store::WriteTx& tx, const auth::Actor& actor, StaffId id, const StaffChange& change,
                          const std::optional<std::string>& password_hash, std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kStaffWrite));
  Staff staff = TRY(GetStaff(tx, auth::SystemActor(), id, tx.Now()));
  TRY(CheckSensitive(tx, actor, staff, change));
  staff.version = TRY(stored::NextVersion(staff.version, if_version));
  staff.email = text::ToLower(change.email.value_or(staff.email));
  TRY(CheckEmail(tx, staff.email, id));
  TRY(CheckReferences(tx, change.team_ids.value_or(std::vector<TeamId>{}), change.calendar_id.value));
  staff.languages = change.languages.value_or(staff.languages);
  staff.roles = change.roles.value_or(staff.roles);
  stored::KeepFirsts(staff.languages);
  stored::KeepFirsts(staff.roles);
  staff.active = change.active.value_or(staff.active);
  const auto own = staff.calendar ? CalendarId::Parse(staff.calendar->id) : std::nullopt;
  tx.Exec(sql::kUpdateStaff, id, staff.version, change.name.value_or(staff.name), staff.email,
          change.language.value_or(staff.language), stored::ToJson(staff.languages), change.zone.value_or(staff.zone),
          stored::ToJson(staff.roles), staff.active, change.capacity.value_or(staff.capacity),
          change.calendar_id.given ? change.calendar_id.value : own);
  if (change.team_ids) {
    WriteTeams(tx, id, *change.team_ids);
  }
  if (password_hash) {
    tx.Exec(sql::kSetPassword, id, *password_hash);
  }
  if (password_hash || !staff.active) {
    auth::EndSessionsOf(tx, id.uuid);
  }
  if (!staff.active) {
    auth::EndKeysOf(tx, id);
  }
  auth::Record(tx, actor, "staff.update", staff.email, change.roles ? RoleList(staff.roles) : "{}");
  tx.Emit({.kind = "staff.changed", .organisation = std::nullopt});
  return GetStaff(tx, auth::SystemActor(), id, tx.Now());
}

Result<Skill> SaveSkill(store::WriteTx& tx, const auth::Actor& actor, StaffId staff, const NewSkill& request) {
  TRY(auth::Require(actor, Permission::kStaffWrite));
  const Staff person = TRY(GetStaff(tx, auth::SystemActor(), staff, tx.Now()));
  TRY(CheckSkill(tx, request));
  tx.Exec(sql::kSaveSkill, SkillId::New(tx.Now()), staff, request.technology_id, request.level, request.certification,
          request.certified_until, request.proof);
  auth::Record(tx, actor, "skill.save", person.email);
  tx.Emit({.kind = "staff.changed", .organisation = std::nullopt});
  for (auto& skill : TRY(Skills(tx, auth::SystemActor(), staff, tx.Now()))) {
    if (skill.technology.id == request.technology_id.ToString()) {
      return std::move(skill);
    }
  }
  return Fail(Code::kInternal, "error.internal");
}

Status DropSkill(store::WriteTx& tx, const auth::Actor& actor, StaffId staff, SkillId skill) {
  TRY(auth::Require(actor, Permission::kStaffWrite));
  const Staff person = TRY(GetStaff(tx, auth::SystemActor(), staff, tx.Now()));
  if (tx.Exec(sql::kDropSkill, skill, staff) == 0) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  auth::Record(tx, actor, "skill.drop", person.email);
  tx.Emit({.kind = "staff.changed", .organisation = std::nullopt});
  return {};
}

Status ChangeProfile(store::WriteTx& tx, const auth::Actor& actor, const ProfileChange& change) {
  if (actor.person.IsNil()) {
    return Fail(Code::kUnauthenticated, "error.sign_in_needed");
  }
  if (actor.Is(auth::ActorKind::kCustomer)) {
    tx.Exec(sql::kSetContactLanguage, actor.contact(), change.language.value_or(actor.language));
    auth::Record(tx, actor, "profile.update", actor.email);
    return {};
  }
  std::string preferences =
      tx.One(sql::kPreferences, [](const store::Row& row) { return row.String(0); }, actor.staff()).value_or("{}");
  if (change.preferences) {
    preferences = change.preferences->json;
    if (!preferences.starts_with('{')) {
      return FailField("preferences", "field.not_object");
    }
    if (preferences.size() > kMostPreferences) {
      return FailField("preferences", "field.too_long", {{"max", std::to_string(kMostPreferences)}});
    }
  }
  tx.Exec(sql::kSetProfile, actor.staff(), change.language.value_or(actor.language), change.zone.value_or(actor.zone),
          preferences);
  auth::Record(tx, actor, "profile.update", actor.email);
  return {};
}

}  // namespace propolis::people
