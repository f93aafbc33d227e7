// Brings a database's schema forward, one transaction a migration, and keeps what was done in the table `migration`.
#pragma once

#include <span>

#include "base/result.h"
#include "base/time.h"
#include "store/migrations.h"
#include "store/sqlite/connection.h"

namespace propolis::store::sqlite {

// Fails with Code::kConflict: "store.schema_newer" when the database knows a migration that this program does not,
// "store.migration_changed" when one was recorded with another text, "store.migration_failed" when one does not run (it
// is undone). `all` is in number order and starts with number 0. Throws as Connection does.
Status Migrate(Connection& connection, std::span<const Migration> all, const Clock& clock);

}  // namespace propolis::store::sqlite
