#pragma once

#include <string_view>

namespace propolis::oncall::sql {

#define PROPOLIS_ROTA_COLUMNS                          \
  "SELECT r.id, r.name, r.zone, r.layers, r.version, " \
  "EXISTS (SELECT 1 FROM rota_feed f WHERE f.rota = r.id) FROM rota r "

inline constexpr std::string_view kRotas = PROPOLIS_ROTA_COLUMNS "ORDER BY r.name";
inline constexpr std::string_view kRota = PROPOLIS_ROTA_COLUMNS "WHERE r.id = $1";
#undef PROPOLIS_ROTA_COLUMNS

inline constexpr std::string_view kRotaByName = "SELECT id FROM rota WHERE name = $1";
inline constexpr std::string_view kInsertRota =
    "INSERT INTO rota (id, version, name, zone, layers) VALUES ($1, 1, $2, $3, $4)";
inline constexpr std::string_view kUpdateRota =
    "UPDATE rota SET version = $2, name = $3, zone = $4, layers = $5 WHERE id = $1";
inline constexpr std::string_view kDeleteRota = "DELETE FROM rota WHERE id = $1";

inline constexpr std::string_view kOverrides =
    "SELECT id, starts_at, ends_at, person_in, person_out, reason, made_by_name, made_at FROM rota_override "
    "WHERE rota = $1 AND ends_at > $2 AND starts_at < $3 ORDER BY starts_at, id";
inline constexpr std::string_view kOverride = "SELECT rota, made_by FROM rota_override WHERE id = $1";
inline constexpr std::string_view kInsertOverride =
    "INSERT INTO rota_override (id, rota, starts_at, ends_at, person_in, person_out, reason, made_by, made_by_name, "
    "made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
inline constexpr std::string_view kDeleteOverride = "DELETE FROM rota_override WHERE id = $1";
inline constexpr std::string_view kDeleteOverridesOf = "DELETE FROM rota_override WHERE rota = $1";

inline constexpr std::string_view kNames = "SELECT id, name FROM staff";
inline constexpr std::string_view kActiveStaff = "SELECT 1 FROM staff WHERE id = $1 AND active = 1";
inline constexpr std::string_view kActiveName = "SELECT name FROM staff WHERE id = $1 AND active = 1";

inline constexpr std::string_view kFeed = "SELECT rota, staff FROM rota_feed WHERE hash = $1";
inline constexpr std::string_view kInsertFeed =
    "INSERT INTO rota_feed (hash, rota, staff, made_at) VALUES ($1, $2, $3, $4)";
inline constexpr std::string_view kDeleteFeedOfRota = "DELETE FROM rota_feed WHERE rota = $1";
inline constexpr std::string_view kDeleteFeedOfStaff = "DELETE FROM rota_feed WHERE staff = $1";

}  // namespace propolis::oncall::sql
