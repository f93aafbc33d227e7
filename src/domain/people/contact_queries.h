#pragma once

#include "auth/actor.h"
#include "domain/page.h"
#include "domain/people/contact.h"
#include "store/store.h"

namespace propolis::people {

// Of one organisation, by name. Error: kNotFound.
Result<Page<Contact>> ContactsOf(store::ReadTx& tx, const auth::Actor& actor, OrganisationId organisation,
                                 const PageRequest& page);
// Of all: `text` is looked for in names and addresses, without case and accents; empty for everybody.
Result<Page<Contact>> Contacts(store::ReadTx& tx, const auth::Actor& actor, std::string_view text,
                               const PageRequest& page);
Result<Contact> GetContact(store::ReadTx& tx, const auth::Actor& actor, ContactId id);

// By address: the contact and her organisation; else the organisation whose mail domain it is (or a parent domain of
// it); else nothing.
Requester FindRequester(store::ReadTx& tx, std::string_view email);

// The contact that may sign in to the portal with this address.
std::optional<ContactId> PortalContact(store::ReadTx& tx, std::string_view email);

}  // namespace propolis::people
