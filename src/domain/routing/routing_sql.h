// Statements of routing, nothing else.
#pragma once

#include <string_view>

namespace propolis::routing::sql {

constexpr std::string_view kTechnology = "SELECT parent, name FROM technology WHERE id = $1";
constexpr std::string_view kTeams = "SELECT id, technologies FROM team ORDER BY name";
constexpr std::string_view kDefaultTeam = "SELECT value FROM setting WHERE name = 'routing.default_team'";

constexpr std::string_view kStaffOfTeam =
    "SELECT s.id, s.name, s.languages, s.roles, s.capacity, s.last_assigned_at, coalesce(s.calendar, t.calendar) "
    "FROM team_member m JOIN staff s ON s.id = m.staff JOIN team t ON t.id = m.team "
    "WHERE m.team = $1 AND s.active = 1 ORDER BY s.name LIMIT 500";
constexpr std::string_view kAllStaff =
    "SELECT id, name, languages, roles, capacity, last_assigned_at, calendar "
    "FROM staff WHERE active = 1 ORDER BY name LIMIT 500";
#define PROPOLIS_SKILL "SELECT staff, technology, level, certification, certified_until FROM skill"
constexpr std::string_view kSkillsOfTeam =
    PROPOLIS_SKILL " WHERE staff IN (SELECT staff FROM team_member WHERE team = $1)";
constexpr std::string_view kAllSkills = PROPOLIS_SKILL;
// As the index ticket_count_open has it.
constexpr std::string_view kOpenTickets =
    "SELECT assignee, sum(n) FROM ticket_count WHERE n > 0 AND state IN ('new', 'open', 'waiting_customer', "
    "'waiting_third_party', 'scheduled', 'in_approval') GROUP BY assignee";
// Who handled the organisation's newest tickets; bounded, so that a large customer costs no more than a small one.
constexpr std::string_view kHandled =
    "SELECT assignee, count(*) FROM (SELECT assignee FROM ticket WHERE organisation = $1 AND is_open = 0 "
    "ORDER BY updated_at DESC LIMIT 200) AS newest WHERE assignee IS NOT NULL GROUP BY assignee";
constexpr std::string_view kNoteAssigned = "UPDATE staff SET last_assigned_at = $2 WHERE id = $1";

}  // namespace propolis::routing::sql
