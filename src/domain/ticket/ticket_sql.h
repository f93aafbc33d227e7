// SQL of the ticket room and how its rows are read. Nothing else writes these tables.
#pragma once

#include <string_view>

#include "domain/ticket/ticket.h"

namespace propolis::ticket::sql {

#define PROPOLIS_TICKET_COLUMNS                                                                                    \
  "number, id, version, subject, kind, state, priority, impact, urgency, organisation, contact, requester_email, " \
  "requester_name, team, assignee, technology, channel, language, created_at, updated_at, last_actor, entries, "   \
  "due_at, due_clock, due_state, due_left"

inline constexpr std::string_view kTicketByNumber = "SELECT " PROPOLIS_TICKET_COLUMNS " FROM ticket WHERE number = $1";
inline constexpr std::string_view kNumberById = "SELECT number FROM ticket WHERE id = $1";

inline constexpr std::string_view kInsertTicket =
    "INSERT INTO ticket (id, version, subject, kind, state, is_open, priority, impact, urgency, organisation, contact, "
    "requester_email, requester_name, team, assignee, technology, channel, language, created_at, updated_at, "
    "last_actor, entries, due_at, due_clock, due_state, due_left) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
    "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)";
inline constexpr std::string_view kUpdateTicket =
    "UPDATE ticket SET version = $2, subject = $3, kind = $4, state = $5, is_open = $6, priority = $7, impact = $8, "
    "urgency = $9, organisation = $10, contact = $11, requester_email = $12, requester_name = $13, team = $14, "
    "assignee = $15, technology = $16, language = $17, updated_at = $18, last_actor = $19, entries = $20, due_at = "
    "$21, "
    "due_clock = $22, due_state = $23, due_left = $24 WHERE number = $1";

// An index is written again for each of its columns that an UPDATE names, changed or not: so name no more than needed.
// Where nothing but the time of the last act changed:
inline constexpr std::string_view kTouchTicket =
    "UPDATE ticket SET version = $2, entries = $3, due_at = $4, due_clock = $5, due_state = $6, due_left = $7, "
    "updated_at = $8, last_actor = $9 WHERE number = $1";
// What is known of a new ticket only after its first entries:
inline constexpr std::string_view kSettleNewTicket =
    "UPDATE ticket SET version = $2, entries = $3, due_at = $4, due_clock = $5, due_state = $6, due_left = $7 "
    "WHERE number = $1";

// Where time alone changed what a list shows; not a change that anybody made, so the version stays.
inline constexpr std::string_view kSaveDue =
    "UPDATE ticket SET due_at = $2, due_clock = $3, due_state = $4, due_left = $5 WHERE number = $1";

inline constexpr std::string_view kDetail =
    "SELECT asked_urgency, override, cc, assurance, policy, policy_version, calendar, "
    "scheduled_until, resolved_at, closed_at, merged_into, policy_choice, look_at FROM ticket_detail WHERE ticket = $1";
inline constexpr std::string_view kSaveDetail =
    "INSERT INTO ticket_detail (ticket, asked_urgency, override, cc, assurance, policy, policy_version, calendar, "
    "scheduled_until, resolved_at, closed_at, merged_into, policy_choice, look_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
    "ON CONFLICT (ticket) DO UPDATE SET asked_urgency = excluded.asked_urgency, override = excluded.override, "
    "cc = excluded.cc, assurance = excluded.assurance, policy = excluded.policy, policy_version = "
    "excluded.policy_version, "
    "calendar = excluded.calendar, "
    "scheduled_until = excluded.scheduled_until, resolved_at = excluded.resolved_at, closed_at = excluded.closed_at, "
    "merged_into = excluded.merged_into, policy_choice = excluded.policy_choice, look_at = excluded.look_at";
inline constexpr std::string_view kSaveLookAt = "UPDATE ticket_detail SET look_at = $2 WHERE ticket = $1";

inline constexpr std::string_view kDecisions = "SELECT classification, routing FROM ticket_decision WHERE ticket = $1";
inline constexpr std::string_view kSaveDecisions =
    "INSERT INTO ticket_decision (ticket, classification, routing) VALUES ($1, $2, $3) ON CONFLICT (ticket) DO UPDATE "
    "SET classification = coalesce(excluded.classification, classification), "
    "routing = coalesce(excluded.routing, routing)";

inline constexpr std::string_view kInsertEntry =
    "INSERT INTO entry (id, ticket, seq, kind, at, author_kind, author, author_name, visibility, body, html, quoted, "
    "data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
#define PROPOLIS_ENTRY_COLUMNS \
  "id, key, ticket, seq, kind, at, author_kind, author, author_name, visibility, body, html, quoted, data"
inline constexpr std::string_view kEntries =
    "SELECT " PROPOLIS_ENTRY_COLUMNS " FROM entry WHERE ticket = $1 AND seq > $2 ORDER BY seq LIMIT $3";
inline constexpr std::string_view kEntriesBackwards =
    "SELECT " PROPOLIS_ENTRY_COLUMNS " FROM entry WHERE ticket = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";

inline constexpr std::string_view kCount =
    "INSERT INTO ticket_count (team, assignee, state, kind, n) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (team, assignee, state, kind) DO UPDATE SET n = n + excluded.n";
inline constexpr std::string_view kCountOrganisation =
    "INSERT INTO organisation_count (organisation, state, n) VALUES ($1, $2, $3) "
    "ON CONFLICT (organisation, state) DO UPDATE SET n = n + excluded.n";

inline constexpr std::string_view kOrganisationName = "SELECT name FROM organisation WHERE id = $1";
inline constexpr std::string_view kStaffName = "SELECT name FROM staff WHERE id = $1 AND active = 1";
inline constexpr std::string_view kTeamName = "SELECT name FROM team WHERE id = $1";

// The first column of the first row as text.
template <class... Args>
std::optional<std::string> TextOf(store::ReadTx& tx, std::string_view sql, const Args&... args) {
  return tx.One(sql, [](const store::Row& row) { return row.String(0); }, args...);
}

Ticket TicketFrom(const store::Row& row);
Detail DetailFrom(const store::Row& row);
Entry EntryFrom(const store::Row& row);

}  // namespace propolis::ticket::sql
