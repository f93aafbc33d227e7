#include "domain/people/organisation_sql.h"

#include "domain/stored.h"

namespace propolis::people::sql {

OrganisationRow ToOrganisationRow(const store::Row& row) {
  OrganisationRow found;
  found.id = row.Id<OrganisationId>(0);
  found.version = row.Int(1);
  found.body.name = row.String(2);
  found.body.industry = row.String(3);
  found.body.regulations = stored::FromJson<std::vector<std::string>>(row.Text(4));
  found.body.zone = row.String(5);
  found.body.languages = stored::FromJson<std::vector<Language>>(row.Text(6));
  found.body.stage = row.Enum<Stage>(7);
  found.body.notes = row.String(8);
  found.body.technology_ids = stored::FromJson<std::vector<TechnologyId>>(row.Text(9));
  found.body.security_contacts = stored::FromJson<std::vector<SecurityContact>>(row.Text(10));
  return found;
}

}  // namespace propolis::people::sql
