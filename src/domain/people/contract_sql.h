#pragma once

#include "domain/people/contract.h"
#include "store/store.h"

namespace propolis::people::sql {

#define PROPOLIS_CONTRACT_COLUMNS                                                                                \
  "SELECT c.id, c.name, c.policy, p.name, c.calendar, k.name, c.channels, c.languages, c.starts_on, c.ends_on, " \
  "c.version FROM contract c JOIN sla_policy p ON p.id = c.policy JOIN calendar k ON k.id = c.calendar "

inline constexpr std::string_view kContract = PROPOLIS_CONTRACT_COLUMNS "WHERE c.id = $1";
inline constexpr std::string_view kContractsOf =
    PROPOLIS_CONTRACT_COLUMNS "WHERE c.organisation = $1 ORDER BY c.starts_on DESC, c.id DESC";
inline constexpr std::string_view kContractsInForce = PROPOLIS_CONTRACT_COLUMNS
    "WHERE c.organisation = $1 AND c.starts_on <= $2 AND (c.ends_on IS NULL OR c.ends_on >= $2) "
    "ORDER BY c.starts_on DESC, c.id DESC";
#undef PROPOLIS_CONTRACT_COLUMNS

inline constexpr std::string_view kContractOwner =
    "SELECT organisation, name, policy, calendar, channels, languages, starts_on, ends_on, version FROM contract "
    "WHERE id = $1";
inline constexpr std::string_view kInsertContract =
    "INSERT INTO contract (id, version, organisation, name, policy, calendar, channels, languages, starts_on, ends_on) "
    "VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9)";
inline constexpr std::string_view kUpdateContract =
    "UPDATE contract SET version = $2, name = $3, policy = $4, calendar = $5, channels = $6, languages = $7, "
    "starts_on = $8, ends_on = $9 WHERE id = $1";
inline constexpr std::string_view kOrganisationZone = "SELECT zone FROM organisation WHERE id = $1";
inline constexpr std::string_view kPolicyExists = "SELECT 1 FROM sla_policy WHERE id = $1";
inline constexpr std::string_view kCalendarExists = "SELECT 1 FROM calendar WHERE id = $1";
inline constexpr std::string_view kTermsInForce =
    "SELECT c.id, c.policy, p.version, c.calendar, c.channels, c.name FROM contract c "
    "JOIN sla_policy p ON p.id = c.policy "
    "WHERE c.organisation = $1 AND c.starts_on <= $2 AND (c.ends_on IS NULL OR c.ends_on >= $2) "
    "ORDER BY c.starts_on DESC, c.id DESC";

Contract ToContract(const store::Row& row);

}  // namespace propolis::people::sql
