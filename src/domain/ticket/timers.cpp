#include "domain/ticket/timers.h"

#include "domain/ticket/commands.h"

namespace propolis::ticket {
namespace {

constexpr std::string_view kDueToWake =
    "SELECT t.number FROM ticket t JOIN ticket_detail d ON d.ticket = t.number WHERE t.is_open = 1 AND "
    "t.state = 'scheduled' AND d.scheduled_until <= $1 LIMIT $2";
constexpr std::string_view kDueToClose =
    "SELECT t.number FROM ticket t JOIN ticket_detail d ON d.ticket = t.number WHERE t.state = 'resolved' AND "
    "d.resolved_at <= $1 ORDER BY t.updated_at LIMIT $2";

Result<int> MoveAll(store::WriteTx& tx, const std::vector<std::int64_t>& numbers, TicketState to, const char* act) {
  const auth::Actor system = auth::SystemActor();
  for (const std::int64_t number : numbers) {
    auto edit = TRY(Edit::Begin(tx, system, number, auth::Permission::kTicketTransition));
    TRY(edit.MoveTo(to));
    TRY(edit.Finish(act));
  }
  return static_cast<int>(numbers.size());
}

}  // namespace

Result<int> WakeScheduled(store::WriteTx& tx, int limit) {
  const auto numbers = tx.All(kDueToWake, [](const store::Row& row) { return row.Int(0); }, tx.Now(), limit);
  return MoveAll(tx, numbers, TicketState::kOpen, "ticket.wake");
}

Result<int> CloseResolved(store::WriteTx& tx, int limit) {
  const auto numbers = tx.All(kDueToClose, [](const store::Row& row) { return row.Int(0); }, tx.Now() - kGrace, limit);
  return MoveAll(tx, numbers, TicketState::kClosed, "ticket.close");
}

}  // namespace propolis::ticket
