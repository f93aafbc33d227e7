// The customer's word on a resolution.
#include "domain/ticket/commands.h"

namespace propolis::ticket {

Result<Ticket> Confirm(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, bool works,
                       const std::string& comment) {
  auto edit = TRY(Edit::Begin(tx, actor, number, auth::Permission::kTicketReply));
  if (edit.ticket().state != TicketState::kResolved) {
    return Fail(Code::kConflict, "ticket.nothing_to_confirm");
  }
  if (!works && comment.empty()) {
    return FailField("comment", "field.reason_needed");
  }
  if (!comment.empty()) {
    edit.Append({.kind = EntryKind::kMessage, .visibility = Visibility::kPublic, .body = comment});
  }
  TRY(edit.MoveTo(works ? TicketState::kClosed : TicketState::kOpen, comment));
  return edit.Finish(works ? "ticket.confirm" : "ticket.reopen");
}

}  // namespace propolis::ticket
