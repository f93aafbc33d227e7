#include "domain/people/contract_queries.h"

#include <algorithm>

#include "domain/calendars/defaults.h"
#include "domain/day.h"
#include "domain/people/contract_sql.h"
#include "domain/stored.h"

namespace propolis::people {
namespace {

using auth::Permission;

std::optional<std::string> TodayOf(store::ReadTx& tx, OrganisationId organisation, Time at) {
  return tx.One(sql::kOrganisationZone, [&](const store::Row& row) { return DayIn(row.String(0), at); }, organisation);
}

}  // namespace

Result<std::vector<Contract>> Contracts(store::ReadTx& tx, const auth::Actor& actor, OrganisationId organisation) {
  TRY(auth::Require(actor, Permission::kOrganisationRead, {organisation}));
  if (!tx.One(sql::kOrganisationZone, [](const store::Row&) { return true; }, organisation)) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return tx.All(sql::kContractsOf, sql::ToContract, organisation);
}

std::optional<Contract> ContractInForce(store::ReadTx& tx, OrganisationId organisation, Time at) {
  const auto today = TodayOf(tx, organisation, at);
  return today ? tx.One(sql::kContractsInForce, sql::ToContract, organisation, *today) : std::nullopt;
}

Result<Terms> ContractFor(store::ReadTx& tx, const std::optional<OrganisationId>& organisation, Channel channel,
                          Time at) {
  const auto today = organisation ? TodayOf(tx, *organisation, at) : std::nullopt;
  std::optional<Terms> terms;
  if (today) {
    tx.ForEach(
        sql::kTermsInForce,
        [&](const store::Row& row) {
          const auto channels = stored::FromJson<std::vector<Channel>>(row.Text(4));
          if (!channels.empty() && std::ranges::find(channels, channel) == channels.end()) {
            return true;
          }
          terms = Terms{.contract = row.Id<ContractId>(0),
                        .contract_name = row.String(5),
                        .policy = row.Id<PolicyId>(1),
                        .policy_version = row.Int(2),
                        .calendar = row.Id<CalendarId>(3)};
          return false;
        },
        *organisation, *today);
  }
  if (terms) {
    return *terms;
  }
  const auto defaults = TRY(calendars::DeskDefaults(tx));
  return Terms{.contract = std::nullopt,
               .contract_name = {},
               .policy = defaults.policy,
               .policy_version = defaults.policy_version,
               .calendar = defaults.calendar};
}

}  // namespace propolis::people
