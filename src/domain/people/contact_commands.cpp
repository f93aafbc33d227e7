#include "domain/people/contact_commands.h"

#include "auth/record.h"
#include "auth/session.h"
#include "domain/people/contact_queries.h"
#include "domain/people/contact_sql.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;

constexpr std::size_t kLongestName = 160;

// Lowers the addresses in place.
Status CheckEmails(store::ReadTx& tx, std::vector<std::string>& emails, std::optional<ContactId> self) {
  for (std::size_t i = 0; i < emails.size(); ++i) {
    emails[i] = text::ToLower(emails[i]);
    const auto owner = tx.One(sql::kEmailOwner, [](const store::Row& row) { return row.Id<ContactId>(0); }, emails[i]);
    if (owner && owner != self) {
      return FailField("emails/" + std::to_string(i), "field.taken");
    }
  }
  stored::KeepFirsts(emails);
  return {};
}

void WriteEmails(store::WriteTx& tx, ContactId id, const std::vector<std::string>& emails) {
  tx.Exec(sql::kDropEmails, id);
  for (std::size_t i = 0; i < emails.size(); ++i) {
    tx.Exec(sql::kInsertEmail, emails[i], id, i);
  }
}

Language FirstLanguage(store::ReadTx& tx, OrganisationId organisation) {
  const auto languages = tx.One(
      sql::kOrganisationLanguages,
      [](const store::Row& row) { return stored::FromJson<std::vector<Language>>(row.Text(0)); }, organisation);
  return languages && !languages->empty() ? languages->front() : Language::kEn;
}

Status CheckPortal(bool portal, const std::vector<std::string>& emails) {
  if (portal && emails.empty()) {
    return FailField("portal", "contact.portal_needs_email");
  }
  return {};
}

void Insert(store::WriteTx& tx, OrganisationId organisation, const Contact& contact) {
  tx.Exec(sql::kInsertContact, contact.id, organisation, contact.name, stored::ToJson(contact.phones), contact.language,
          stored::ToJson(contact.roles), contact.portal, tx.Now());
  WriteEmails(tx, contact.id, contact.emails);
}

}  // namespace

Result<Contact> AddContact(store::WriteTx& tx, const auth::Actor& actor, OrganisationId organisation,
                           const NewContact& request) {
  TRY(auth::Require(actor, Permission::kContactWrite, {organisation}));
  if (!tx.One(sql::kOrganisationLanguages, [](const store::Row&) { return true; }, organisation)) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  Contact made;
  made.emails = request.emails;
  TRY(CheckEmails(tx, made.emails, std::nullopt));
  TRY(CheckPortal(request.portal, made.emails));
  made.id = ContactId::New(tx.Now());
  made.name = request.name;
  made.phones = request.phones;
  made.language = request.language ? *request.language : FirstLanguage(tx, organisation);
  made.roles = request.roles.empty() ? std::vector{ContactRole::kRequester} : request.roles;
  made.portal = request.portal;
  stored::KeepFirsts(made.roles);
  Insert(tx, organisation, made);
  auth::Record(tx, actor, "contact.create", made.name);
  tx.Emit({.kind = "contact.changed", .organisation = organisation});
  return GetContact(tx, auth::SystemActor(), made.id);
}

Result<Contact> ChangeContact(store::WriteTx& tx, const auth::Actor& actor, ContactId id, const ContactChange& change,
                              std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kContactWrite));
  Contact contact = TRY(GetContact(tx, auth::SystemActor(), id));
  contact.version = TRY(stored::NextVersion(contact.version, if_version));
  contact.name = change.name.value_or(contact.name);
  contact.phones = change.phones.value_or(contact.phones);
  contact.language = change.language.value_or(contact.language);
  contact.roles = change.roles.value_or(contact.roles);
  contact.portal = change.portal.value_or(contact.portal);
  stored::KeepFirsts(contact.roles);
  if (change.emails) {
    contact.emails = *change.emails;
    TRY(CheckEmails(tx, contact.emails, id));
    WriteEmails(tx, id, contact.emails);
  }
  TRY(CheckPortal(contact.portal, contact.emails));
  tx.Exec(sql::kUpdateContact, id, contact.version, contact.name, stored::ToJson(contact.phones), contact.language,
          stored::ToJson(contact.roles), contact.portal);
  if (!contact.portal) {
    auth::EndSessionsOf(tx, id.uuid);
  }
  auth::Record(tx, actor, "contact.update", contact.name);
  tx.Emit({.kind = "contact.changed", .organisation = OrganisationId::Parse(contact.organisation.id)});
  return contact;
}

Requester EnsureContact(store::WriteTx& tx, std::string_view email, std::string_view name,
                        std::optional<Language> language) {
  Requester who = FindRequester(tx, email);
  if (who.contact || !who.organisation) {
    return who;
  }
  Contact made;
  made.id = ContactId::New(tx.Now());
  made.emails = {text::ToLower(text::Trim(email))};
  made.name = std::string(text::Prefix(text::Trim(name.empty() ? email : name), kLongestName));
  made.language = language ? *language : who.language.value_or(Language::kEn);
  made.roles = {ContactRole::kRequester};
  made.portal = true;
  Insert(tx, *who.organisation, made);
  auth::Record(tx, auth::SystemActor(), "contact.create", made.name);
  tx.Emit({.kind = "contact.changed", .organisation = who.organisation});
  who.contact = made.id;
  who.name = made.name;
  who.language = made.language;
  return who;
}

}  // namespace propolis::people
