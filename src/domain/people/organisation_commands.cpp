#include "domain/people/organisation_commands.h"

#include "auth/record.h"
#include "domain/people/organisation_queries.h"
#include "domain/people/organisation_sql.h"
#include "domain/people/technology_sql.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;

Status CheckName(store::ReadTx& tx, const std::string& name, std::optional<OrganisationId> self) {
  const auto taken =
      tx.One(sql::kOrganisationByName, [](const store::Row& row) { return row.Id<OrganisationId>(0); }, name);
  if (taken && taken != self) {
    return FailField("name", "field.taken");
  }
  return {};
}

// Normalises the domains in place.
Status CheckDomains(store::ReadTx& tx, std::vector<std::string>& domains, std::optional<OrganisationId> self) {
  for (std::size_t i = 0; i < domains.size(); ++i) {
    const std::string field = "domains/" + std::to_string(i);
    auto domain = NormaliseDomain(domains[i]);
    if (!domain) {
      return FailField(field, "field.not_domain");
    }
    const auto owner =
        tx.One(sql::kDomainOwner, [](const store::Row& row) { return row.Id<OrganisationId>(0); }, *domain);
    if (owner && owner != self) {
      return FailField(field, "field.taken");
    }
    domains[i] = *std::move(domain);
  }
  stored::KeepFirsts(domains);
  return {};
}

void WriteDomains(store::WriteTx& tx, OrganisationId id, const std::vector<std::string>& domains) {
  tx.Exec(sql::kDropDomains, id);
  for (const auto& domain : domains) {
    tx.Exec(sql::kInsertDomain, domain, id);
  }
}

// Lists of a request in the form in which they are kept.
Status Normalise(store::ReadTx& tx, NewOrganisation& body) {
  stored::KeepFirsts(body.languages);
  stored::KeepFirsts(body.regulations);
  stored::KeepFirsts(body.technology_ids);
  return stored::CheckReferences(tx, sql::kTechnologyExists, body.technology_ids, "technology_ids");
}

void Apply(const OrganisationChange& change, NewOrganisation& body) {
  body.name = change.name.value_or(body.name);
  body.industry = change.industry.value_or(body.industry);
  body.regulations = change.regulations.value_or(body.regulations);
  body.zone = change.zone.value_or(body.zone);
  body.languages = change.languages.value_or(body.languages);
  body.stage = change.stage.value_or(body.stage);
  body.notes = change.notes.value_or(body.notes);
  body.technology_ids = change.technology_ids.value_or(body.technology_ids);
  body.security_contacts = change.security_contacts.value_or(body.security_contacts);
}

}  // namespace

Result<Organisation> AddOrganisation(store::WriteTx& tx, const auth::Actor& actor, const NewOrganisation& request) {
  TRY(auth::Require(actor, Permission::kOrganisationWrite));
  NewOrganisation body = request;
  TRY(CheckName(tx, body.name, std::nullopt));
  TRY(CheckDomains(tx, body.domains, std::nullopt));
  TRY(Normalise(tx, body));
  const auto id = OrganisationId::New(tx.Now());
  tx.Exec(sql::kInsertOrganisation, id, body.name, body.industry, stored::ToJson(body.regulations), body.zone,
          stored::ToJson(body.languages), body.stage, body.notes, stored::ToJson(body.technology_ids),
          stored::ToJson(body.security_contacts), tx.Now());
  WriteDomains(tx, id, body.domains);
  auth::Record(tx, actor, "organisation.create", body.name);
  tx.Emit({.kind = "organisation.changed", .organisation = id});
  return GetOrganisation(tx, auth::SystemActor(), id, tx.Now());
}

Result<Organisation> ChangeOrganisation(store::WriteTx& tx, const auth::Actor& actor, OrganisationId id,
                                        const OrganisationChange& change, std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kOrganisationWrite, {id}));
  auto found = tx.One(sql::kOrganisation, sql::ToOrganisationRow, id);
  if (!found) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  const auto version = TRY(stored::NextVersion(found->version, if_version));
  NewOrganisation& body = found->body;
  Apply(change, body);
  TRY(CheckName(tx, body.name, id));
  TRY(Normalise(tx, body));
  if (change.domains) {
    body.domains = *change.domains;
    TRY(CheckDomains(tx, body.domains, id));
    WriteDomains(tx, id, body.domains);
  }
  tx.Exec(sql::kUpdateOrganisation, id, version, body.name, body.industry, stored::ToJson(body.regulations), body.zone,
          stored::ToJson(body.languages), body.stage, body.notes, stored::ToJson(body.technology_ids),
          stored::ToJson(body.security_contacts));
  auth::Record(tx, actor, "organisation.update", body.name);
  tx.Emit({.kind = "organisation.changed", .organisation = id});
  return GetOrganisation(tx, auth::SystemActor(), id, tx.Now());
}

}  // namespace propolis::people
