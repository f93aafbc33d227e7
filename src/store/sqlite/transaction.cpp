#include "store/sqlite/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "store/events.h"

namespace propolis::store::sqlite {
namespace {

constexpr std::string_view kEmit =
    "INSERT INTO event (at, kind, organisation, ticket, payload) VALUES ($1, $2, $3, $4, $5)";

bool IsKind(std::string_view kind) {
  return !kind.empty() && kind.size() <= 100 && std::ranges::all_of(kind, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

}  // namespace

Snapshot::Snapshot(Connection& connection) : connection_(connection) { connection_.Run("BEGIN", {}, nullptr); }

Snapshot::~Snapshot() {
  if (!connection_.InTransaction()) {
    return;
  }
  try {
    connection_.Run("COMMIT", {}, nullptr);
  } catch (const std::exception&) {
    // A read transaction has nothing to lose; the next BEGIN on this connection reports what is wrong.
  }
}

void SqliteWriteTx::CheckAlive() const {
  if (!connection_.InTransaction()) {
    throw EngineFailure("the transaction has already been given up");
  }
}

void SqliteWriteTx::Run(std::string_view sql, std::span<const Param> params,
                        const std::function<bool(const Row&)>& visit) {
  CheckAlive();
  connection_.Run(sql, params, visit);
}

std::int64_t SqliteWriteTx::Change(std::string_view sql, std::span<const Param> params) {
  CheckAlive();
  return connection_.Change(sql, params);
}

// RETURNING would build a table of its own for the one row.
std::int64_t SqliteWriteTx::InsertRow(std::string_view sql, std::string_view /*key*/, std::span<const Param> params) {
  CheckAlive();
  return connection_.Insert(sql, params);
}

std::int64_t SqliteWriteTx::Emit(const Event& event) {
  CheckAlive();
  if (!IsKind(event.kind) || event.payload.size() > kMaxEventPayload) {
    throw std::logic_error(fmt::format("not an event: kind '{}', {} bytes", event.kind, event.payload.size()));
  }
  const Param row[] = {ToParam(now_), ToParam(event.kind), ToParam(event.organisation), ToParam(event.ticket),
                       ToParam(event.payload)};
  last_event_ = InsertRow(kEmit, "seq", row);
  return last_event_;
}

}  // namespace propolis::store::sqlite
