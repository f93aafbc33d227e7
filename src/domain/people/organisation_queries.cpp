#include "domain/people/organisation_queries.h"

#include "domain/people/contract_queries.h"
#include "domain/people/organisation_sql.h"

namespace propolis::people {
namespace {

using auth::Permission;

constexpr std::chrono::days kCsatWindow{90};

Organisation Complete(store::ReadTx& tx, sql::OrganisationRow&& row, Time now) {
  Organisation whole;
  whole.id = row.id;
  whole.version = row.version;
  whole.name = std::move(row.body.name);
  whole.industry = std::move(row.body.industry);
  whole.regulations = std::move(row.body.regulations);
  whole.zone = std::move(row.body.zone);
  whole.languages = std::move(row.body.languages);
  whole.stage = row.body.stage;
  whole.notes = std::move(row.body.notes);
  whole.security_contacts = std::move(row.body.security_contacts);
  whole.domains = tx.All(sql::kDomains, [](const store::Row& r) { return r.String(0); }, row.id);
  for (const auto& technology : row.body.technology_ids) {
    if (auto ref = tx.One(sql::kTechnologyName, [](const store::Row& r) { return *OptRef(r, 0); }, technology)) {
      whole.technologies.push_back(*std::move(ref));
    }
  }
  whole.contract = ContractInForce(tx, row.id, now);
  whole.open_tickets =
      tx.One(sql::kOpenOfOrganisation, [](const store::Row& r) { return r.Int(0); }, row.id).value_or(0);
  return whole;
}

}  // namespace

Result<Page<Organisation>> Organisations(store::ReadTx& tx, const auth::Actor& actor, std::string_view text,
                                         const PageRequest& page, Time now) {
  TRY(auth::Require(actor, Permission::kOrganisationRead));
  const auto after = TRY(TakeCursor(page.cursor, 1));
  const std::string wanted = text::Fold(text);
  const auto limit = static_cast<std::size_t>(page.limit);
  std::vector<sql::OrganisationRow> rows;
  bool more = false;
  tx.ForEach(
      sql::kOrganisationsAfter,
      [&](const store::Row& row) {
        if (!wanted.empty() && text::Fold(row.Text(2)).find(wanted) == std::string::npos) {
          return true;
        }
        more = rows.size() == limit;
        if (!more) {
          rows.push_back(sql::ToOrganisationRow(row));
        }
        return !more;
      },
      after ? after->front() : std::string());
  Page<Organisation> answer;
  if (more) {
    answer.next_cursor = MakeCursor({rows.back().body.name});
  }
  for (auto& row : rows) {
    answer.items.push_back(Complete(tx, std::move(row), now));
  }
  return answer;
}

Result<Organisation> GetOrganisation(store::ReadTx& tx, const auth::Actor& actor, OrganisationId id, Time now) {
  TRY(auth::Require(actor, Permission::kOrganisationRead, {id}));
  auto row = tx.One(sql::kOrganisation, sql::ToOrganisationRow, id);
  if (!row) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  Organisation whole = Complete(tx, *std::move(row), now);
  whole.csat = *tx.One(
      sql::kCsatOfOrganisation,
      [](const store::Row& r) { return r.IsNull(0) ? std::nullopt : std::optional(r.Double(0)); }, id,
      now - kCsatWindow);
  return whole;
}

}  // namespace propolis::people
