#pragma once

#include "domain/people/organisation.h"
#include "store/store.h"

namespace propolis::people::sql {

inline constexpr std::string_view kOrganisation =
    "SELECT id, version, name, industry, regulations, zone, languages, stage, notes, technologies, security_contacts "
    "FROM organisation WHERE id = $1";
inline constexpr std::string_view kOrganisationsAfter =
    "SELECT id, version, name, industry, regulations, zone, languages, stage, notes, technologies, security_contacts "
    "FROM organisation WHERE name > $1 ORDER BY name";
inline constexpr std::string_view kOrganisationExists = "SELECT 1 FROM organisation WHERE id = $1";
inline constexpr std::string_view kOrganisationByName = "SELECT id FROM organisation WHERE name = $1";
inline constexpr std::string_view kInsertOrganisation =
    "INSERT INTO organisation (id, version, name, industry, regulations, zone, languages, stage, notes, technologies, "
    "security_contacts, created_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
inline constexpr std::string_view kUpdateOrganisation =
    "UPDATE organisation SET version = $2, name = $3, industry = $4, regulations = $5, zone = $6, languages = $7, "
    "stage = $8, notes = $9, technologies = $10, security_contacts = $11 WHERE id = $1";
inline constexpr std::string_view kDomains =
    "SELECT domain FROM organisation_domain WHERE organisation = $1 ORDER BY domain";
inline constexpr std::string_view kDomainOwner = "SELECT organisation FROM organisation_domain WHERE domain = $1";
inline constexpr std::string_view kDropDomains = "DELETE FROM organisation_domain WHERE organisation = $1";
inline constexpr std::string_view kInsertDomain =
    "INSERT INTO organisation_domain (domain, organisation) VALUES ($1, $2)";
inline constexpr std::string_view kTechnologyName = "SELECT id, name FROM technology WHERE id = $1";
inline constexpr std::string_view kOpenOfOrganisation =
    "SELECT COALESCE(SUM(n), 0) FROM organisation_count WHERE organisation = $1 AND state IN "
    "('new', 'open', 'waiting_customer', 'waiting_third_party', 'scheduled', 'in_approval')";
// Answers on tickets that moved since $2; both values of is_open so that the index is used.
inline constexpr std::string_view kCsatOfOrganisation =
    "SELECT AVG(s.score) FROM ticket t JOIN survey s ON s.ticket = t.number "
    "WHERE t.organisation = $1 AND t.is_open IN (0, 1) AND t.updated_at >= $2 AND s.score IS NOT NULL";

// An organisation as its row keeps it: technologies by id.
struct OrganisationRow {
  OrganisationId id;
  std::int64_t version = 0;
  NewOrganisation body;  // without the domains
};
OrganisationRow ToOrganisationRow(const store::Row& row);

}  // namespace propolis::people::sql
