// Statements of surveys, nothing else.
#pragma once

#include <string_view>

namespace propolis::survey::sql {

constexpr std::string_view kOfTicket = "SELECT id, ticket, sent_at, score, comment FROM survey WHERE ticket = $1";
constexpr std::string_view kById = "SELECT id, ticket, sent_at, score, comment FROM survey WHERE id = $1";
constexpr std::string_view kInsert = "INSERT INTO survey (id, ticket, sent_at) VALUES ($1, $2, $3)";
constexpr std::string_view kAnswer = "UPDATE survey SET score = $2, comment = $3, answered_at = $4 WHERE id = $1";

}  // namespace propolis::survey::sql
