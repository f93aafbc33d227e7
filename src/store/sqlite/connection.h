// One SQLite connection with its cache of prepared statements. Used by one thread at a time.
//
// Failures are exceptions, as store.h says: EngineFailure (disk, locks, corruption), ConstraintViolation, and
// std::logic_error for wrong SQL or wrong arguments.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

namespace propolis::store::sqlite {

enum class Access { kReadOnly, kReadWrite };

struct ConnectionOptions {
  std::string file;
  Access access = Access::kReadWrite;
  Durability durability = Durability::kFull;
  std::int64_t max_pages = 0;
};

class Connection {
 public:
  using Visit = std::function<bool(const Row&)>;

  // The file must exist. Throws EngineFailure.
  explicit Connection(const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Any number of statements without parameters; rows are thrown away.
  void Execute(const std::string& sql);
  // One statement, $1 ... $n bound to `params`.
  void Run(std::string_view sql, std::span<const Param> params, const Visit& visit);
  // The same; answers how many rows it changed.
  std::int64_t Change(std::string_view sql, std::span<const Param> params);
  // One row more; answers its row key.
  std::int64_t Insert(std::string_view sql, std::span<const Param> params);
  // The first column of the first row, 0 when there is none.
  std::int64_t Number(std::string_view sql);

  // False after SQLite has given up a whole transaction on its own (full disk, I/O error).
  [[nodiscard]] bool InTransaction() const;
  // The exception's class by the result code. `what` is put before the engine's words.
  [[noreturn]] void Throw(int code, std::string_view what) const;
  [[nodiscard]] sqlite3* handle() const { return database_; }

 private:
  struct Statement;
  class Use;
  Statement* Prepare(std::string_view sql);

  static constexpr std::size_t kCached = 256;
  sqlite3* database_ = nullptr;
  Access access_;
  std::list<std::unique_ptr<Statement>> statements_;  // most recently used first
  std::unordered_map<std::string_view, std::list<std::unique_ptr<Statement>>::iterator> by_sql_;
};

}  // namespace propolis::store::sqlite
