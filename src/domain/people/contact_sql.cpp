#include "domain/people/contact_sql.h"

#include "domain/stored.h"

namespace propolis::people::sql {

Contact ToContact(const store::Row& row) {
  return {.id = row.Id<ContactId>(0),
          .organisation = *OptRef(row, 1),
          .name = row.String(3),
          .emails = {},
          .phones = stored::FromJson<std::vector<std::string>>(row.Text(4)),
          .language = row.Enum<Language>(5),
          .roles = stored::FromJson<std::vector<ContactRole>>(row.Text(6)),
          .portal = row.Bool(7),
          .version = row.Int(8)};
}

}  // namespace propolis::people::sql
