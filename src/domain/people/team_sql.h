#pragma once

#include <string_view>

namespace propolis::people::sql {

#define PROPOLIS_TEAM_COLUMNS                                                                 \
  "SELECT t.id, t.name, t.calendar, k.name, t.technologies, t.version, t.escalation, e.name " \
  "FROM team t LEFT JOIN calendar k ON k.id = t.calendar LEFT JOIN escalation_policy e ON e.id = t.escalation "

inline constexpr std::string_view kTeams = PROPOLIS_TEAM_COLUMNS "ORDER BY t.name";
inline constexpr std::string_view kTeam = PROPOLIS_TEAM_COLUMNS "WHERE t.id = $1";
#undef PROPOLIS_TEAM_COLUMNS

inline constexpr std::string_view kTeamExists = "SELECT 1 FROM team WHERE id = $1";
inline constexpr std::string_view kEscalationExists = "SELECT 1 FROM escalation_policy WHERE id = $1";
inline constexpr std::string_view kTeamByName = "SELECT id FROM team WHERE name = $1";
inline constexpr std::string_view kInsertTeam =
    "INSERT INTO team (id, version, name, calendar, technologies, escalation) VALUES ($1, 1, $2, $3, $4, $5)";
inline constexpr std::string_view kUpdateTeam =
    "UPDATE team SET version = $2, name = $3, calendar = $4, technologies = $5, escalation = $6 WHERE id = $1";
inline constexpr std::string_view kMembersOf =
    "SELECT s.id, s.name FROM team_member m JOIN staff s ON s.id = m.staff WHERE m.team = $1 AND s.active = 1 "
    "ORDER BY s.name";
inline constexpr std::string_view kDropMembers = "DELETE FROM team_member WHERE team = $1";
inline constexpr std::string_view kOpenOfTeam =
    "SELECT COALESCE(SUM(n), 0) FROM ticket_count WHERE team = $1 AND state IN "
    "('new', 'open', 'waiting_customer', 'waiting_third_party', 'scheduled', 'in_approval')";

}  // namespace propolis::people::sql
