// The SQLite side of ReadTx and WriteTx.
#pragma once

#include "store/sqlite/connection.h"
#include "store/store.h"

namespace propolis::store::sqlite {

// One unchanging view of the database for as long as it lives.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& connection_;
};

class SqliteReadTx final : public ReadTx {
 public:
  explicit SqliteReadTx(Connection& connection) : connection_(connection) {}
  void Run(std::string_view sql, std::span<const Param> params, const std::function<bool(const Row&)>& visit) override {
    connection_.Run(sql, params, visit);
  }

 private:
  Connection& connection_;
};

class SqliteWriteTx final : public WriteTx {
 public:
  SqliteWriteTx(Connection& connection, Time now) : connection_(connection), now_(now) {}
  void Run(std::string_view sql, std::span<const Param> params, const std::function<bool(const Row&)>& visit) override;
  std::int64_t Change(std::string_view sql, std::span<const Param> params) override;
  std::int64_t InsertRow(std::string_view sql, std::string_view key, std::span<const Param> params) override;
  std::int64_t Emit(const Event& event) override;
  [[nodiscard]] Time Now() const override { return now_; }
  // The newest event of this closure, 0 for none.
  [[nodiscard]] std::int64_t last_event() const { return last_event_; }

 private:
  // After SQLite has ended the whole transaction by itself, a further statement would commit on its own.
  void CheckAlive() const;

  Connection& connection_;
  Time now_;
  std::int64_t last_event_ = 0;
};

}  // namespace propolis::store::sqlite
