#include "store/sqlite/migrator.h"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "base/crypto.h"

namespace propolis::store::sqlite {
namespace {

struct Applied {
  std::string name;
  std::string checksum;
};

std::map<int, Applied> ReadApplied(Connection& connection) {
  std::map<int, Applied> applied;
  if (connection.Number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'") == 0) {
    return applied;
  }
  connection.Run("SELECT number, name, checksum FROM migration", {}, [&](const Row& row) {
    applied[static_cast<int>(row.Int(0))] = {row.String(1), row.String(2)};
    return true;
  });
  return applied;
}

std::string Checksum(const Migration& migration) { return crypto::Hex(crypto::Sha256(migration.sql)); }

Status CheckHistory(const std::map<int, Applied>& applied, std::span<const Migration> all) {
  std::map<int, const Migration*> known;
  for (const Migration& migration : all) {
    if (!known.emplace(migration.number, &migration).second) {
      throw std::logic_error(fmt::format("two migrations have the number {}", migration.number));
    }
  }
  for (const auto& [number, was] : applied) {
    const auto found = known.find(number);
    if (found == known.end()) {
      return Fail(Code::kConflict, "store.schema_newer",
                  {{"number", fmt::format("{}", number)},
                   {"name", was.name},
                   {"newest", fmt::format("{}", all.back().number)}});
    }
    if (Checksum(*found->second) != was.checksum) {
      return Fail(Code::kConflict, "store.migration_changed",
                  {{"number", fmt::format("{}", number)}, {"name", was.name}});
    }
  }
  return {};
}

// A migration may rebuild tables, so references are checked at its end and not while it runs.
Status Apply(Connection& connection, const Migration& migration, Time now) {
  const auto failed = [&](std::string_view why) {
    return Fail(Code::kConflict, "store.migration_failed",
                {{"number", fmt::format("{}", migration.number)}, {"name", migration.name}, {"why", std::string(why)}});
  };
  try {
    connection.Execute(std::string(migration.sql));
    const std::string checksum = Checksum(migration);
    const Param row[] = {ToParam(migration.number), ToParam(migration.name), ToParam(checksum), ToParam(now)};
    connection.Change("INSERT INTO migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)", row);
  } catch (const std::logic_error& error) {
    return failed(error.what());
  } catch (const ConstraintViolation& error) {
    return failed(error.what());
  }
  std::string broken;
  connection.Run("PRAGMA foreign_key_check", {}, [&](const Row& row) {
    broken = fmt::format("{} has rows that refer to nothing in {}", row.Text(0), row.Text(2));
    return false;
  });
  if (!broken.empty()) {
    return failed(broken);
  }
  return {};
}

}  // namespace

Status Migrate(Connection& connection, std::span<const Migration> all, const Clock& clock) {
  TRY(CheckHistory(ReadApplied(connection), all));
  connection.Execute("PRAGMA foreign_keys=OFF");
  Status status;
  for (const Migration& migration : all) {
    connection.Execute("BEGIN IMMEDIATE");
    try {
      if (!ReadApplied(connection).contains(migration.number)) {
        status = Apply(connection, migration, clock.Now());
      }
      if (status) {
        connection.Execute("COMMIT");
        continue;
      }
    } catch (...) {
      if (connection.InTransaction()) {
        connection.Execute("ROLLBACK");
      }
      throw;
    }
    if (connection.InTransaction()) {
      connection.Execute("ROLLBACK");
    }
    break;
  }
  connection.Execute("PRAGMA foreign_keys=ON");
  return status;
}

}  // namespace propolis::store::sqlite
