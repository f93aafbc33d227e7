#pragma once

#include "domain/people/contact.h"
#include "store/store.h"

namespace propolis::people::sql {

#define PROPOLIS_CONTACT_COLUMNS                                                                     \
  "SELECT c.id, c.organisation, o.name, c.name, c.phones, c.language, c.roles, c.portal, c.version " \
  "FROM contact c JOIN organisation o ON o.id = c.organisation "

inline constexpr std::string_view kContact = PROPOLIS_CONTACT_COLUMNS "WHERE c.id = $1";
inline constexpr std::string_view kContactsOf =
    PROPOLIS_CONTACT_COLUMNS "WHERE c.organisation = $1 AND (c.name, c.id) > ($2, $3) ORDER BY c.name, c.id LIMIT $4";
inline constexpr std::string_view kContactsAfter =
    PROPOLIS_CONTACT_COLUMNS "WHERE (c.name, c.id) > ($1, $2) ORDER BY c.name, c.id LIMIT $3";
#undef PROPOLIS_CONTACT_COLUMNS

inline constexpr std::string_view kEmails = "SELECT email FROM contact_email WHERE contact = $1 ORDER BY position";
inline constexpr std::string_view kEmailOwner = "SELECT contact FROM contact_email WHERE email = $1";
inline constexpr std::string_view kDropEmails = "DELETE FROM contact_email WHERE contact = $1";
inline constexpr std::string_view kInsertEmail =
    "INSERT INTO contact_email (email, contact, position) VALUES ($1, $2, $3)";
inline constexpr std::string_view kInsertContact =
    "INSERT INTO contact (id, version, organisation, name, phones, language, roles, portal, created_at) "
    "VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)";
inline constexpr std::string_view kUpdateContact =
    "UPDATE contact SET version = $2, name = $3, phones = $4, language = $5, roles = $6, portal = $7 WHERE id = $1";
inline constexpr std::string_view kOrganisationLanguages = "SELECT languages FROM organisation WHERE id = $1";
inline constexpr std::string_view kRequesterByEmail =
    "SELECT c.id, c.organisation, c.name, c.language FROM contact_email e JOIN contact c ON c.id = e.contact "
    "WHERE e.email = $1";
inline constexpr std::string_view kOrganisationByDomain =
    "SELECT o.id, o.languages FROM organisation_domain d JOIN organisation o ON o.id = d.organisation "
    "WHERE d.domain = $1";

// Without the addresses, which are rows of their own.
Contact ToContact(const store::Row& row);

}  // namespace propolis::people::sql
