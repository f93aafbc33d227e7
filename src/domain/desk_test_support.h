// For tests of the domain: a small desk with people, an organisation and tickets.
#pragma once

#include "auth/actor.h"
#include "auth/secrets_test_support.h"
#include "domain/ticket/ticket.h"
#include "store/test_support.h"

namespace propolis {

struct TestDesk {
  store::TestStore store;
  OrganisationId organisation = AddOrganisation("Acme");

  OrganisationId AddOrganisation(const std::string& name) {
    return Insert<OrganisationId>([&](store::WriteTx& tx, OrganisationId id) {
      tx.Exec(
          "INSERT INTO organisation (id, version, name, industry, regulations, zone, languages, stage, notes, "
          "technologies, security_contacts, created_at) VALUES ($1, 1, $2, '', '[]', 'Etc/UTC', '[\"en\"]', "
          "'production', '', '[]', '[]', $3)",
          id, name, tx.Now());
    });
  }

  auth::Actor AddStaff(const std::string& name, auth::Role role = auth::Role::kAgent) {
    auth::Actor actor;
    actor.kind = auth::ActorKind::kStaff;
    actor.name = name;
    actor.email = text::AsciiLower(name) + "@desk.example";
    actor.roles = {role};
    actor.permissions = auth::PermissionsOf(actor.roles);
    actor.assurance = auth::Assurance::kVerified;
    actor.person = Insert<StaffId>([&](store::WriteTx& tx, StaffId id) {
                     tx.Exec(
                         "INSERT INTO staff (id, version, name, email, language, languages, zone, roles, active, "
                         "capacity, preferences, created_at) VALUES ($1, 1, $2, $3, 'en', '[\"en\"]', 'Etc/UTC', $4, "
                         "1, 10, '{}', $5)",
                         id, name, actor.email, "[\"" + std::string(NameOf(role)) + "\"]", tx.Now());
                   }).uuid;
    return actor;
  }

  auth::Actor AddCustomer(const std::string& name, OrganisationId of, auth::Role role = auth::Role::kCustomer) {
    auth::Actor actor;
    actor.kind = auth::ActorKind::kCustomer;
    actor.name = name;
    actor.email = text::AsciiLower(name) + "@customer.example";
    actor.organisation = of;
    actor.roles = {role};
    actor.permissions = auth::PermissionsOf(actor.roles);
    actor.person =
        Insert<ContactId>([&](store::WriteTx& tx, ContactId id) {
          tx.Exec(
              "INSERT INTO contact (id, version, organisation, name, phones, language, roles, portal, "
              "created_at) VALUES ($1, 1, $2, $3, '[]', 'en', '[\"requester\"]', 1, $4)",
              id, of, name, tx.Now());
          tx.Exec("INSERT INTO contact_email (email, contact, position) VALUES ($1, $2, 0)", actor.email, id);
        }).uuid;
    return actor;
  }

  // An open ticket of the organisation with one message of the customer.
  std::int64_t AddTicket(TicketKind kind = TicketKind::kFault, std::optional<OrganisationId> of = std::nullopt,
                         const std::string& subject = "VPN down", const std::string& body = "It does not connect.") {
    ticket::Ticket ticket;
    ticket.subject = subject;
    ticket.kind = kind;
    ticket.state = TicketState::kOpen;
    ticket.organisation = of.value_or(organisation);
    ticket.requester_email = "ana@customer.example";
    ticket.requester_name = "Ana";
    ticket.last_actor = "customer";
    const auto made = store->Write([&](store::WriteTx& tx) -> Result<ticket::Ticket> {
      const auth::Actor system = auth::SystemActor();
      auto edit = ticket::Edit::Create(tx, system, ticket, {});
      auth::Actor customer;
      customer.kind = auth::ActorKind::kCustomer;
      customer.name = "Ana";
      edit.AppendBy(customer, {.kind = EntryKind::kMessage,
                               .visibility = Visibility::kPublic,
                               .body = body,
                               .html = {},
                               .quoted = {},
                               .data = "{}"});
      return edit.Finish("ticket.open");
    });
    return made.value().number;
  }

  ticket::Ticket Load(std::int64_t number) {
    return store->Read([&](store::ReadTx& tx) -> Result<ticket::Ticket> { return *ticket::Load(tx, number); }).value();
  }

  // One number that a query answers.
  std::int64_t Count(std::string_view sql) {
    return store
        ->Read([&](store::ReadTx& tx) -> Result<std::int64_t> {
          return tx.One(sql, [](const store::Row& row) { return row.Int(0); }).value_or(-1);
        })
        .value();
  }

 private:
  template <class IdType>
  IdType Insert(const std::function<void(store::WriteTx&, IdType)>& insert) {
    return store
        ->Write([&](store::WriteTx& tx) -> Result<IdType> {
          const IdType id = IdType::New(tx.Now());
          insert(tx, id);
          return id;
        })
        .value();
  }
};

}  // namespace propolis
