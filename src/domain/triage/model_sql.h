// Statements of trained models, nothing else.
#pragma once

#include <string_view>

namespace propolis::triage::sql {

constexpr std::string_view kActiveModels =
    "SELECT target, id, number, threshold FROM model WHERE active = 1 ORDER BY target";
constexpr std::string_view kModelBody = "SELECT body FROM model WHERE id = $1";

#define PROPOLIS_MODEL_COLUMNS \
  "id, target, number, source, examples, trained_at, trained_by, threshold, active, metrics, held_out"
constexpr std::string_view kModels = "SELECT " PROPOLIS_MODEL_COLUMNS " FROM model ORDER BY target, number DESC";
constexpr std::string_view kModel = "SELECT " PROPOLIS_MODEL_COLUMNS " FROM model WHERE id = $1";
#undef PROPOLIS_MODEL_COLUMNS
constexpr std::string_view kModelByNumber = "SELECT id FROM model WHERE target = $1 AND number = $2";
constexpr std::string_view kNewestModel = "SELECT coalesce(max(number), 0) FROM model WHERE target = $1";
constexpr std::string_view kTrainedOn =
    "SELECT coalesce(max(examples), 0) FROM model WHERE target = $1 AND source = 'tickets'";
constexpr std::string_view kInsertModel =
    "INSERT INTO model (id, target, number, source, examples, trained_at, trained_by, threshold, active, metrics, "
    "held_out, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)";
constexpr std::string_view kThresholdInForce = "SELECT threshold FROM model WHERE target = $1 AND active = 1";
constexpr std::string_view kRetireModels = "UPDATE model SET active = 0 WHERE target = $1 AND active = 1";
constexpr std::string_view kActivateModel = "UPDATE model SET active = 1, threshold = $2 WHERE id = $1";
constexpr std::string_view kDropModel = "DELETE FROM model WHERE id = $1";
constexpr std::string_view kDropOldModels = "DELETE FROM model WHERE target = $1 AND active = 0 AND number <= $2";

// Tickets whose classification can teach, the newest first.
#define PROPOLIS_TAUGHT_COLUMNS \
  "SELECT t.number, t.subject, t.state, t.kind, t.impact, t.urgency, t.technology, d.classification"
constexpr std::string_view kTaught = PROPOLIS_TAUGHT_COLUMNS
    " FROM ticket t LEFT JOIN ticket_decision d ON d.ticket = t.number WHERE t.state NOT IN ('spam', 'merged') "
    "ORDER BY t.number DESC LIMIT $1";
// With when each came, behind the columns of the others.
constexpr std::string_view kTaughtSince = PROPOLIS_TAUGHT_COLUMNS
    ", f.opened_at FROM report_fact f JOIN ticket t ON t.number = f.ticket LEFT JOIN ticket_decision d ON d.ticket = "
    "t.number WHERE f.opened_at >= $1 AND t.state NOT IN ('spam', 'merged') ORDER BY f.opened_at DESC LIMIT $2";
constexpr int kCameColumn = 8;
#undef PROPOLIS_TAUGHT_COLUMNS
constexpr std::string_view kFirstMessage =
    "SELECT body FROM entry WHERE ticket = $1 AND kind = 'message' ORDER BY seq LIMIT 1";
constexpr std::string_view kCorrections =
    "SELECT data FROM entry WHERE ticket = $1 AND kind = 'triage' AND author_kind = 'staff'";
constexpr std::string_view kTechnologyNames = "SELECT id, name FROM technology";

}  // namespace propolis::triage::sql
