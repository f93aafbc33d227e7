#include "domain/people/contract_sql.h"

#include "domain/stored.h"

namespace propolis::people::sql {

Contract ToContract(const store::Row& row) {
  return {.id = row.Id<ContractId>(0),
          .name = row.String(1),
          .policy = *OptRef(row, 2),
          .calendar = *OptRef(row, 4),
          .channels = stored::FromJson<std::vector<Channel>>(row.Text(6)),
          .languages = stored::FromJson<std::vector<Language>>(row.Text(7)),
          .starts_on = row.String(8),
          .ends_on = row.OptString(9),
          .version = row.Int(10)};
}

}  // namespace propolis::people::sql
