#include "domain/approval/approval_commands.h"

#include "base/i18n.h"
#include "domain/approval/approval_sql.h"
#include "domain/ticket/number.h"
#include "domain/ticket/transition.h"

namespace propolis::approval {
namespace {

using auth::Permission;

Approval ToApproval(const store::Row& row) {
  Approval approval;
  approval.id = row.Id<ApprovalId>(0);
  approval.ticket = row.Int(1);
  approval.state = row.Enum<State>(2);
  approval.summary = row.String(3);
  approval.resolution = row.String(4);
  approval.asked_by = row.Id<StaffId>(5);
  approval.asked_at = row.Time(6);
  approval.approver = row.OptId<StaffId>(7);
  approval.decided_by = row.OptId<StaffId>(8);
  approval.decided_at = row.OptTime(9);
  approval.reason = row.OptString(10);
  return approval;
}

std::string NameOfPerson(store::ReadTx& tx, StaffId id) {
  const auto name = [](const store::Row& row) { return row.String(0); };
  auto found = tx.One(sql::kStaffName, name, id);
  return found ? *found : tx.One(sql::kContactName, name, id).value_or("");
}

Ref RefOf(store::ReadTx& tx, StaffId id) { return {id.ToString(), NameOfPerson(tx, id)}; }

bool WorkRecorded(store::ReadTx& tx, std::int64_t number) {
  return tx.One(sql::kAnyWork, [](const store::Row&) { return true; }, number).has_value();
}

View ToView(store::ReadTx& tx, const auth::Actor& actor, const Approval& approval) {
  struct Of {
    TicketId id;
    std::optional<StaffId> assignee;
  };
  const Of ticket =
      tx.One(
            sql::kTicketOf, [](const store::Row& row) { return Of{row.Id<TicketId>(0), row.OptId<StaffId>(1)}; },
            approval.ticket)
          .value_or(Of{});
  View view;
  view.id = approval.id;
  view.ticket = {ticket.id, ticket::FormatNumber(approval.ticket)};
  view.state = approval.state;
  view.summary = approval.summary;
  view.resolution = approval.resolution;
  view.asked_by = RefOf(tx, approval.asked_by);
  view.asked_at = approval.asked_at;
  if (approval.approver) {
    view.approver = RefOf(tx, *approval.approver);
  }
  if (approval.decided_by) {
    view.decided_by = RefOf(tx, *approval.decided_by);
  }
  view.decided_at = approval.decided_at;
  view.reason = approval.reason;
  const auto why_not = WhyNot(approval, actor, ticket.assignee);
  view.may_decide = !why_not;
  if (why_not) {
    view.why_not = i18n::Translate(actor.language, *why_not);
  }
  return view;
}

std::string EntryData(ApprovalId id, std::string_view act, const std::optional<std::string>& reason = {}) {
  json::Writer data;
  data.BeginObject().Field("approval_id", id.ToString()).Field("act", act);
  if (reason) {
    data.Field("reason", *reason);
  }
  data.EndObject();
  return data.Take();
}

void AppendAct(ticket::Edit& edit, ApprovalId id, std::string_view act, std::string body,
               const std::optional<std::string>& reason = {}) {
  edit.Append({.kind = EntryKind::kApproval,
               .visibility = Visibility::kInternal,
               .body = std::move(body),
               .html = {},
               .quoted = {},
               .data = EntryData(id, act, reason)});
}

Status CheckApprover(store::ReadTx& tx, const ticket::Ticket& ticket, StaffId asked_by, StaffId approver) {
  const auto stored = tx.One(sql::kStaffRoles, [](const store::Row& row) { return row.String(0); }, approver);
  if (!stored) {
    return FailField("approver_id", "field.not_found");
  }
  auth::Actor candidate;
  candidate.kind = auth::ActorKind::kStaff;
  candidate.person = approver.uuid;
  const auto roles = TRY(json::Document::Parse(*stored));
  for (std::size_t i = 0; i < roles.Root().Size(); ++i) {
    if (const auto role = FromName<auth::Role>(roles.Root().At(i).AsString().value_or(""))) {
      candidate.roles.insert(*role);
    }
  }
  candidate.permissions = auth::PermissionsOf(candidate.roles);
  Approval planned;
  planned.asked_by = asked_by;
  if (const auto why = WhyNot(planned, candidate, ticket.assignee)) {
    return FailField("approver_id", *why);
  }
  return {};
}

// The resolution as the customer reads it, in the name of who wrote it.
void SendResolution(ticket::Edit& edit, const Approval& approval) {
  auth::Actor author;
  author.kind = auth::ActorKind::kStaff;
  author.person = approval.asked_by.uuid;
  author.name = NameOfPerson(edit.tx(), approval.asked_by);
  json::Writer data;
  data.BeginObject().Key("to").BeginArray().String(edit.ticket().requester_email).EndArray();
  data.Key("cc").BeginArray();
  for (const std::string& address : edit.detail().cc) {
    data.String(address);
  }
  data.EndArray().Field("approval_id", approval.id.ToString()).Field("resolution", true).EndObject();
  edit.AppendBy(author, {.kind = EntryKind::kMessage,
                         .visibility = Visibility::kPublic,
                         .body = approval.resolution,
                         .html = {},
                         .quoted = {},
                         .data = data.Take()});
}

Result<View> Conclude(ticket::Edit& edit, const Approval& approval, State state, std::string_view act,
                      const std::optional<std::string>& reason) {
  const TicketState to = state == State::kApproved ? TicketState::kResolved : TicketState::kOpen;
  edit.tx().Exec(sql::kDecide, approval.id, state, edit.actor().staff(), edit.tx().Now(), reason);
  AppendAct(edit, approval.id, act, reason.value_or(""), reason);
  if (state == State::kApproved) {
    SendResolution(edit, approval);
  }
  if (edit.ticket().state == TicketState::kInApproval) {
    TRY(edit.MoveTo(to, reason.value_or("")));
  }
  TRY(edit.Finish("approval." + std::string(act)));
  return Get(edit.tx(), edit.actor(), approval.id);
}

Result<Approval> Find(store::ReadTx& tx, ApprovalId id) {
  auto approval = tx.One(sql::kById, ToApproval, id);
  if (!approval) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  return std::move(*approval);
}

Result<View> WithdrawIt(store::WriteTx& tx, const auth::Actor& actor, const Approval& approval, const Decide& decide) {
  auto edit = TRY(ticket::Edit::Begin(tx, actor, approval.ticket, Permission::kApprovalAsk));
  if (approval.state != State::kAsked) {
    return Fail(Code::kConflict, "approval.why_decided");
  }
  if (approval.asked_by != actor.staff() && edit.ticket().assignee != actor.staff()) {
    return Fail(Code::kForbidden, "approval.not_yours_to_withdraw");
  }
  return Conclude(edit, approval, State::kWithdrawn, "withdrawn", decide.reason);
}

}  // namespace

Result<View> AskFor(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Ask& ask) {
  auto edit = TRY(ticket::Edit::Begin(tx, actor, number, Permission::kApprovalAsk));
  if (!actor.Is(auth::ActorKind::kStaff)) {
    return Fail(Code::kForbidden, "approval.why_person");
  }
  const auto newest = tx.One(sql::kNewestOf, ToApproval, number);
  if (newest && newest->state == State::kAsked) {
    return Fail(Code::kConflict, "approval.asked_already");
  }
  TRY(ticket::CheckMove(edit.ticket().state, TicketState::kInApproval));
  if (edit.ticket().kind != TicketKind::kQuestion && !WorkRecorded(tx, number)) {
    return Fail(Code::kConflict, "approval.no_work_record");
  }
  if (ask.approver_id) {
    TRY(CheckApprover(tx, edit.ticket(), actor.staff(), *ask.approver_id));
  }
  const ApprovalId id = ApprovalId::New(tx.Now());
  tx.Exec(sql::kInsert, id, number, ask.summary, ask.resolution, actor.staff(), tx.Now(), ask.approver_id);
  AppendAct(edit, id, "asked", ask.summary);
  TRY(edit.MoveTo(TicketState::kInApproval));
  TRY(edit.Finish("approval.ask"));
  tx.Emit({.kind = "approval.asked",
           .organisation = edit.ticket().organisation,
           .ticket = number,
           .payload = EntryData(id, "asked")});
  return Get(tx, actor, id);
}

Result<View> Settle(store::WriteTx& tx, const auth::Actor& actor, ApprovalId id, const Decide& decide) {
  if (actor.Is(auth::ActorKind::kCustomer)) {
    // Before anything is looked up: whoever may not decide learns nothing of what there is.
    const bool withdraws = decide.decision == Decision::kWithdraw;
    TRY(auth::Require(actor, withdraws ? Permission::kApprovalAsk : Permission::kApprovalDecide,
                      {.organisation = actor.organisation}));
  }
  const Approval approval = TRY(Find(tx, id));
  if (decide.decision == Decision::kWithdraw) {
    return WithdrawIt(tx, actor, approval, decide);
  }
  auto edit = TRY(ticket::Edit::Begin(tx, actor, approval.ticket, Permission::kApprovalDecide));
  if (approval.state != State::kAsked) {
    return Fail(Code::kConflict, "approval.why_decided");
  }
  if (const auto why = WhyNot(approval, actor, edit.ticket().assignee)) {
    return Fail(Code::kForbidden, *why);
  }
  const bool approves = decide.decision == Decision::kApprove;
  if (!approves && !decide.reason) {
    return FailField("reason", "approval.reason_needed");
  }
  return Conclude(edit, approval, approves ? State::kApproved : State::kRejected, approves ? "approved" : "rejected",
                  decide.reason);
}

Result<View> Get(store::ReadTx& tx, const auth::Actor& actor, ApprovalId id) {
  const Approval approval = TRY(Find(tx, id));
  const auto ticket = ticket::Load(tx, approval.ticket);
  TRY(auth::Require(actor, Permission::kTicketRead, {.organisation = ticket ? ticket->organisation : std::nullopt}));
  return ToView(tx, actor, approval);
}

std::optional<View> NewestOf(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number) {
  const auto approval = tx.One(sql::kNewestOf, ToApproval, number);
  return approval ? std::optional(ToView(tx, actor, *approval)) : std::nullopt;
}

}  // namespace propolis::approval
