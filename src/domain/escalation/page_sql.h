#pragma once

#include <string_view>

namespace propolis::escalation::sql {

#define PROPOLIS_PAGE_COLUMNS                                                                               \
  "SELECT p.id, p.ticket, t.subject, t.priority, p.policy_name, p.plan, p.cause, p.note, p.state, p.step, " \
  "p.step_at, p.started_at, p.acknowledged_by, s.name, p.acknowledged_at, p.ended_at FROM page p "          \
  "JOIN ticket t ON t.number = p.ticket LEFT JOIN staff s ON s.id = p.acknowledged_by "

inline constexpr std::string_view kPage = PROPOLIS_PAGE_COLUMNS "WHERE p.id = $1";
inline constexpr std::string_view kLivePage = PROPOLIS_PAGE_COLUMNS "WHERE p.ticket = $1 AND p.state <> 'ended'";
inline constexpr std::string_view kLivePages =
    PROPOLIS_PAGE_COLUMNS "WHERE p.state <> 'ended' ORDER BY p.started_at DESC LIMIT $1";
inline constexpr std::string_view kLatestPages = PROPOLIS_PAGE_COLUMNS "ORDER BY p.started_at DESC LIMIT $1";
inline constexpr std::string_view kPagesOfTicket =
    PROPOLIS_PAGE_COLUMNS "WHERE p.ticket = $1 ORDER BY p.started_at DESC LIMIT $2";
#undef PROPOLIS_PAGE_COLUMNS

inline constexpr std::string_view kSeenCause = "SELECT 1 FROM page WHERE cause_key = $1";
inline constexpr std::string_view kInsertPage =
    "INSERT INTO page (id, ticket, policy_name, plan, cause, cause_key, note, state, step, step_at, started_at, "
    "started_by) VALUES ($1, $2, $3, $4, $5, $6, $7, 'calling', 0, $8, $9, $10)";
inline constexpr std::string_view kSavePage =
    "UPDATE page SET state = $2, step = $3, step_at = $4, acknowledged_by = $5, acknowledged_at = $6, ended_at = $7 "
    "WHERE id = $1";
inline constexpr std::string_view kLines =
    "SELECT at, act, step, late, by_name, note, called FROM page_line WHERE page = $1 ORDER BY line";
inline constexpr std::string_view kInsertLine =
    "INSERT INTO page_line (page, line, at, act, step, late, by_id, by_name, note, called) "
    "SELECT $1, COUNT(*), $2, $3, $4, $5, $6, $7, $8, $9 FROM page_line WHERE page = $1";

inline constexpr std::string_view kClaimClockStep =
    "INSERT INTO clock_step_told (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
inline constexpr std::string_view kEntry =
    "SELECT kind, visibility, author_kind, data, at FROM entry WHERE ticket = $1 AND seq = $2";
inline constexpr std::string_view kMembersOfTeam =
    "SELECT s.id FROM team_member m JOIN staff s ON s.id = m.staff WHERE m.team = $1 AND s.active = 1 ORDER BY s.id";

}  // namespace propolis::escalation::sql
