// Statements of evidence, nothing else.
#pragma once

#include <string_view>

namespace propolis::evidence::sql {

#define PROPOLIS_EVIDENCE_COLUMNS                                                                        \
  "id, filename, size, media_type, sha256, source, note, collected_kind, collected_name, collected_at, " \
  "visibility, ticket"

constexpr std::string_view kById = "SELECT " PROPOLIS_EVIDENCE_COLUMNS " FROM evidence WHERE id = $1";
constexpr std::string_view kOfTicket =
    "SELECT " PROPOLIS_EVIDENCE_COLUMNS " FROM evidence WHERE ticket = $1 ORDER BY id";
constexpr std::string_view kInsert =
    "INSERT INTO evidence (id, ticket, entry_seq, filename, size, media_type, sha256, source, note, visibility, "
    "collected_kind, collected_by, collected_name, collected_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
constexpr std::string_view kCustody = "SELECT at, act, actor_name FROM custody WHERE evidence = $1 ORDER BY seq";
constexpr std::string_view kAddCustody =
    "INSERT INTO custody (evidence, seq, at, act, actor, actor_name) VALUES ($1, "
    "(SELECT coalesce(max(seq), 0) + 1 FROM custody WHERE evidence = $1), $2, $3, $4, $5)";

}  // namespace propolis::evidence::sql
