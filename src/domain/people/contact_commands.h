#pragma once

#include "auth/actor.h"
#include "domain/people/contact.h"
#include "store/store.h"

namespace propolis::people {

// Errors: kNotFound (organisation, contact); field errors on emails (taken) and portal (no address to send the link
// to).
Result<Contact> AddContact(store::WriteTx& tx, const auth::Actor& actor, OrganisationId organisation,
                           const NewContact& request);
// Who loses portal access is signed out at once.
Result<Contact> ChangeContact(store::WriteTx& tx, const auth::Actor& actor, ContactId id, const ContactChange& change,
                              std::optional<std::int64_t> if_version);

// FindRequester, and when only the organisation is known, a new contact of it: a requester with portal access, which
// proves the mailbox before it shows anything. For channels, in the desk's name.
Requester EnsureContact(store::WriteTx& tx, std::string_view email, std::string_view name,
                        std::optional<Language> language);

}  // namespace propolis::people
