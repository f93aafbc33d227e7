// A ticket as stored, and the one way to change it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/actor.h"
#include "base/dto.h"
#include "base/ids.h"
#include "base/result.h"
#include "domain/vocabulary.h"
#include "store/store.h"

namespace propolis::ticket {

// The narrow row: what lists and decisions need.
struct Ticket {
  std::int64_t number = 0;
  TicketId id;
  std::int64_t version = 0;
  std::string subject;
  TicketKind kind = TicketKind::kRequest;
  TicketState state = TicketState::kNew;
  Priority priority = Priority::kP4;
  int impact = kLowestLevel;
  int urgency = kLowestLevel;
  std::optional<OrganisationId> organisation;
  std::optional<ContactId> contact;
  std::string requester_email;
  std::string requester_name;
  std::optional<TeamId> team;
  std::optional<StaffId> assignee;
  std::optional<TechnologyId> technology;
  Channel channel = Channel::kApi;
  std::optional<Language> language;
  Time created_at;
  Time updated_at;
  std::string last_actor;  // customer, staff, system
  std::int64_t entries = 0;
  std::optional<Time> due_at;
  std::optional<ClockKind> due_clock;
  std::optional<std::string> due_state;
  std::optional<std::int64_t> due_left;
  bool operator==(const Ticket&) const = default;
};

// The wide rest, read only when one ticket is open.
struct Detail {
  std::optional<int> asked_urgency;
  std::optional<std::string> override_json;
  std::vector<std::string> cc;
  auth::Assurance assurance = auth::Assurance::kUnknown;
  std::optional<PolicyId> policy;
  std::int64_t policy_version = 0;
  std::optional<CalendarId> calendar;
  std::optional<std::string> choice_json;  // ticket::PolicyChoice: why these
  std::optional<Time> scheduled_until;
  std::optional<Time> resolved_at;
  std::optional<Time> closed_at;
  std::optional<std::int64_t> merged_into;
  std::optional<Time> look_at;  // when a clock next has something to do (steps.h)
  bool operator==(const Detail&) const = default;
};

// Why it is what it is and where it is: what the machine decided (triage::Classification as JSON,
// routing::Pack).
struct Decisions {
  std::optional<std::string> classification_json;
  std::optional<std::string> routing_packed;
};

struct NewEntry {
  EntryKind kind = EntryKind::kSystem;
  Visibility visibility = Visibility::kInternal;
  std::string body = {};
  std::optional<std::string> html = {};
  std::optional<std::string> quoted = {};
  std::string data = "{}";  // JSON by kind, see docs/api.md
};

struct Entry {
  EntryId id;
  std::int64_t key = 0;
  std::int64_t ticket = 0;
  std::int64_t seq = 0;
  EntryKind kind = EntryKind::kSystem;
  Time at;
  auth::ActorKind author_kind = auth::ActorKind::kSystem;
  Uuid author;
  std::string author_name;
  Visibility visibility = Visibility::kInternal;
  std::string body;
  std::optional<std::string> html;
  std::optional<std::string> quoted;
  std::string data = "{}";
};

// Loads by number; nullopt when there is none.
std::optional<Ticket> Load(store::ReadTx& tx, std::int64_t number);
Detail LoadDetail(store::ReadTx& tx, std::int64_t number);
Decisions LoadDecisions(store::ReadTx& tx, std::int64_t number);
// What is not given stays as it was.
void SaveDecisions(store::WriteTx& tx, std::int64_t number, const Decisions& decisions);
// "PR-12-K", "12" or a UUID -> number. Error: kNotFound.
Result<std::int64_t> Resolve(store::ReadTx& tx, std::string_view id_or_number);

// Changes one ticket inside a write transaction: entries, row, counters, clocks and events in one place.
//
//   auto edit = TRY(Edit::Begin(tx, actor, number, Permission::kTicketNote, if_version));
//   edit.ticket().subject = "...";
//   edit.Append({...});
//   return edit.Finish();
class Edit {
 public:
  // Checks the permission against the ticket's organisation. `actor` outlives the edit. Errors: kNotFound, kForbidden,
  // kStaleVersion (when `if_version` is given and differs).
  static Result<Edit> Begin(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number,
                            auth::Permission permission, std::optional<std::int64_t> if_version = std::nullopt);
  static Result<Edit> Begin(store::WriteTx& tx, auth::Actor&& actor, std::int64_t number, auth::Permission permission,
                            std::optional<std::int64_t> if_version = std::nullopt) = delete;

  [[nodiscard]] const Ticket& before() const { return before_; }
  Ticket& ticket() { return ticket_; }
  Detail& detail() { return detail_; }
  [[nodiscard]] store::WriteTx& tx() const { return *tx_; }
  [[nodiscard]] const auth::Actor& actor() const { return *actor_; }

  // A new ticket: writes its row (number and id are given here), which is as it stays but for its deadline; the caller
  // appends the first message and finishes.
  static Edit Create(store::WriteTx& tx, const auth::Actor& actor, Ticket ticket, Detail detail);
  static Edit Create(store::WriteTx& tx, auth::Actor&& actor, Ticket ticket, Detail detail) = delete;

  // Writes an entry by the actor (or by `author`), answers its seq.
  std::int64_t Append(const NewEntry& entry);
  std::int64_t AppendBy(const auth::Actor& author, const NewEntry& entry);
  // Moves the state by the rules of transition.h and writes the state_change entry. Error: kConflict with the legal
  // ones.
  Status MoveTo(TicketState to, std::string reason = "");
  // What the desk notes by itself: who acted last on the ticket stays who acted last.
  void Quietly() { quiet_ = true; }
  // Recomputes clocks and counters, writes the rows, the audit leaf `act` and the events. Call once, last.
  Result<Ticket> Finish(std::string act, std::string details = "{}");

 private:
  Edit(store::WriteTx& tx, const auth::Actor& actor) : tx_(&tx), actor_(&actor) {}
  void SaveTicket();
  store::WriteTx* tx_;
  const auth::Actor* actor_;
  bool created_ = false;
  bool quiet_ = false;
  Ticket before_;
  Ticket ticket_;
  Detail detail_before_;
  Detail detail_;
  struct Appended {
    EntryKind kind;
    std::int64_t seq;
    Visibility visibility;
  };
  std::vector<Appended> appended_;
};

}  // namespace propolis::ticket
