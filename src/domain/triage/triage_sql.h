// Statements of triage, nothing else.
#pragma once

#include <string_view>

namespace propolis::triage::sql {

constexpr std::string_view kRulesRevision = "triage.rules_revision";  // name of the setting

constexpr std::string_view kSetting = "SELECT value FROM setting WHERE name = $1";
constexpr std::string_view kPutSetting =
    "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

constexpr std::string_view kNewestPolicy = "SELECT version, body FROM triage_policy ORDER BY version DESC LIMIT 1";
constexpr std::string_view kInsertPolicy = "INSERT INTO triage_policy (version, at, body) VALUES ($1, $2, $3)";

constexpr std::string_view kActiveRules = "SELECT body FROM classification_rule WHERE active = 1 ORDER BY name";
constexpr std::string_view kRules =
    "SELECT id, version, body, active FROM classification_rule WHERE name > $1 ORDER BY name LIMIT $2";
constexpr std::string_view kRule = "SELECT id, version, body, active FROM classification_rule WHERE id = $1";
constexpr std::string_view kCountRules = "SELECT count(*) FROM classification_rule";
constexpr std::string_view kRuleByName = "SELECT id FROM classification_rule WHERE name = $1";
constexpr std::string_view kInsertRule =
    "INSERT INTO classification_rule (id, version, name, body, active) VALUES ($1, 1, $2, $3, $4)";
constexpr std::string_view kUpdateRule =
    "UPDATE classification_rule SET version = version + 1, name = $2, body = $3, active = $4 WHERE id = $1";
constexpr std::string_view kDeleteRule = "DELETE FROM classification_rule WHERE id = $1";

constexpr std::string_view kTechnologies = "SELECT id, parent, name, keywords FROM technology ORDER BY path";
constexpr std::string_view kTechnologiesRevision =
    "SELECT count(*), coalesce(sum(version), 0), (SELECT id FROM technology ORDER BY id DESC LIMIT 1) FROM technology";
constexpr std::string_view kTechnologyName = "SELECT name FROM technology WHERE id = $1";

}  // namespace propolis::triage::sql
