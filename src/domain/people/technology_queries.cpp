#include "domain/people/technology_queries.h"

#include "domain/people/technology_sql.h"

namespace propolis::people {

using auth::Permission;

Result<std::vector<Technology>> Technologies(store::ReadTx& tx, const auth::Actor& actor) {
  TRY(auth::Require(actor, Permission::kTechnologyRead, {actor.organisation}));
  return tx.All(sql::kTechnologies, sql::ToTechnology);
}

Result<Technology> GetTechnology(store::ReadTx& tx, const auth::Actor& actor, TechnologyId id) {
  TRY(auth::Require(actor, Permission::kTechnologyRead, {actor.organisation}));
  auto found = tx.One(sql::kTechnology, sql::ToTechnology, id);
  if (!found) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return *std::move(found);
}

}  // namespace propolis::people
