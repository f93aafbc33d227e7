#include "domain/approval/approval.h"

namespace propolis::approval {

std::optional<std::string> WhyNot(const Approval& approval, const auth::Actor& actor, std::optional<StaffId> assignee) {
  if (approval.state != State::kAsked) {
    return "approval.why_decided";
  }
  if (!actor.permissions.contains(auth::Permission::kApprovalDecide)) {
    return "approval.why_permission";
  }
  if (actor.Is(auth::ActorKind::kStaff)) {
    if (approval.asked_by == actor.staff()) {
      return "approval.why_author";
    }
    if (assignee == actor.staff()) {
      return "approval.why_assignee";
    }
    return std::nullopt;
  }
  // A machine validates nothing; a customer's approver decides for her own organisation.
  return actor.Is(auth::ActorKind::kCustomer) ? std::nullopt : std::optional<std::string>("approval.why_person");
}

const dto::Type& TicketRef::Dto() {
  static const dto::Type type = dto::Object<TicketRef>("TicketRef", "A ticket by id and number.")
                                    .Required("id", &TicketRef::id, "Its id.")
                                    .Required("number", &TicketRef::number, "Its number, for people.")
                                    .Done();
  return type;
}

const dto::Type& View::Dto() {
  static const dto::Type type =
      dto::Object<View>("Approval", "A resolution that a second person validates.")
          .Required("id", &View::id, "Its id.")
          .Required("ticket", &View::ticket, "Of which ticket.")
          .Required("state", &View::state, "Where it stands.")
          .Required("summary", &View::summary, "What is asked.")
          .Required("resolution", &View::resolution, "The text for the customer.")
          .Required("asked_by", &View::asked_by, "Who asked.")
          .Required("asked_at", &View::asked_at, "When.")
          .Optional("approver", &View::approver, "Of whom it was asked; anybody entitled when left out.")
          .Optional("decided_by", &View::decided_by, "Who decided.")
          .Optional("decided_at", &View::decided_at, "When.")
          .Optional("reason", &View::reason, "Why.")
          .Required("may_decide", &View::may_decide, "Whether the reader may decide.")
          .Optional("why_not", &View::why_not, "Why she may not.")
          .Done();
  return type;
}

const dto::Type& Ask::Dto() {
  static const dto::Type type =
      dto::Object<Ask>("AskApproval", "Ask a second person to validate a resolution.")
          .Required("summary", &Ask::summary, "What is asked.", dto::Text(1, 1000, "multiline"))
          .Required("resolution", &Ask::resolution, "The text for the customer.", dto::Text(1, 50000, "multiline"))
          .Optional("approver_id", &Ask::approver_id, "Of whom; anybody entitled when left out.")
          .Done();
  return type;
}

const dto::Type& Decide::Dto() {
  static const dto::Type type =
      dto::Object<Decide>("DecideApproval", "Approve, reject (with a reason) or withdraw.")
          .Required("decision", &Decide::decision, "What.")
          .Optional("reason", &Decide::reason, "Why; needed to reject.", dto::Text(1, 2000, "multiline"))
          .Done();
  return type;
}

}  // namespace propolis::approval
