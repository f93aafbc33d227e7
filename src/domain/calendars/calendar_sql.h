#pragma once

#include <string_view>

namespace propolis::calendars::sql {

inline constexpr std::string_view kCalendars = "SELECT id, version, name, current FROM calendar ORDER BY name";
inline constexpr std::string_view kCalendar = "SELECT id, version, name, current FROM calendar WHERE id = $1";
inline constexpr std::string_view kCalendarByName = "SELECT id FROM calendar WHERE name = $1";
inline constexpr std::string_view kCalendarVersionNow = "SELECT version FROM calendar WHERE id = $1";
inline constexpr std::string_view kCalendarVersions =
    "SELECT version, at, body FROM calendar_version WHERE calendar = $1 ORDER BY version";
inline constexpr std::string_view kNewestFrom =
    "SELECT at FROM calendar_version WHERE calendar = $1 ORDER BY version DESC LIMIT 1";
inline constexpr std::string_view kBodyInForce =
    "SELECT body FROM calendar_version WHERE calendar = $1 AND at <= $2 ORDER BY version DESC LIMIT 1";
inline constexpr std::string_view kInsertCalendar =
    "INSERT INTO calendar (id, version, name, current) VALUES ($1, $2, $3, $4)";
inline constexpr std::string_view kUpdateCalendar =
    "UPDATE calendar SET version = $2, name = $3, current = $4 WHERE id = $1";
inline constexpr std::string_view kInsertCalendarVersion =
    "INSERT INTO calendar_version (calendar, version, at, body) VALUES ($1, $2, $3, $4)";

inline constexpr std::string_view kPolicies = "SELECT id, version, name, current FROM sla_policy ORDER BY name";
inline constexpr std::string_view kPolicy = "SELECT id, version, name, current FROM sla_policy WHERE id = $1";
inline constexpr std::string_view kPolicyByName = "SELECT id FROM sla_policy WHERE name = $1";
inline constexpr std::string_view kPolicyVersionNow = "SELECT version FROM sla_policy WHERE id = $1";
inline constexpr std::string_view kPolicyBody =
    "SELECT body FROM sla_policy_version WHERE policy = $1 AND version = $2";
inline constexpr std::string_view kInsertPolicy =
    "INSERT INTO sla_policy (id, version, name, current) VALUES ($1, $2, $3, $4)";
inline constexpr std::string_view kUpdatePolicy =
    "UPDATE sla_policy SET version = $2, name = $3, current = $4 WHERE id = $1";
inline constexpr std::string_view kInsertPolicyVersion =
    "INSERT INTO sla_policy_version (policy, version, at, body) VALUES ($1, $2, $3, $4)";

inline constexpr std::string_view kChoiceNow = "SELECT version, revision FROM sla_choice ORDER BY version DESC LIMIT 1";
inline constexpr std::string_view kChoiceBody = "SELECT body FROM sla_choice WHERE version = $1";
inline constexpr std::string_view kInsertChoice =
    "INSERT INTO sla_choice (version, at, revision, body) VALUES ($1, $2, $3, $4)";
inline constexpr std::string_view kContractOwner = "SELECT organisation FROM contract WHERE id = $1";
inline constexpr std::string_view kParentTechnology = "SELECT parent FROM technology WHERE id = $1";
inline constexpr std::string_view kOrganisationExists = "SELECT 1 FROM organisation WHERE id = $1";
inline constexpr std::string_view kTechnologyExists = "SELECT 1 FROM technology WHERE id = $1";

inline constexpr std::string_view kSetting = "SELECT value FROM setting WHERE name = $1";
inline constexpr std::string_view kSaveSetting =
    "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

}  // namespace propolis::calendars::sql
