// Statements of approvals, nothing else.
#pragma once

#include <string_view>

namespace propolis::approval::sql {

constexpr std::string_view kInsert =
    "INSERT INTO approval (id, ticket, state, summary, resolution, asked_by, asked_at, approver) "
    "VALUES ($1, $2, 'asked', $3, $4, $5, $6, $7)";
constexpr std::string_view kById =
    "SELECT id, ticket, state, summary, resolution, asked_by, asked_at, approver, decided_by, decided_at, reason "
    "FROM approval WHERE id = $1";
constexpr std::string_view kNewestOf =
    "SELECT id, ticket, state, summary, resolution, asked_by, asked_at, approver, decided_by, decided_at, reason "
    "FROM approval WHERE ticket = $1 ORDER BY asked_at DESC LIMIT 1";
constexpr std::string_view kDecide =
    "UPDATE approval SET state = $2, decided_by = $3, decided_at = $4, reason = $5 WHERE id = $1";
constexpr std::string_view kStaffName = "SELECT name FROM staff WHERE id = $1";
constexpr std::string_view kContactName = "SELECT name FROM contact WHERE id = $1";
constexpr std::string_view kStaffRoles = "SELECT roles FROM staff WHERE id = $1 AND active = 1";
constexpr std::string_view kAnyWork = "SELECT 1 FROM entry WHERE ticket = $1 AND kind = 'work_record' LIMIT 1";
constexpr std::string_view kTicketOf = "SELECT id, assignee FROM ticket WHERE number = $1";

}  // namespace propolis::approval::sql
