#pragma once

#include "auth/actor.h"
#include "domain/people/skill.h"
#include "domain/people/staff.h"
#include "store/store.h"

namespace propolis::people {

// Checks and hashes a password that a request brings. Slow on purpose: call it before the transaction. nullopt without
// one. Error: a field error on `password`.
Result<std::optional<std::string>> PreparePassword(const std::optional<std::string>& password, std::string_view email,
                                                   std::string_view name);

// Errors: field errors on email (taken), roles, team_ids, calendar_id; kForbidden when roles are given without
// user.grant.
Result<Staff> AddStaff(store::WriteTx& tx, const auth::Actor& actor, const NewStaff& request,
                       const std::optional<std::string>& password_hash);
// Nobody changes her own roles or activity, and the last person who may grant stays. Somebody else's password and
// address are changed by those who grant only: they are a way to act as her.
Result<Staff> ChangeStaff(store::WriteTx& tx, const auth::Actor& actor, StaffId id, const StaffChange& change,
                          const std::optional<std::string>& password_hash, std::optional<std::int64_t> if_version);

// One skill for a technology; a second one replaces it. Errors: kNotFound (staff); field errors on technology_id,
// certification and certified_until.
Result<Skill> SaveSkill(store::WriteTx& tx, const auth::Actor& actor, StaffId staff, const NewSkill& request);
Status DropSkill(store::WriteTx& tx, const auth::Actor& actor, StaffId staff, SkillId skill);

// What a signed-in person sets for herself.
struct ProfileChange {
  std::optional<Language> language;
  std::optional<std::string> zone;
  std::optional<dto::Raw> preferences;  // an object, at most 64 KiB
  static const dto::Type& Dto();
};
Status ChangeProfile(store::WriteTx& tx, const auth::Actor& actor, const ProfileChange& change);

}  // namespace propolis::people
