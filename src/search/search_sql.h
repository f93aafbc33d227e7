// Statements of the index, nothing else.
#pragma once

#include <string_view>

namespace propolis::search::sql {

constexpr std::string_view kCreateText =
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_text USING fts5(title, body, content='', tokenize='propolis')";
constexpr std::string_view kClearText = "INSERT INTO search_text (search_text) VALUES ('delete-all')";
constexpr std::string_view kClearDocuments = "DELETE FROM search_document";
constexpr std::string_view kClearIndicators = "DELETE FROM search_indicator";

constexpr std::string_view kClearFacets = "DELETE FROM search_facet";

constexpr std::string_view kDocumentOfEntry =
    "SELECT key, language, title, body FROM search_document WHERE ticket = $1 AND ticket <> 0 AND type = $2 AND "
    "($2 = 'ticket' OR seq = $3)";
constexpr std::string_view kDocumentOfArticle =
    "SELECT key, language, title, body FROM search_document WHERE article = $1 AND article <> 0";
constexpr std::string_view kInsertDocument =
    "INSERT INTO search_document (type, ticket, seq, article, for_customers, language, at, title, body) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
constexpr std::string_view kDeleteDocument = "DELETE FROM search_document WHERE key = $1";
constexpr std::string_view kDeleteIndicators = "DELETE FROM search_indicator WHERE document = $1 AND value = $2";
constexpr std::string_view kInsertText = "INSERT INTO search_text (rowid, title, body) VALUES ($1, $2, $3)";
constexpr std::string_view kDeleteText =
    "INSERT INTO search_text (search_text, rowid, title, body) VALUES ('delete', $1, $2, $3)";
constexpr std::string_view kInsertIndicator =
    "INSERT INTO search_indicator (value, document) VALUES ($1, $2) ON CONFLICT (value, document) DO NOTHING";

constexpr std::string_view kTicket = "SELECT subject, language, created_at FROM ticket WHERE number = $1";
constexpr std::string_view kFirstMessage =
    "SELECT seq, body, data FROM entry WHERE ticket = $1 AND kind = 'message' ORDER BY seq LIMIT 1";
constexpr std::string_view kEntry = "SELECT kind, visibility, body, data, at FROM entry WHERE ticket = $1 AND seq = $2";
constexpr std::string_view kEntryBody = "SELECT body FROM entry WHERE ticket = $1 AND seq = $2";
constexpr std::string_view kArticle =
    "SELECT key, title, body, language, visibility, state, updated_at FROM article WHERE id = $1";

// Facets as migration 0091 has them: of ended states only, because an index knows the open tickets.
constexpr std::string_view kKeepFacets =
    "INSERT INTO search_facet (facet, ticket) "
    "SELECT 'priority:' || priority, number FROM ticket WHERE number = $1 "
    "UNION ALL SELECT 'kind:' || kind, number FROM ticket WHERE number = $1 "
    "UNION ALL SELECT 'channel:' || channel, number FROM ticket WHERE number = $1 "
    "UNION ALL SELECT 'language:' || language, number FROM ticket WHERE number = $1 AND language IS NOT NULL "
    "UNION ALL SELECT 'state:' || state, number FROM ticket WHERE number = $1 AND is_open = 0 "
    "UNION ALL SELECT 'technology:' || lower(hex(technology)), number FROM ticket "
    "WHERE number = $1 AND technology IS NOT NULL "
    "UNION ALL SELECT 'from:' || requester_email, number FROM ticket WHERE number = $1 "
    "UNION ALL SELECT 'from:' || "
    "substr(requester_email, length(rtrim(requester_email, replace(requester_email, '@', '')))), number "
    "FROM ticket WHERE number = $1 ON CONFLICT (facet, ticket) DO NOTHING";

constexpr std::string_view kTicketDocument =
    "SELECT key FROM search_document WHERE ticket = $1 AND ticket <> 0 AND type = 'ticket'";

constexpr std::string_view kNextTickets = "SELECT number FROM ticket WHERE number > $1 ORDER BY number LIMIT $2";
constexpr std::string_view kLastTicket = "SELECT coalesce(max(number), 0) FROM ticket";
constexpr std::string_view kSeqsOfTicket = "SELECT seq FROM entry WHERE ticket = $1 ORDER BY seq";
constexpr std::string_view kArticles = "SELECT id FROM article ORDER BY key";

}  // namespace propolis::search::sql
