#pragma once

#include "domain/people/technology.h"
#include "store/store.h"

namespace propolis::people::sql {

inline constexpr std::string_view kTechnologies =
    "SELECT id, parent, name, path, level, keywords, version FROM technology ORDER BY path";
inline constexpr std::string_view kTechnology =
    "SELECT id, parent, name, path, level, keywords, version FROM technology WHERE id = $1";
inline constexpr std::string_view kTechnologyExists = "SELECT 1 FROM technology WHERE id = $1";
inline constexpr std::string_view kTechnologyAtPath = "SELECT id FROM technology WHERE path = $1";
inline constexpr std::string_view kInsertTechnology =
    "INSERT INTO technology (id, version, parent, level, name, path, keywords) VALUES ($1, 1, $2, $3, $4, $5, $6)";
inline constexpr std::string_view kUpdateTechnology =
    "UPDATE technology SET version = $2, name = $3, path = $4, keywords = $5 WHERE id = $1";
inline constexpr std::string_view kChildren = "SELECT id, name FROM technology WHERE parent = $1";
inline constexpr std::string_view kMoveTechnology = "UPDATE technology SET path = $2 WHERE id = $1";

Technology ToTechnology(const store::Row& row);

}  // namespace propolis::people::sql
