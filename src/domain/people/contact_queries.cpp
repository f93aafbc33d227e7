#include "domain/people/contact_queries.h"

#include <algorithm>

#include "domain/people/contact_sql.h"
#include "domain/people/organisation.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;

void ReadEmails(store::ReadTx& tx, Contact& contact) {
  contact.emails = tx.All(sql::kEmails, [](const store::Row& row) { return row.String(0); }, contact.id);
}

// Where a page starts: name and id of the row before it.
struct After {
  std::string name;
  ContactId id;
};
Result<After> ReadAfter(const PageRequest& page) {
  const auto key = TRY(TakeCursor(page.cursor, 2));
  if (!key) {
    return After{};
  }
  const auto id = ContactId::Parse(key->at(1));
  return id ? Result<After>(After{key->at(0), *id}) : FailField("cursor", "field.not_found");
}

// Cuts one row too many off and answers with its cursor.
Page<Contact> ToPage(std::vector<Contact>&& rows, const PageRequest& page) {
  Page<Contact> answer;
  answer.items = std::move(rows);
  if (answer.items.size() > static_cast<std::size_t>(page.limit)) {
    answer.items.pop_back();
    answer.next_cursor = MakeCursor({answer.items.back().name, answer.items.back().id.ToString()});
  }
  return answer;
}

bool Matches(const Contact& contact, const std::string& wanted) {
  return text::Fold(contact.name).find(wanted) != std::string::npos ||
         std::ranges::any_of(contact.emails, [&](const auto& e) { return e.find(wanted) != std::string::npos; });
}

}  // namespace

Result<Page<Contact>> ContactsOf(store::ReadTx& tx, const auth::Actor& actor, OrganisationId organisation,
                                 const PageRequest& page) {
  TRY(auth::Require(actor, Permission::kContactRead, {organisation}));
  if (!tx.One(sql::kOrganisationLanguages, [](const store::Row&) { return true; }, organisation)) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  const After after = TRY(ReadAfter(page));
  auto rows = tx.All(sql::kContactsOf, sql::ToContact, organisation, after.name, after.id, page.limit + 1);
  for (auto& contact : rows) {
    ReadEmails(tx, contact);
  }
  return ToPage(std::move(rows), page);
}

Result<Page<Contact>> Contacts(store::ReadTx& tx, const auth::Actor& actor, std::string_view text,
                               const PageRequest& page) {
  TRY(auth::Require(actor, Permission::kContactRead));
  After after = TRY(ReadAfter(page));
  const std::string wanted = text::Fold(text::Trim(text));
  const auto enough = static_cast<std::size_t>(page.limit) + 1;
  std::vector<Contact> rows;
  bool more = true;
  while (more && rows.size() < enough) {
    auto batch = tx.All(sql::kContactsAfter, sql::ToContact, after.name, after.id, kPageMost);
    more = batch.size() == static_cast<std::size_t>(kPageMost);
    for (auto& contact : batch) {
      after = {contact.name, contact.id};
      ReadEmails(tx, contact);
      if (rows.size() < enough && (wanted.empty() || Matches(contact, wanted))) {
        rows.push_back(std::move(contact));
      }
    }
  }
  return ToPage(std::move(rows), page);
}

Result<Contact> GetContact(store::ReadTx& tx, const auth::Actor& actor, ContactId id) {
  auto contact = tx.One(sql::kContact, sql::ToContact, id);
  if (!contact) {
    TRY(auth::Require(actor, Permission::kContactRead));
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(auth::Require(actor, Permission::kContactRead, {OrganisationId::Parse(contact->organisation.id)}));
  ReadEmails(tx, *contact);
  return *std::move(contact);
}

Requester FindRequester(store::ReadTx& tx, std::string_view email) {
  const std::string address = text::ToLower(text::Trim(email));
  const auto known = tx.One(
      sql::kRequesterByEmail,
      [](const store::Row& row) {
        return Requester{.contact = row.Id<ContactId>(0),
                         .organisation = row.Id<OrganisationId>(1),
                         .name = row.String(2),
                         .language = row.Enum<Language>(3)};
      },
      address);
  if (known) {
    return *known;
  }
  for (const auto& domain : DomainsOf(address)) {
    const auto owner = tx.One(
        sql::kOrganisationByDomain,
        [](const store::Row& row) {
          const auto languages = stored::FromJson<std::vector<Language>>(row.Text(1));
          return Requester{.contact = std::nullopt,
                           .organisation = row.Id<OrganisationId>(0),
                           .name = "",
                           .language = languages.empty() ? std::nullopt : std::optional(languages.front())};
        },
        domain);
    if (owner) {
      return *owner;
    }
  }
  return {};
}

std::optional<ContactId> PortalContact(store::ReadTx& tx, std::string_view email) {
  const auto who = FindRequester(tx, email);
  const auto contact = who.contact ? tx.One(sql::kContact, sql::ToContact, *who.contact) : std::nullopt;
  return contact && contact->portal ? std::optional(contact->id) : std::nullopt;
}

}  // namespace propolis::people
