// A person's word on a ticket: fields, assignment, state, merging.
#include "base/json.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/parting.h"
#include "domain/ticket/transition.h"

namespace propolis::ticket {
namespace {

constexpr std::size_t kLongestSleepDays = 366;

Status MoveToScheduled(Edit& edit, const Transition& transition) {
  if (!transition.until) {
    return FailField("until", "ticket.until_needed");
  }
  if (*transition.until <= edit.tx().Now()) {
    return FailField("until", "ticket.until_past");
  }
  if (*transition.until > edit.tx().Now() + std::chrono::days{kLongestSleepDays}) {
    return FailField("until", "field.out_of_range", {{"min", "1"}, {"max", std::to_string(kLongestSleepDays)}});
  }
  TRY(edit.MoveTo(TicketState::kScheduled, transition.reason.value_or("")));
  edit.detail().scheduled_until = transition.until;
  return {};
}

// The source ends and points at the target; who takes part moves over; the target says where it came from.
Status MergeInto(Edit& edit, const Transition& transition) {
  const std::int64_t number = TRY(MergeTarget(edit.tx(), edit.actor(), edit.ticket(), transition.into));
  auto target = TRY(Edit::Begin(edit.tx(), edit.actor(), number, auth::Permission::kTicketMerge));
  const auto unanswered_since = UnansweredSince(edit.tx(), edit.ticket().number);
  TRY(edit.MoveTo(TicketState::kMerged, transition.reason.value_or("")));
  edit.detail().merged_into = number;
  auto& cc = target.detail().cc;
  std::vector<std::string> joining = edit.detail().cc;
  joining.push_back(edit.ticket().requester_email);
  for (const auto& address : joining) {
    if (address != target.ticket().requester_email && std::ranges::find(cc, address) == cc.end()) {
      cc.push_back(address);
    }
  }
  json::Writer data;
  data.BeginObject()
      .Field("act", "merged_from")
      .Field("number", FormatNumber(edit.ticket().number))
      .Field("created_at", FormatTime(edit.ticket().created_at));
  if (unanswered_since) {
    data.Field("unanswered_since", FormatTime(*unanswered_since));
  }
  data.EndObject();
  target.Append({.kind = EntryKind::kSystem, .body = edit.ticket().subject, .data = data.Take()});
  edit.tx().Exec(
      "INSERT INTO ticket_link (ticket, other, kind) VALUES ($1, $2, 'duplicate') ON CONFLICT (ticket, other) DO "
      "NOTHING",
      number, edit.ticket().number);
  TRY(target.Finish("ticket.merge"));
  return {};
}

}  // namespace

Result<Ticket> Move(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Transition& transition,
                    std::optional<std::int64_t> if_version) {
  auto edit = TRY(Edit::Begin(tx, actor, number, auth::Permission::kTicketTransition, if_version));
  TRY(CheckMove(edit.ticket().state, transition.to));
  switch (transition.to) {
    case TicketState::kScheduled:
      TRY(MoveToScheduled(edit, transition));
      break;
    case TicketState::kMerged:
      TRY(MergeInto(edit, transition));
      break;
    case TicketState::kInApproval:
      return Fail(Code::kConflict, "ticket.approval_needed");
    case TicketState::kResolved:
      TRY(CheckResolvable(edit));
      TRY(edit.MoveTo(transition.to, transition.reason.value_or("")));
      break;
    case TicketState::kOpen:
      if (edit.ticket().state == TicketState::kInApproval) {
        return Fail(Code::kConflict, "ticket.in_approval");
      }
      [[fallthrough]];
    default:
      TRY(edit.MoveTo(transition.to, transition.reason.value_or("")));
  }
  return edit.Finish("ticket.transition");
}

Status MarkRead(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number) {
  const auto ticket = Load(tx, number);
  if (!ticket) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(auth::Require(actor, auth::Permission::kTicketRead, {.organisation = ticket->organisation}));
  tx.Exec(
      "INSERT INTO ticket_seen (person, ticket, seq) VALUES ($1, $2, $3) "
      "ON CONFLICT (person, ticket) DO UPDATE SET seq = excluded.seq",
      actor.person, number, ticket->entries);
  tx.Exec("DELETE FROM ticket_mention WHERE staff = $1 AND ticket = $2", actor.person, number);
  return {};
}

}  // namespace propolis::ticket
