#include "domain/people/contract_commands.h"

#include "auth/record.h"
#include "domain/day.h"
#include "domain/people/contract_sql.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;

Status CheckDays(const std::string& starts_on, const std::optional<std::string>& ends_on) {
  if (!IsDay(starts_on)) {
    return FailField("starts_on", "field.not_date");
  }
  if (ends_on && !IsDay(*ends_on)) {
    return FailField("ends_on", "field.not_date");
  }
  if (ends_on && *ends_on < starts_on) {
    return FailField("ends_on", "contract.ends_before_start");
  }
  return {};
}

Status Check(store::ReadTx& tx, const NewContract& terms) {
  TRY(stored::CheckReference(tx, sql::kPolicyExists, terms.policy_id, "policy_id"));
  TRY(stored::CheckReference(tx, sql::kCalendarExists, terms.calendar_id, "calendar_id"));
  return CheckDays(terms.starts_on, terms.ends_on);
}

struct Kept {
  OrganisationId organisation;
  NewContract terms;
  std::int64_t version = 0;
};

std::optional<Kept> Load(store::ReadTx& tx, ContractId id) {
  return tx.One(
      sql::kContractOwner,
      [](const store::Row& row) {
        return Kept{.organisation = row.Id<OrganisationId>(0),
                    .terms = {.name = row.String(1),
                              .policy_id = row.Id<PolicyId>(2),
                              .calendar_id = row.Id<CalendarId>(3),
                              .channels = stored::FromJson<std::vector<Channel>>(row.Text(4)),
                              .languages = stored::FromJson<std::vector<Language>>(row.Text(5)),
                              .starts_on = row.String(6),
                              .ends_on = row.OptString(7)},
                    .version = row.Int(8)};
      },
      id);
}

void Apply(const ContractChange& change, NewContract& terms) {
  terms.name = change.name.value_or(terms.name);
  terms.policy_id = change.policy_id.value_or(terms.policy_id);
  terms.calendar_id = change.calendar_id.value_or(terms.calendar_id);
  terms.channels = change.channels.value_or(terms.channels);
  terms.languages = change.languages.value_or(terms.languages);
  terms.starts_on = change.starts_on.value_or(terms.starts_on);
  if (change.ends_on.given) {
    terms.ends_on = change.ends_on.value;
  }
}

}  // namespace

Result<Contract> AddContract(store::WriteTx& tx, const auth::Actor& actor, OrganisationId organisation,
                             const NewContract& request) {
  TRY(auth::Require(actor, Permission::kOrganisationWrite, {organisation}));
  if (!tx.One(sql::kOrganisationZone, [](const store::Row&) { return true; }, organisation)) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(Check(tx, request));
  const auto id = ContractId::New(tx.Now());
  tx.Exec(sql::kInsertContract, id, organisation, request.name, request.policy_id, request.calendar_id,
          stored::ToJson(request.channels), stored::ToJson(request.languages), request.starts_on, request.ends_on);
  auth::Record(tx, actor, "contract.create", request.name);
  tx.Emit({.kind = "organisation.changed", .organisation = organisation});
  return *tx.One(sql::kContract, sql::ToContract, id);
}

Result<Contract> ChangeContract(store::WriteTx& tx, const auth::Actor& actor, ContractId id,
                                const ContractChange& change, std::optional<std::int64_t> if_version) {
  TRY(auth::Require(actor, Permission::kOrganisationWrite));
  auto kept = Load(tx, id);
  if (!kept) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  const auto version = TRY(stored::NextVersion(kept->version, if_version));
  Apply(change, kept->terms);
  TRY(Check(tx, kept->terms));
  const NewContract& terms = kept->terms;
  tx.Exec(sql::kUpdateContract, id, version, terms.name, terms.policy_id, terms.calendar_id,
          stored::ToJson(terms.channels), stored::ToJson(terms.languages), terms.starts_on, terms.ends_on);
  auth::Record(tx, actor, "contract.update", terms.name);
  tx.Emit({.kind = "organisation.changed", .organisation = kept->organisation});
  return *tx.One(sql::kContract, sql::ToContract, id);
}

}  // namespace propolis::people
