// Statements of promises, nothing else.
#pragma once

#include <string_view>

namespace propolis::promise::sql {

#define PROPOLIS_PROMISE_COLUMNS \
  "p.id, p.kind, p.at, p.until, p.staff, coalesce(s.name, ''), p.made_at, p.outcome, p.moved, p.reason, p.ticket"

constexpr std::string_view kById =
    "SELECT " PROPOLIS_PROMISE_COLUMNS " FROM promise p LEFT JOIN staff s ON s.id = p.staff WHERE p.id = $1";
constexpr std::string_view kOfTicket =
    "SELECT " PROPOLIS_PROMISE_COLUMNS
    " FROM promise p LEFT JOIN staff s ON s.id = p.staff WHERE p.ticket = $1 ORDER BY p.made_at DESC, p.id DESC";
constexpr std::string_view kOpenOfTicket =
    "SELECT " PROPOLIS_PROMISE_COLUMNS
    " FROM promise p LEFT JOIN staff s ON s.id = p.staff WHERE p.ticket = $1 AND p.outcome = 'open'";
constexpr std::string_view kInsert =
    "INSERT INTO promise (id, ticket, kind, at, until, staff, made_at, outcome, moved, reason) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', 0, $8)";
constexpr std::string_view kMove =
    "UPDATE promise SET at = $2, until = $3, reason = $4, moved = moved + 1 WHERE id = $1";
constexpr std::string_view kSettle =
    "UPDATE promise SET outcome = $2, settled_at = $3, reason = coalesce($4, reason) WHERE id = $1";
constexpr std::string_view kFirstAnswerAfter =
    "SELECT min(at) FROM entry WHERE ticket = $1 AND kind = 'message' AND visibility = 'public' AND "
    "author_kind = 'staff' AND at > $2";
constexpr std::string_view kOverdue =
    "SELECT DISTINCT ticket FROM promise WHERE outcome = 'open' AND at < $1 AND coalesce(until, at) < $1 LIMIT $2";

}  // namespace propolis::promise::sql
