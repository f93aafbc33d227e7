// Statements of reports, nothing else. A NULL filter ($3 team, $4 organisation, $5 technology) lets everything through.
#pragma once

#include <string_view>

namespace propolis::report::sql {

#define PROPOLIS_REPORT_FILTER \
  "($3 IS NULL OR f.team = $3) AND ($4 IS NULL OR f.organisation = $4) AND ($5 IS NULL OR f.technology = $5)"
#define PROPOLIS_REPORT_FACT                                                                                \
  "f.priority, f.team, f.organisation, f.technology, f.first_response, f.resolution, f.kept, f.score FROM " \
  "report_fact "                                                                                            \
  "f WHERE "

constexpr std::string_view kOpened =
    "SELECT f.opened_at, " PROPOLIS_REPORT_FACT "f.opened_at >= $1 AND f.opened_at < $2 AND " PROPOLIS_REPORT_FILTER;
constexpr std::string_view kResolved = "SELECT f.resolved_at, " PROPOLIS_REPORT_FACT
                                       "f.resolved_at >= $1 AND f.resolved_at < $2 AND " PROPOLIS_REPORT_FILTER;
constexpr std::string_view kAnswered = "SELECT f.answered_at, " PROPOLIS_REPORT_FACT
                                       "f.answered_at >= $1 AND f.answered_at < $2 AND " PROPOLIS_REPORT_FILTER;
constexpr std::string_view kOpenNow =
    "SELECT f.created_at, f.priority, f.team, f.organisation, f.technology FROM ticket f WHERE f.is_open = 1 AND "
    "($1 IS NULL OR f.team = $1) AND ($2 IS NULL OR f.organisation = $2) AND ($3 IS NULL OR f.technology = $3)";
// In two parts, because each has an index that leads to few: those resolved since, and those never resolved.
constexpr std::string_view kOpenAt =
    "SELECT (SELECT count(*) FROM report_fact f WHERE f.resolved_at >= $1 AND f.opened_at < $1 AND $2 = $2 "
    "AND " PROPOLIS_REPORT_FILTER
    ") + (SELECT count(*) FROM report_fact f WHERE f.resolved_at IS NULL AND f.opened_at < $1 "
    "AND " PROPOLIS_REPORT_FILTER ")";
constexpr std::string_view kComments =
    "SELECT s.score, s.comment, o.name, s.ticket, s.answered_at FROM survey s JOIN report_fact f ON f.ticket = "
    "s.ticket "
    "LEFT JOIN organisation o ON o.id = f.organisation WHERE s.answered_at >= $1 AND s.answered_at < $2 AND "
    "s.comment IS NOT NULL AND s.comment <> '' AND " PROPOLIS_REPORT_FILTER " ORDER BY s.answered_at DESC LIMIT 20";
constexpr std::string_view kPromises =
    "SELECT p.settled_at, p.outcome, p.moved FROM promise p JOIN report_fact f ON f.ticket = p.ticket "
    "WHERE p.settled_at >= $1 AND p.settled_at < $2 AND " PROPOLIS_REPORT_FILTER;
constexpr std::string_view kEtas =
    "SELECT f.resolved_at, p.at, p.until FROM report_fact f JOIN promise p ON p.ticket = f.ticket "
    "WHERE f.resolved_at >= $1 AND f.resolved_at < $2 AND p.kind = 'eta' AND p.outcome IN ('kept', 'broken') "
    "AND " PROPOLIS_REPORT_FILTER;
constexpr std::string_view kOpenPromises =
    "SELECT p.at FROM promise p JOIN report_fact f ON f.ticket = p.ticket WHERE p.outcome = 'open' AND $1 = $1 AND "
    "$2 = $2 AND " PROPOLIS_REPORT_FILTER;
constexpr std::string_view kOverdue =
    "SELECT f.number, f.id FROM ticket f WHERE f.due_at IS NOT NULL AND f.due_at < $1 AND f.is_open = 1 AND $2 = $2 "
    "AND " PROPOLIS_REPORT_FILTER " ORDER BY f.due_at LIMIT 10000";
constexpr std::string_view kTeamNames = "SELECT id, name FROM team";
constexpr std::string_view kTechnologyNames = "SELECT id, path FROM technology";
constexpr std::string_view kOrganisationNames = "SELECT id, name FROM organisation";
// Technologies that somebody is skilled in or that an open ticket is about, with those whose certification counts
// today.
constexpr std::string_view kCertifications =
    "SELECT t.id, t.path, count(s.id), max(coalesce(s.certified_until, '9999-12-31')), min(s.certified_until) "
    "FROM technology t LEFT JOIN skill s ON s.technology = t.id AND s.certification IS NOT NULL AND "
    "(s.certified_until IS NULL OR s.certified_until >= $1) AND s.staff IN (SELECT id FROM staff WHERE active = 1) "
    "WHERE t.id IN (SELECT technology FROM skill) OR t.id IN (SELECT technology FROM ticket WHERE is_open = 1 AND "
    "technology IS NOT NULL) GROUP BY t.id, t.path ORDER BY t.path";

}  // namespace propolis::report::sql
