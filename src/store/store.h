// The one door to stored data. Blocking; closures run inside a transaction; an answer means the commit is durable.
//
//   auto ticket = store.Read([&](ReadTx& tx) -> Result<Ticket> { ... tx.One(sql, RowTo, id) ... });
//   auto number = store.Write([&](WriteTx& tx) -> Result<int64_t> { tx.Exec(sql, a, b); return 7; });
//
// Rules for closures: nothing but SQL inside (an engine may run a write closure again after a serialization failure);
// an Error returned from a write closure undoes that closure only. SQL text is shared by the engines: $1, $2 ...
// parameters, int64 microseconds for times, 16-byte blobs for ids, JSON as text, UPSERT and RETURNING allowed, no LIKE,
// no AUTOINCREMENT. Failures of the engine (disk full, corruption, lost connection) are thrown as EngineFailure inside
// the closure and come out of Read/Write as Code::kUnavailable. A broken constraint (unique, foreign key, check,
// trigger) is thrown as ConstraintViolation and comes out as Code::kConflict; a closure that catches it must not go on
// with the transaction. Any other exception undoes its closure and is thrown again in the caller's thread. A closure
// does not call Read or Write.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/names.h"
#include "base/result.h"
#include "base/time.h"
#include "store/migrations.h"

namespace propolis::store {

struct EngineFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ConstraintViolation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Blob {
  std::string_view bytes;
};

// A parameter of a statement. Text and blobs are borrowed for the duration of the call.
using Param = std::variant<std::monostate, std::int64_t, double, std::string_view, Blob>;

inline Param ToParam(std::monostate) { return {}; }
inline Param ToParam(std::nullopt_t) { return {}; }
template <std::integral T>
Param ToParam(T value) {
  return static_cast<std::int64_t>(value);
}
inline Param ToParam(double value) { return value; }
inline Param ToParam(std::string_view value) { return value; }
inline Param ToParam(const char* value) { return std::string_view(value); }
inline Param ToParam(const std::string& value) { return std::string_view(value); }
inline Param ToParam(Blob value) { return value; }
inline Param ToParam(Time value) { return ToMicros(value); }
inline Param ToParam(const Uuid& value) { return Blob{value.AsBytes()}; }
template <class Tag>
Param ToParam(const Id<Tag>& value) {
  return Blob{value.uuid.AsBytes()};
}
template <Named E>
Param ToParam(E value) {
  return NameOf(value);
}
template <class T>
Param ToParam(const std::optional<T>& value) {
  return value ? ToParam(*value) : Param{};
}

// One row of a result, valid until the row function returns. Columns count from 0.
class Row {
 public:
  virtual ~Row() = default;
  [[nodiscard]] virtual bool IsNull(int column) const = 0;
  [[nodiscard]] virtual std::int64_t Int(int column) const = 0;
  [[nodiscard]] virtual double Double(int column) const = 0;
  [[nodiscard]] virtual std::string_view Text(int column) const = 0;   // borrowed
  [[nodiscard]] virtual std::string_view Bytes(int column) const = 0;  // borrowed

  [[nodiscard]] bool Bool(int column) const { return Int(column) != 0; }
  [[nodiscard]] std::string String(int column) const { return std::string(Text(column)); }
  [[nodiscard]] propolis::Time Time(int column) const { return FromMicros(Int(column)); }
  template <class IdType>
  [[nodiscard]] IdType Id(int column) const {
    const auto uuid = Uuid::FromBytes(Bytes(column));
    return uuid ? IdType{*uuid} : IdType{};
  }
  template <Named E>
  [[nodiscard]] E Enum(int column) const {
    const auto value = FromName<E>(Text(column));
    if (!value) {
      throw EngineFailure("unknown name in the store: " + String(column));
    }
    return *value;
  }
  [[nodiscard]] std::optional<std::string> OptString(int column) const {
    return IsNull(column) ? std::nullopt : std::optional(String(column));
  }
  [[nodiscard]] std::optional<std::int64_t> OptInt(int column) const {
    return IsNull(column) ? std::nullopt : std::optional(Int(column));
  }
  [[nodiscard]] std::optional<propolis::Time> OptTime(int column) const {
    return IsNull(column) ? std::nullopt : std::optional(Time(column));
  }
  template <class IdType>
  [[nodiscard]] std::optional<IdType> OptId(int column) const {
    return IsNull(column) ? std::nullopt : std::optional(Id<IdType>(column));
  }
  template <Named E>
  [[nodiscard]] std::optional<E> OptEnum(int column) const {
    return IsNull(column) ? std::nullopt : std::optional(Enum<E>(column));
  }
};

class ReadTx {
 public:
  virtual ~ReadTx() = default;

  // Every row in turn; the row function answers false to stop.
  template <class... Args>
  void ForEach(std::string_view sql, const std::function<bool(const Row&)>& visit, const Args&... args) {
    const Param params[sizeof...(Args) + 1] = {ToParam(args)..., Param{}};
    Run(sql, {params, sizeof...(Args)}, visit);
  }
  // The first row, mapped; nullopt when there is none.
  template <class Map, class... Args>
  auto One(std::string_view sql, Map map, const Args&... args)
      -> std::optional<std::decay_t<std::invoke_result_t<Map, const Row&>>> {
    std::optional<std::decay_t<std::invoke_result_t<Map, const Row&>>> found;
    ForEach(
        sql,
        [&](const Row& row) {
          found.emplace(map(row));
          return false;
        },
        args...);
    return found;
  }
  template <class Map, class... Args>
  auto All(std::string_view sql, Map map, const Args&... args)
      -> std::vector<std::decay_t<std::invoke_result_t<Map, const Row&>>> {
    std::vector<std::decay_t<std::invoke_result_t<Map, const Row&>>> rows;
    ForEach(
        sql,
        [&](const Row& row) {
          rows.push_back(map(row));
          return true;
        },
        args...);
    return rows;
  }
  // For statements put together at run time.
  virtual void Run(std::string_view sql, std::span<const Param> params,
                   const std::function<bool(const Row&)>& visit) = 0;
};

// Something that happened, for those who follow the event table after the commit.
struct Event {
  std::string kind;                            // "ticket.created", "entry.added", ...
  std::optional<OrganisationId> organisation;  // whose it is, for who may see it
  std::int64_t ticket = 0;                     // ticket number, 0 for none
  std::string payload = "{}";                  // JSON, small; never message bodies or secrets
};

class WriteTx : public ReadTx {
 public:
  // Number of rows changed.
  template <class... Args>
  std::int64_t Exec(std::string_view sql, const Args&... args) {
    const Param params[sizeof...(Args) + 1] = {ToParam(args)..., Param{}};
    return Change(sql, {params, sizeof...(Args)});
  }
  virtual std::int64_t Change(std::string_view sql, std::span<const Param> params) = 0;
  // One row of a table whose integer key the engine gives out, by an INSERT that does not name the key. `key` is its
  // column; answers its value.
  template <class... Args>
  std::int64_t Insert(std::string_view sql, std::string_view key, const Args&... args) {
    const Param params[sizeof...(Args) + 1] = {ToParam(args)..., Param{}};
    return InsertRow(sql, key, {params, sizeof...(Args)});
  }
  virtual std::int64_t InsertRow(std::string_view sql, std::string_view key, std::span<const Param> params) = 0;
  // One outbox row in the same transaction; answers its sequence number.
  virtual std::int64_t Emit(const Event& event) = 0;
  // The transaction's time, the same for all its rows.
  [[nodiscard]] virtual Time Now() const = 0;
};

// What one engine says of itself.
struct Health {
  std::string engine;       // "sqlite"
  std::int64_t schema = 0;  // newest migration
  std::int64_t size_bytes = 0;
  std::int64_t queued_writes = 0;
  bool writable = false;
};

// Progress of a long task: done and total in the same unit. Answering false cancels.
using Progress = std::function<bool(std::int64_t done, std::int64_t total)>;

// When a write's turn comes.
enum class Turn {
  kNext,    // somebody waits for it
  kBehind,  // nobody does: others that wait go first, for a quarter of a second at most
};

class Store {
 public:
  virtual ~Store() = default;

  template <class Fn>
  auto Read(Fn&& fn) -> std::invoke_result_t<Fn, ReadTx&> {
    std::optional<std::invoke_result_t<Fn, ReadTx&>> answer;
    auto status = RunRead([&](ReadTx& tx) -> Status {
      answer.emplace(fn(tx));
      return {};
    });
    if (!status) {
      return std::unexpected(std::move(status).error());
    }
    return std::move(*answer);
  }
  template <class Fn>
  auto Write(Fn&& fn, Turn turn = Turn::kNext) -> std::invoke_result_t<Fn, WriteTx&> {
    std::optional<std::invoke_result_t<Fn, WriteTx&>> answer;
    const auto run = [&](WriteTx& tx) -> Status {
      answer.emplace(fn(tx));
      if (!*answer) {
        return std::unexpected(answer->error());
      }
      return {};
    };
    auto status = RunWrite(run, turn);
    if (!status) {
      return std::unexpected(std::move(status).error());
    }
    return std::move(*answer);
  }

  // Called after each durable commit that emitted events, with the newest sequence number, on an engine's thread: do
  // little. The subscription ends when the returned handle dies.
  using Subscription = std::shared_ptr<void>;
  [[nodiscard]] virtual Subscription OnCommit(std::function<void(std::int64_t last_event)> listener) = 0;

  // A consistent copy, made while the desk works, into `path` (must not exist). Durable when it returns.
  virtual Status Backup(const std::string& path, const Progress& progress) = 0;
  // Structure, references and invariants of the engine's files. Each finding is one line; empty means sound.
  virtual Result<std::vector<std::string>> Verify(const Progress& progress) = 0;
  [[nodiscard]] virtual Health GetHealth() = 0;

 protected:
  virtual Status RunRead(const std::function<Status(ReadTx&)>& fn) = 0;
  virtual Status RunWrite(const std::function<Status(WriteTx&)>& fn, Turn turn) = 0;
};

enum class Durability {
  kFull,    // an answered write survives a power cut
  kNormal,  // survives a crash of the program; a power cut may take the last moments
  kNone,    // for tests: nothing is ever synced, but a crash of the program still loses nothing
};

// Something that must always hold in the store, checked by Verify. Adds one line for each finding.
using Invariant = std::function<void(ReadTx&, std::vector<std::string>& findings)>;

struct OpenOptions {
  std::string location;                          // a folder for SQLite ("DIR"), a URL for PostgreSQL ("postgres://...")
  std::shared_ptr<const Clock> clock = nullptr;  // null: the system's
  int readers = 0;                               // 0: as many as the machine has cores, 4 to 8
  Durability durability = Durability::kFull;
  bool exclusive = false;      // the server's way: refuses when another holds the location exclusively
  int write_queue = 1024;      // more waiting writes than this are answered Code::kUnavailable at once
  std::int64_t max_pages = 0;  // upper bound of the database in 4 KiB pages, 0 for none: more is a full disk
  std::vector<Invariant> invariants = {};
  // Called on an engine's thread when one closure held the writer longer than 100 ms. Null: it is logged.
  std::function<void(Micros held)> on_slow_write = nullptr;
  // The schema's history after number 0; tests bring their own. Nothing: the one built in.
  std::optional<std::vector<Migration>> migrations = std::nullopt;
};

// Opens the engine that the location names, creates the database when there is none, brings the schema forward. Refuses
// a database whose schema is newer than this binary, or whose recorded migrations differ from this binary's.
Result<std::unique_ptr<Store>> Open(const OpenOptions& options);

// Puts what Backup wrote at `from` into the folder `to`, which must be missing or empty. Every file is checked against
// the manifest before anything is written and again while it is copied. Durable when it returns.
Status Restore(const std::string& from, const std::string& to, const Progress& progress);

}  // namespace propolis::store
