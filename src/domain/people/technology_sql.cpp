#include "domain/people/technology_sql.h"

#include "domain/stored.h"

namespace propolis::people::sql {

Technology ToTechnology(const store::Row& row) {
  return {.id = row.Id<TechnologyId>(0),
          .parent_id = row.OptId<TechnologyId>(1),
          .name = row.String(2),
          .path = row.String(3),
          .level = row.Enum<TechnologyLevel>(4),
          .keywords = stored::FromJson<std::vector<std::string>>(row.Text(5)),
          .version = row.Int(6)};
}

}  // namespace propolis::people::sql
