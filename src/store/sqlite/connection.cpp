#include "store/sqlite/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>
#include <stdexcept>
#include <utility>

#include "base/mutex.h"
#include "store/sqlite/connect_hook.h"

namespace propolis::store::sqlite {
namespace {

struct Hooks {
  Mutex mutex;
  std::vector<std::function<void(sqlite3*)>> all PROPOLIS_GUARDED_BY(mutex);
};
Hooks& AllHooks() {
  static Hooks hooks;
  return hooks;
}

class ResultRow final : public Row {
 public:
  explicit ResultRow(sqlite3_stmt* statement) : statement_(statement), columns_(sqlite3_column_count(statement)) {}
  [[nodiscard]] bool IsNull(int column) const override {
    return sqlite3_column_type(statement_, Checked(column)) == SQLITE_NULL;
  }
  [[nodiscard]] std::int64_t Int(int column) const override {
    return sqlite3_column_int64(statement_, Checked(column));
  }
  [[nodiscard]] double Double(int column) const override { return sqlite3_column_double(statement_, Checked(column)); }
  [[nodiscard]] std::string_view Text(int column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, Checked(column)));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, Size(column));
  }
  [[nodiscard]] std::string_view Bytes(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, Checked(column)));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, Size(column));
  }

 private:
  [[nodiscard]] int Checked(int column) const {
    if (column < 0 || column >= columns_) {
      throw std::logic_error(fmt::format("column {} of a row of {}: {}", column, columns_, sqlite3_sql(statement_)));
    }
    return column;
  }
  [[nodiscard]] std::size_t Size(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  }
  sqlite3_stmt* statement_;
  int columns_;
};

struct Binder {
  sqlite3_stmt* statement;
  int index;
  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, index, value); }
  int operator()(std::string_view value) const {  // a null pointer would bind NULL, not the empty text
    return sqlite3_bind_text64(statement, index, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  int operator()(Blob value) const {
    return sqlite3_bind_blob64(statement, index, value.bytes.empty() ? "" : value.bytes.data(), value.bytes.size(),
                               SQLITE_STATIC);
  }
};

// Statistics of memory that nobody reads, kept under one lock for all connections.
void ConfigureOnce() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;
}

}  // namespace

void OnConnect(std::function<void(sqlite3*)> hook) {
  Hooks& hooks = AllHooks();
  const MutexLock lock(hooks.mutex);
  hooks.all.push_back(std::move(hook));
}

void RunConnectHooks(sqlite3* database) {
  Hooks& hooks = AllHooks();
  const MutexLock lock(hooks.mutex);
  for (const auto& hook : hooks.all) {
    hook(database);
  }
}

struct Connection::Statement {
  std::string sql;
  sqlite3_stmt* handle = nullptr;
  std::vector<std::size_t> argument_of;  // for each of SQLite's parameters, which argument it is
  std::size_t arguments = 0;
  bool readonly = false;
  bool busy = false;
  bool cached = true;

  Statement() = default;
  ~Statement() { sqlite3_finalize(handle); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // In SQLite "$1" is a name, numbered by first appearance.
  void MapParameters() {
    const int count = sqlite3_bind_parameter_count(handle);
    for (int i = 1; i <= count; ++i) {
      const char* name = sqlite3_bind_parameter_name(handle, i);
      const std::string_view text = name == nullptr ? "" : name;
      std::size_t number = 0;
      if (!text.starts_with('$') ||
          std::from_chars(text.data() + 1, text.data() + text.size(), number).ptr != text.data() + text.size() ||
          number == 0) {
        throw std::logic_error(fmt::format("parameters are $1, $2 ...: {}", sql));
      }
      argument_of.push_back(number - 1);
      arguments = std::max(arguments, number);
    }
  }
};

// Holds a statement while it runs, and leaves it clean for the next.
class Connection::Use {
 public:
  Use(Connection& connection, std::string_view sql, std::span<const Param> params)
      : connection_(connection), statement_(connection.Prepare(sql)) {
    if (!statement_->cached) {
      owned_.reset(statement_);
    }
    if (params.size() != statement_->arguments) {
      throw std::logic_error(fmt::format("{} arguments for {}: {}", params.size(), statement_->arguments, sql));
    }
    statement_->busy = true;
    for (std::size_t i = 0; i < statement_->argument_of.size(); ++i) {
      const int code =
          std::visit(Binder{statement_->handle, static_cast<int>(i) + 1}, params[statement_->argument_of[i]]);
      if (code != SQLITE_OK) {
        Clean();
        connection_.Throw(code, statement_->sql);
      }
    }
  }
  ~Use() { Clean(); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  [[nodiscard]] bool Step() {
    const int code = sqlite3_step(statement_->handle);
    if (code == SQLITE_ROW) {
      return true;
    }
    if (code != SQLITE_DONE) {
      connection_.Throw(code, statement_->sql);
    }
    return false;
  }
  [[nodiscard]] sqlite3_stmt* handle() const { return statement_->handle; }

 private:
  void Clean() {
    sqlite3_reset(statement_->handle);
    sqlite3_clear_bindings(statement_->handle);
    statement_->busy = false;
  }
  Connection& connection_;
  Statement* statement_;
  std::unique_ptr<Statement> owned_;
};

Connection::Connection(const ConnectionOptions& options) : access_(options.access) {
  ConfigureOnce();
  const int code =
      sqlite3_open_v2(options.file.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  try {
    if (code != SQLITE_OK) {
      Throw(code, options.file);
    }
    sqlite3_extended_result_codes(database_, 1);
    // First of all: connections that open together after a crash otherwise meet the lock of the log's recovery.
    sqlite3_busy_timeout(database_, 10'000);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    RunConnectHooks(database_);
    Execute("PRAGMA journal_mode=WAL");
    Execute(options.durability == Durability::kFull     ? "PRAGMA synchronous=FULL"
            : options.durability == Durability::kNormal ? "PRAGMA synchronous=NORMAL"
                                                        : "PRAGMA synchronous=OFF");
    Execute("PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON");
    // What is erased is overwritten: the desk keeps people's secrets, and erases rarely enough to afford it.
    Execute("PRAGMA secure_delete=ON");
    // A big log makes commits cheap; the checkpoints come from an idle timer, and shrink it again.
    Execute("PRAGMA wal_autocheckpoint=8000; PRAGMA journal_size_limit=67108864");
    Execute(access_ == Access::kReadWrite ? "PRAGMA cache_size=-65536" : "PRAGMA cache_size=-16384");
    if (options.max_pages > 0) {
      Execute(fmt::format("PRAGMA max_page_count={}", options.max_pages));
    }
    if (access_ == Access::kReadOnly) {
      Execute("PRAGMA query_only=ON");
    }
  } catch (...) {
    sqlite3_close_v2(database_);
    throw;
  }
}

Connection::~Connection() {
  by_sql_.clear();
  statements_.clear();
  sqlite3_close_v2(database_);
}

void Connection::Execute(const std::string& sql) {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    Throw(code, sql.substr(0, 200));
  }
}

void Connection::Run(std::string_view sql, std::span<const Param> params, const Visit& visit) {
  Use use(*this, sql, params);
  const ResultRow row(use.handle());
  while (use.Step() && visit(row)) {
  }
}

std::int64_t Connection::Change(std::string_view sql, std::span<const Param> params) {
  Use use(*this, sql, params);
  while (use.Step()) {
  }
  return sqlite3_stmt_readonly(use.handle()) != 0 ? 0 : sqlite3_changes64(database_);
}

std::int64_t Connection::Insert(std::string_view sql, std::span<const Param> params) {
  Use use(*this, sql, params);
  while (use.Step()) {
  }
  return sqlite3_last_insert_rowid(database_);
}

std::int64_t Connection::Number(std::string_view sql) {
  std::int64_t number = 0;
  Run(sql, {}, [&](const Row& row) {
    number = row.Int(0);
    return false;
  });
  return number;
}

bool Connection::InTransaction() const { return sqlite3_get_autocommit(database_) == 0; }

void Connection::Throw(int code, std::string_view what) const {
  const std::string text =
      fmt::format("{} ({}): {}", database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_), code, what);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      throw ConstraintViolation(text);
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      throw std::logic_error(text);
    default:
      throw EngineFailure(text);
  }
}

Connection::Statement* Connection::Prepare(std::string_view sql) {
  const auto found = by_sql_.find(sql);
  const bool taken = found != by_sql_.end() && (*found->second)->busy;  // the same text, running around this call
  if (found != by_sql_.end() && !taken) {
    statements_.splice(statements_.begin(), statements_, found->second);
    return statements_.front().get();
  }
  auto statement = std::make_unique<Statement>();
  statement->sql = sql;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(database_, statement->sql.c_str(), static_cast<int>(sql.size()) + 1,
                                      SQLITE_PREPARE_PERSISTENT, &statement->handle, &tail);
  if (code != SQLITE_OK) {
    Throw(code, sql);
  }
  if (statement->handle == nullptr || std::string_view(tail).find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    throw std::logic_error(fmt::format("one statement at a time: {}", sql));
  }
  statement->readonly = sqlite3_stmt_readonly(statement->handle) != 0;
  if (access_ == Access::kReadOnly && !statement->readonly) {
    throw std::logic_error(fmt::format("a change in a read transaction: {}", sql));
  }
  statement->MapParameters();
  if (taken) {
    statement->cached = false;
    return statement.release();
  }
  if (statements_.size() >= kCached && !statements_.back()->busy) {
    by_sql_.erase(statements_.back()->sql);
    statements_.pop_back();
  }
  statements_.push_front(std::move(statement));
  by_sql_.emplace(statements_.front()->sql, statements_.begin());
  return statements_.front().get();
}

}  // namespace propolis::store::sqlite
