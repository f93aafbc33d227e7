#include "store/events.h"

namespace propolis::store {
namespace {

constexpr std::string_view kEventsAfter =
    "SELECT seq, at, kind, organisation, ticket, payload FROM event WHERE seq > $1 ORDER BY seq LIMIT $2";
constexpr std::string_view kLastEvent = "SELECT max(seq) FROM event";
constexpr std::string_view kFirstEvent = "SELECT min(seq) FROM event";
constexpr std::string_view kTrimEvents =
    "DELETE FROM event WHERE seq IN (SELECT seq FROM event WHERE seq <= $1 AND at < $2"
    " AND seq < (SELECT max(seq) FROM event) ORDER BY seq LIMIT $3)";

StoredEvent RowToEvent(const Row& row) {
  StoredEvent stored;
  stored.seq = row.Int(0);
  stored.at = row.Time(1);
  stored.event = {row.String(2), row.OptId<OrganisationId>(3), row.Int(4), row.String(5)};
  return stored;
}

}  // namespace

std::vector<StoredEvent> EventsAfter(ReadTx& tx, std::int64_t after, int limit) {
  return tx.All(kEventsAfter, RowToEvent, after, limit);
}

std::int64_t LastEvent(ReadTx& tx) {
  return tx.One(kLastEvent, [](const Row& row) { return row.Int(0); }).value_or(0);
}

std::int64_t FirstEvent(ReadTx& tx) {
  return tx.One(kFirstEvent, [](const Row& row) { return row.Int(0); }).value_or(0);
}

std::int64_t TrimEvents(WriteTx& tx, Time before, std::int64_t up_to, int limit) {
  return tx.Exec(kTrimEvents, up_to, before, limit);
}

}  // namespace propolis::store
