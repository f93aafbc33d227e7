// Asking for an approval, deciding it, and reading it.
#pragma once

#include "domain/approval/approval.h"
#include "domain/ticket/ticket.h"
#include "store/store.h"

namespace propolis::approval {

// The ticket waits in `in_approval`. Errors: kConflict when nothing was recorded as done (kinds other than question),
// when an approval stands already, or when the state does not allow it; a field error on an approver who may not
// decide.
Result<View> AskFor(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Ask& ask);

// Approve: the ticket is resolved and the resolution goes to the customer as a public message by who wrote it. Reject:
// back to open, with a reason. Withdraw: by who asked or the assignee, back to open. Errors: kForbidden with the reason
// why not (approval.why_...), kConflict when it is decided already.
Result<View> Settle(store::WriteTx& tx, const auth::Actor& actor, ApprovalId id, const Decide& decide);

Result<View> Get(store::ReadTx& tx, const auth::Actor& actor, ApprovalId id);
// The newest approval of a ticket, if there is one. The caller has checked that the ticket may be read.
std::optional<View> NewestOf(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number);

}  // namespace propolis::approval
