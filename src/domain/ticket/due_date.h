// A due time set by hand on one clock: asked for by one person with a reason, decided by another, and sticky from then
// on - neither pauses nor new targets move it (domain/sla/clocks.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "domain/ref.h"
#include "domain/ticket/ticket.h"
#include "store/store.h"

namespace propolis::ticket {

using DueDateId = Id<struct DueDateTag>;

enum class DueDateState { kAsked, kApproved, kRejected, kWithdrawn };
enum class DueDateDecision { kApprove, kReject, kWithdraw };

struct DueDate {
  DueDateId id;
  ClockKind clock = ClockKind::kResolution;
  Time due_at;
  std::string reason;
  DueDateState state = DueDateState::kAsked;
  Ref asked_by;
  Time asked_at;
  std::optional<Ref> decided_by;
  std::optional<Time> decided_at;
  std::optional<std::string> decision_reason;
  bool may_decide = false;             // the reader
  std::optional<std::string> why_not;  // text in her language
  static const dto::Type& Dto();
};

struct AskDueDate {
  ClockKind clock = ClockKind::kResolution;
  Time due_at;
  std::string reason;
  static const dto::Type& Dto();
};

struct DecideDueDate {
  DueDateDecision decision = DueDateDecision::kApprove;
  std::optional<std::string> reason;
  static const dto::Type& Dto();
};

// Pure: why this person may not decide, as a message id; nullopt when she may. Never who asked, nor the assignee, whose
// own deadline it is.
std::optional<std::string> WhyNotDecide(DueDateState state, StaffId asked_by, std::optional<StaffId> assignee,
                                        const auth::Actor& actor);

// Nothing moves until it is approved. Errors: kForbidden for anybody but staff; kConflict when one waits for this clock
// already; field errors on a clock that does not run or is breached already, and on a time that is past or over a year
// ahead.
Result<DueDate> AskForDueDate(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const AskDueDate& ask);

// Approve: the clock is due then. Reject: with a reason. Withdraw: by who asked. Errors: kForbidden with the reason why
// not; kConflict when it is decided already, or when the clock or the time is past by now.
Result<DueDate> SettleDueDate(store::WriteTx& tx, const auth::Actor& actor, DueDateId id, const DecideDueDate& decide);

// The newest first, at most twenty. The caller has checked that the ticket may be read.
std::vector<DueDate> DueDatesOf(store::ReadTx& tx, const auth::Actor& actor, const Ticket& ticket);

}  // namespace propolis::ticket

namespace propolis {
template <>
struct Names<ticket::DueDateState> {
  using S = ticket::DueDateState;
  static constexpr std::array kTable = {
      std::pair{S::kAsked, std::string_view("asked")}, std::pair{S::kApproved, std::string_view("approved")},
      std::pair{S::kRejected, std::string_view("rejected")}, std::pair{S::kWithdrawn, std::string_view("withdrawn")}};
};
template <>
struct Names<ticket::DueDateDecision> {
  using D = ticket::DueDateDecision;
  static constexpr std::array kTable = {std::pair{D::kApprove, std::string_view("approve")},
                                        std::pair{D::kReject, std::string_view("reject")},
                                        std::pair{D::kWithdraw, std::string_view("withdraw")}};
};
}  // namespace propolis
