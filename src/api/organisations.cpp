// /organisations and their contacts and contracts.
#include "api/paging.h"
#include "api/resource.h"
#include "api/resources.h"
#include "domain/people/contact_commands.h"
#include "domain/people/contact_queries.h"
#include "domain/people/contract_commands.h"
#include "domain/people/contract_queries.h"
#include "domain/people/organisation_commands.h"
#include "domain/people/organisation_queries.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

struct OrganisationPage {
  std::vector<people::Organisation> items;
  std::optional<std::string> next_cursor;
  static const dto::Type& Dto() { return DescribePage<OrganisationPage>("OrganisationPage"); }
};

struct ContactPage {
  std::vector<people::Contact> items;
  std::optional<std::string> next_cursor;
  static const dto::Type& Dto() { return DescribePage<ContactPage>("ContactPage"); }
};

void AddOrganisationItself(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/organisations",
           .id = "listOrganisations",
           .tag = "organisations",
           .summary = "Customers, by name",
           .access = Permission::kOrganisationRead},
          [](Call& call, const SearchPageQuery& query) -> Result<OrganisationPage> {
            return ToAnswer<OrganisationPage>(call.Read([&](store::ReadTx& tx) {
              return people::Organisations(tx, call.actor, query.q.value_or(""), ToPageRequest(query), call.Now());
            }));
          });
  api.Add({.method = Method::kPost,
           .path = "/organisations",
           .id = "addOrganisation",
           .tag = "organisations",
           .summary = "Add a customer",
           .access = Permission::kOrganisationWrite,
           .status = 201,
           .example = R"({"name":"Cooperativa Páramo Alto","zone":"America/Guayaquil","languages":["es"],)"
                      R"("domains":["paramoalto.example.org"]})"},
          [](Call& call, const people::NewOrganisation& body) -> Result<people::Organisation> {
            return call.Write([&](store::WriteTx& tx) { return people::AddOrganisation(tx, call.actor, body); });
          });
  api.Add(
      {.method = Method::kGet,
       .path = "/organisations/{id}",
       .id = "getOrganisation",
       .tag = "organisations",
       .summary = "One customer",
       .access = Permission::kOrganisationRead},
      [](Call& call) -> Result<people::Organisation> {
        const auto id = TRY(call.PathId<OrganisationId>("id"));
        return call.Read([&](store::ReadTx& tx) { return people::GetOrganisation(tx, call.actor, id, call.Now()); });
      });
  api.Add({.method = Method::kPatch,
           .path = "/organisations/{id}",
           .id = "changeOrganisation",
           .tag = "organisations",
           .summary = "Change a customer",
           .access = Permission::kOrganisationWrite,
           .versioned = true},
          [](Call& call, const people::OrganisationChange& body) -> Result<people::Organisation> {
            const auto id = TRY(call.PathId<OrganisationId>("id"));
            const auto version = TRY(call.IfMatch());
            return call.Write(
                [&](store::WriteTx& tx) { return people::ChangeOrganisation(tx, call.actor, id, body, version); });
          });
}

void AddContacts(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/contacts",
           .id = "listContacts",
           .tag = "organisations",
           .summary = "People at all customers, by name",
           .access = Permission::kContactRead},
          [](Call& call, const SearchPageQuery& query) -> Result<ContactPage> {
            return ToAnswer<ContactPage>(call.Read([&](store::ReadTx& tx) {
              return people::Contacts(tx, call.actor, query.q.value_or(""), ToPageRequest(query));
            }));
          });
  api.Add({.method = Method::kGet,
           .path = "/organisations/{id}/contacts",
           .id = "listContactsOfOrganisation",
           .tag = "organisations",
           .summary = "People at one customer, by name",
           .access = Permission::kContactRead},
          [](Call& call, const PageQuery& query) -> Result<ContactPage> {
            const auto id = TRY(call.PathId<OrganisationId>("id"));
            return ToAnswer<ContactPage>(call.Read(
                [&](store::ReadTx& tx) { return people::ContactsOf(tx, call.actor, id, ToPageRequest(query)); }));
          });
  api.Add({.method = Method::kPost,
           .path = "/organisations/{id}/contacts",
           .id = "addContact",
           .tag = "organisations",
           .summary = "Add a person at a customer",
           .access = Permission::kContactWrite,
           .status = 201},
          [](Call& call, const people::NewContact& body) -> Result<people::Contact> {
            const auto id = TRY(call.PathId<OrganisationId>("id"));
            return call.Write([&](store::WriteTx& tx) { return people::AddContact(tx, call.actor, id, body); });
          });
  api.Add(
      {.method = Method::kPatch,
       .path = "/contacts/{id}",
       .id = "changeContact",
       .tag = "organisations",
       .summary = "Change a person at a customer",
       .access = Permission::kContactWrite,
       .versioned = true},
      [](Call& call, const people::ContactChange& body) -> Result<people::Contact> {
        const auto id = TRY(call.PathId<ContactId>("id"));
        const auto version = TRY(call.IfMatch());
        return call.Write([&](store::WriteTx& tx) { return people::ChangeContact(tx, call.actor, id, body, version); });
      });
}

void AddContracts(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/organisations/{id}/contracts",
           .id = "listContracts",
           .tag = "organisations",
           .summary = "Contracts of a customer, the newest first",
           .access = Permission::kOrganisationRead},
          [](Call& call) -> Result<std::vector<people::Contract>> {
            const auto id = TRY(call.PathId<OrganisationId>("id"));
            return call.Read([&](store::ReadTx& tx) { return people::Contracts(tx, call.actor, id); });
          });
  api.Add({.method = Method::kPost,
           .path = "/organisations/{id}/contracts",
           .id = "addContract",
           .tag = "organisations",
           .summary = "Add a contract",
           .access = Permission::kOrganisationWrite,
           .status = 201},
          [](Call& call, const people::NewContract& body) -> Result<people::Contract> {
            const auto id = TRY(call.PathId<OrganisationId>("id"));
            return call.Write([&](store::WriteTx& tx) { return people::AddContract(tx, call.actor, id, body); });
          });
  api.Add({.method = Method::kPatch,
           .path = "/contracts/{id}",
           .id = "changeContract",
           .tag = "organisations",
           .summary = "Change a contract",
           .access = Permission::kOrganisationWrite,
           .versioned = true},
          [](Call& call, const people::ContractChange& body) -> Result<people::Contract> {
            const auto id = TRY(call.PathId<ContractId>("id"));
            const auto version = TRY(call.IfMatch());
            return call.Write(
                [&](store::WriteTx& tx) { return people::ChangeContract(tx, call.actor, id, body, version); });
          });
}

}  // namespace

void AddOrganisations(Api& api) {
  AddOrganisationItself(api);
  AddContacts(api);
  AddContracts(api);
}

}  // namespace propolis::api
