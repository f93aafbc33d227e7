// The schema's history: SQL files of src/store/migrations, built into the program, applied forward in number order.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace propolis::store {

struct Migration {
  int number = 0;
  std::string name;      // "foundation" of 0001_foundation.sql
  std::string_view sql;  // lives as long as the program (or the test that made it)
};

// In number order; number 0 is the engine's own ground.
std::span<const Migration> EmbeddedMigrations();

}  // namespace propolis::store
