// What may be done to a ticket by people and channels. Each: permission first, pure rules, rows, entry, audit, event.
#pragma once

#include "domain/ticket/ticket.h"

namespace propolis::triage {
struct Proposal;
}

namespace propolis::ticket {

// --- opening

struct Requester {
  std::string email;
  std::string name;
  static const dto::Type& Dto();
};

// A new request, from any channel. What is left out is proposed by triage.
struct OpenTicket {
  std::string subject;
  std::string body;
  Requester requester;
  std::optional<TicketKind> kind;
  std::optional<TechnologyId> technology_id;
  std::optional<int> asked_urgency;
  std::optional<int> impact;
  std::optional<int> urgency;
  std::optional<OrganisationId> organisation_id;
  std::optional<Language> language;
  std::optional<Channel> channel;
  static const dto::Type& Dto();
};

// What a channel knows beyond the request itself.
struct Arrival {
  auth::Assurance assurance = auth::Assurance::kUnknown;
  std::optional<std::string> html = {};  // sanitised
  std::optional<std::string> quoted = {};
  std::vector<std::string> cc = {};
  std::string data = "{}";                     // kept on the first message's entry (message_id, to, cc ...)
  bool automatic = false;                      // an automatic mail: kept, never answered
  std::optional<std::int64_t> follows = {};    // the ticket that this one follows up
  std::optional<Channel> channel = {};         // of a message; for the ticket that it may open
  const triage::Proposal* proposal = nullptr;  // of subject and body, when it was made before; lives through the call
};

struct Opened {
  Ticket ticket;
  std::int64_t message_seq = 0;
};

// Registers, triages, routes, starts the clocks. The first entry is the customer's message.
Result<Opened> Open(store::WriteTx& tx, const auth::Actor& actor, const OpenTicket& request, const Arrival& arrival);

// --- talking

struct PromiseMade {
  std::string kind;  // eta, next_update
  Time at;
  static const dto::Type& Dto();
};

struct PostMessage {
  std::string body;
  std::vector<std::string> cc;
  std::optional<TicketState> set_state;
  std::optional<PromiseMade> promise;
  std::vector<EvidenceId> attachment_ids;
  static const dto::Type& Dto();
};

// A public message. By staff: an answer, mailed to the requester and cc. By a customer: reopens what waits for her; on
// a closed ticket it opens a linked follow-up ticket instead, whose number is in the answer.
struct Posted {
  Ticket ticket;
  std::int64_t seq = 0;
  bool follow_up = false;
};
Result<Posted> Post(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const PostMessage& message,
                    const Arrival& arrival = {});

struct AddNote {
  std::string body;
  std::vector<StaffId> mentions;
  static const dto::Type& Dto();
};
Result<Posted> Note(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const AddNote& note);

struct LogCall {
  std::string direction;  // in, out
  bool contact_made = false;
  std::int64_t seconds = 0;
  std::string body;
  static const dto::Type& Dto();
};
Result<Posted> Call(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const LogCall& call);

struct AddWorkRecord {
  std::string action;
  std::optional<std::string> before;
  std::optional<std::string> after;
  std::optional<std::string> command;
  std::string result;
  bool ok = true;
  static const dto::Type& Dto();
};
Result<Posted> AddWork(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const AddWorkRecord& work);

// --- handling

struct PriorityOverride {
  Priority priority = Priority::kP4;
  std::string reason;
  static const dto::Type& Dto();
};

// A person's word on the ticket's fields; she is always right, and what she corrects is kept as training data.
struct UpdateTicket {
  std::optional<std::string> subject;
  std::optional<TicketKind> kind;
  std::optional<int> impact;
  std::optional<int> urgency;
  dto::Patch<TechnologyId> technology_id;
  dto::Patch<TeamId> team_id;
  dto::Patch<StaffId> assignee_id;
  std::optional<OrganisationId> organisation_id;
  std::optional<Language> language;
  dto::Patch<PriorityOverride> priority_override;
  std::optional<std::string> reason;  // of other levels; needed where too many tickets are P1 and P2 already
  std::optional<bool> watch;
  static const dto::Type& Dto();
};
Result<Ticket> Update(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const UpdateTicket& change,
                      std::optional<std::int64_t> if_version);

// Ranks again and gives the ticket to who comes first.
Result<Ticket> Reroute(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number);

struct Transition {
  TicketState to = TicketState::kOpen;
  std::optional<std::string> reason;
  std::optional<Time> until;        // scheduled: when it wakes
  std::optional<std::string> into;  // merged: the other ticket's number
  static const dto::Type& Dto();
};
Result<Ticket> Move(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Transition& transition,
                    std::optional<std::int64_t> if_version);

// Whether the ticket may become resolved without an approval: kinds that need none. kConflict otherwise.
Status CheckResolvable(Edit& edit);

// The customer says whether a resolution works: closed for good, or open again (a comment is needed then). Error:
// kConflict when nothing waits to be confirmed.
Result<Ticket> Confirm(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, bool works,
                       const std::string& comment);

// Marks everything up to now as seen by the actor.
Status MarkRead(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number);

// The grace window after resolution, within which the customer's word opens the ticket again.
inline constexpr Micros kGrace = std::chrono::hours{24 * 7};

}  // namespace propolis::ticket
