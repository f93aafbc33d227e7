#pragma once

#include <string_view>

namespace propolis::escalation::sql {

#define PROPOLIS_ESCALATION_COLUMNS                                                            \
  "SELECT p.id, p.name, p.steps, p.repeats, p.pause, p.next, n.name, p.is_default, p.version " \
  "FROM escalation_policy p LEFT JOIN escalation_policy n ON n.id = p.next "

inline constexpr std::string_view kPolicies = PROPOLIS_ESCALATION_COLUMNS "ORDER BY p.name";
inline constexpr std::string_view kPolicy = PROPOLIS_ESCALATION_COLUMNS "WHERE p.id = $1";
#undef PROPOLIS_ESCALATION_COLUMNS

inline constexpr std::string_view kPolicyByName = "SELECT id FROM escalation_policy WHERE name = $1";
inline constexpr std::string_view kInsertPolicy =
    "INSERT INTO escalation_policy (id, version, name, steps, repeats, pause, next, is_default) "
    "VALUES ($1, 1, $2, $3, $4, $5, $6, $7)";
inline constexpr std::string_view kUpdatePolicy =
    "UPDATE escalation_policy SET version = $2, name = $3, steps = $4, repeats = $5, pause = $6, next = $7, "
    "is_default = $8 WHERE id = $1";
inline constexpr std::string_view kDropDefault = "UPDATE escalation_policy SET is_default = 0 WHERE is_default = 1";
inline constexpr std::string_view kDeletePolicy = "DELETE FROM escalation_policy WHERE id = $1";
inline constexpr std::string_view kFollowers = "SELECT name FROM escalation_policy WHERE next = $1 ORDER BY name";
inline constexpr std::string_view kTeamsOf = "SELECT id, name FROM team WHERE escalation = $1 ORDER BY name";
inline constexpr std::string_view kDefaultPolicy = "SELECT id FROM escalation_policy WHERE is_default = 1";
inline constexpr std::string_view kPolicyOfTeam = "SELECT escalation FROM team WHERE id = $1";

inline constexpr std::string_view kStaff = "SELECT id, name FROM staff WHERE id = $1 AND active = 1";
inline constexpr std::string_view kRota = "SELECT id, name FROM rota WHERE id = $1";
inline constexpr std::string_view kTeam = "SELECT id, name FROM team WHERE id = $1";
inline constexpr std::string_view kGateway = "SELECT id, name FROM gateway WHERE id = $1";
inline constexpr std::string_view kMembers =
    "SELECT s.id, s.name FROM team_member m JOIN staff s ON s.id = m.staff WHERE m.team = $1 AND s.active = 1 "
    "ORDER BY s.name, s.id";

}  // namespace propolis::escalation::sql
