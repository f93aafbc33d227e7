#pragma once

#include "domain/people/staff.h"
#include "store/store.h"

namespace propolis::people::sql {

#define PROPOLIS_STAFF_COLUMNS                                                                                 \
  "SELECT s.id, s.name, s.email, s.language, s.languages, s.zone, s.roles, s.active, s.capacity, s.calendar, " \
  "k.name, s.version FROM staff s LEFT JOIN calendar k ON k.id = s.calendar "

inline constexpr std::string_view kStaff = PROPOLIS_STAFF_COLUMNS "WHERE s.id = $1";
inline constexpr std::string_view kAllStaff = PROPOLIS_STAFF_COLUMNS "ORDER BY s.active DESC, s.name, s.id";
#undef PROPOLIS_STAFF_COLUMNS

inline constexpr std::string_view kStaffExists = "SELECT 1 FROM staff WHERE id = $1";
inline constexpr std::string_view kActiveStaffExists = "SELECT 1 FROM staff WHERE id = $1 AND active = 1";
inline constexpr std::string_view kStaffByEmail = "SELECT id FROM staff WHERE email = $1";
inline constexpr std::string_view kInsertStaff =
    "INSERT INTO staff (id, version, name, email, password, language, languages, zone, roles, active, capacity, "
    "calendar, preferences, created_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, '{}', $11)";
inline constexpr std::string_view kUpdateStaff =
    "UPDATE staff SET version = $2, name = $3, email = $4, language = $5, languages = $6, zone = $7, roles = $8, "
    "active = $9, capacity = $10, calendar = $11 WHERE id = $1";
inline constexpr std::string_view kSetPassword = "UPDATE staff SET password = $2 WHERE id = $1";
inline constexpr std::string_view kMembershipOf =
    "SELECT t.id, t.name, t.calendar FROM team_member m JOIN team t ON t.id = m.team WHERE m.staff = $1 "
    "ORDER BY t.name";
inline constexpr std::string_view kDropMembership = "DELETE FROM team_member WHERE staff = $1";
inline constexpr std::string_view kInsertMember = "INSERT INTO team_member (team, staff) VALUES ($1, $2)";
inline constexpr std::string_view kOpenByAssignee =
    "SELECT assignee, SUM(n) FROM ticket_count WHERE state IN "
    "('new', 'open', 'waiting_customer', 'waiting_third_party', 'scheduled', 'in_approval') GROUP BY assignee";
inline constexpr std::string_view kActiveGranters = "SELECT id, roles FROM staff WHERE active = 1";
inline constexpr std::string_view kPreferences = "SELECT preferences FROM staff WHERE id = $1";
inline constexpr std::string_view kSetProfile =
    "UPDATE staff SET language = $2, zone = $3, preferences = $4, version = version + 1 WHERE id = $1";
inline constexpr std::string_view kSetContactLanguage =
    "UPDATE contact SET language = $2, version = version + 1 WHERE id = $1";

inline constexpr std::string_view kSkillsOf =
    "SELECT k.id, t.id, t.path, k.level, k.certification, k.certified_until, k.proof FROM skill k "
    "JOIN technology t ON t.id = k.technology WHERE k.staff = $1 ORDER BY t.path";
inline constexpr std::string_view kSaveSkill =
    "INSERT INTO skill (id, staff, technology, level, certification, certified_until, proof) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (staff, technology) DO UPDATE SET level = excluded.level, "
    "certification = excluded.certification, certified_until = excluded.certified_until, proof = excluded.proof";
inline constexpr std::string_view kDropSkill = "DELETE FROM skill WHERE id = $1 AND staff = $2";

// Without teams, load and shift, which need rows of other tables.
Staff ToStaff(const store::Row& row);

}  // namespace propolis::people::sql
