#include "domain/people/staff_sql.h"

#include "domain/stored.h"

namespace propolis::people::sql {

Staff ToStaff(const store::Row& row) {
  Staff staff;
  staff.id = row.Id<StaffId>(0);
  staff.name = row.String(1);
  staff.email = row.String(2);
  staff.language = row.Enum<Language>(3);
  staff.languages = stored::FromJson<std::vector<Language>>(row.Text(4));
  staff.zone = row.String(5);
  staff.roles = stored::FromJson<std::vector<auth::Role>>(row.Text(6));
  staff.active = row.Bool(7);
  staff.capacity = static_cast<int>(row.Int(8));
  staff.calendar = OptRef(row, 9);
  staff.version = row.Int(11);
  return staff;
}

}  // namespace propolis::people::sql
