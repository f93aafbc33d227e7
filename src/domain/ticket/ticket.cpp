#include "domain/ticket/ticket.h"

#include "auth/record.h"
#include "base/json.h"
#include "base/json_texts.h"
#include "domain/ticket/clocks.h"
#include "domain/ticket/number.h"
#include "domain/ticket/steps.h"
#include "domain/ticket/ticket_sql.h"
#include "domain/ticket/transition.h"

namespace propolis::ticket {
namespace {

// Zero-length for "none": a primary key takes no NULL.
template <class IdType>
store::Blob KeyOf(const std::optional<IdType>& id) {
  return store::Blob{id ? id->uuid.AsBytes() : std::string_view()};
}

void Count(store::WriteTx& tx, const Ticket& ticket, int by) {
  tx.Exec(sql::kCount, KeyOf(ticket.team), KeyOf(ticket.assignee), ticket.state, ticket.kind, by);
  if (ticket.organisation) {
    tx.Exec(sql::kCountOrganisation, *ticket.organisation, ticket.state, by);
  }
}

bool CountsAlike(const Ticket& a, const Ticket& b) {
  return a.team == b.team && a.assignee == b.assignee && a.state == b.state && a.kind == b.kind &&
         a.organisation == b.organisation;
}

std::int64_t Insert(store::WriteTx& tx, const Ticket& t) {
  return tx.Insert(sql::kInsertTicket, "number", t.id, t.version, t.subject, t.kind, t.state, IsOpen(t.state),
                   static_cast<int>(t.priority), t.impact, t.urgency, t.organisation, t.contact, t.requester_email,
                   t.requester_name, t.team, t.assignee, t.technology, t.channel, t.language, t.created_at,
                   t.updated_at, t.last_actor, t.entries, t.due_at, t.due_clock, t.due_state, t.due_left);
}

void Update(store::WriteTx& tx, const Ticket& t) {
  tx.Exec(sql::kUpdateTicket, t.number, t.version, t.subject, t.kind, t.state, IsOpen(t.state),
          static_cast<int>(t.priority), t.impact, t.urgency, t.organisation, t.contact, t.requester_email,
          t.requester_name, t.team, t.assignee, t.technology, t.language, t.updated_at, t.last_actor, t.entries,
          t.due_at, t.due_clock, t.due_state, t.due_left);
}

// Whether nothing differs but what every act changes.
bool OnlyTouched(const Ticket& before, const Ticket& after) {
  Ticket same = after;
  same.version = before.version;
  same.entries = before.entries;
  same.due_at = before.due_at;
  same.due_clock = before.due_clock;
  same.due_state = before.due_state;
  same.due_left = before.due_left;
  same.updated_at = before.updated_at;
  same.last_actor = before.last_actor;
  return same == before;
}

void SaveDetail(store::WriteTx& tx, std::int64_t number, const Detail& d) {
  tx.Exec(sql::kSaveDetail, number, d.asked_urgency, d.override_json, json::FromTexts(d.cc), d.assurance, d.policy,
          d.policy_version, d.calendar, d.scheduled_until, d.resolved_at, d.closed_at, d.merged_into, d.choice_json,
          d.look_at);
}

bool OnlyLookAtDiffers(const Detail& before, const Detail& after) {
  Detail same = after;
  same.look_at = before.look_at;
  return same == before;
}

std::string LastActor(const auth::Actor& actor) {
  return actor.Is(auth::ActorKind::kCustomer) ? "customer" : actor.Is(auth::ActorKind::kStaff) ? "staff" : "system";
}

}  // namespace

std::optional<Ticket> Load(store::ReadTx& tx, std::int64_t number) {
  return tx.One(sql::kTicketByNumber, sql::TicketFrom, number);
}

Detail LoadDetail(store::ReadTx& tx, std::int64_t number) {
  return tx.One(sql::kDetail, sql::DetailFrom, number).value_or(Detail{});
}

Decisions LoadDecisions(store::ReadTx& tx, std::int64_t number) {
  return tx
      .One(
          sql::kDecisions, [](const store::Row& row) { return Decisions{row.OptString(0), row.OptString(1)}; }, number)
      .value_or(Decisions{});
}

void SaveDecisions(store::WriteTx& tx, std::int64_t number, const Decisions& decisions) {
  tx.Exec(sql::kSaveDecisions, number, decisions.classification_json, decisions.routing_packed);
}

Result<std::int64_t> Resolve(store::ReadTx& tx, std::string_view id_or_number) {
  if (const auto id = TicketId::Parse(id_or_number)) {
    const auto number = tx.One(sql::kNumberById, [](const store::Row& row) { return row.Int(0); }, *id);
    if (number) {
      return *number;
    }
  } else if (const auto number = ParseNumber(id_or_number)) {
    return *number;
  }
  return Fail(Code::kNotFound, "error.not_found");
}

Result<Edit> Edit::Begin(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, auth::Permission permission,
                         std::optional<std::int64_t> if_version) {
  auto ticket = Load(tx, number);
  if (!ticket) {
    TRY(auth::Require(actor, permission, {.organisation = actor.organisation}));
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(auth::Require(actor, permission, {.organisation = ticket->organisation}));
  if (if_version && *if_version != ticket->version) {
    return Fail(Code::kStaleVersion, "error.stale_version");
  }
  Detail detail = LoadDetail(tx, number);
  TRY(ActOnSteps(tx, *ticket, detail));
  Edit edit(tx, actor);
  edit.before_ = *ticket;
  edit.ticket_ = std::move(*ticket);
  edit.detail_before_ = detail;
  edit.detail_ = std::move(detail);
  return edit;
}

Edit Edit::Create(store::WriteTx& tx, const auth::Actor& actor, Ticket ticket, Detail detail) {
  Edit edit(tx, actor);
  edit.created_ = true;
  ticket.id = TicketId::New(tx.Now());
  ticket.created_at = ticket.updated_at = tx.Now();
  ticket.last_actor = LastActor(actor);
  ticket.version = 0;
  ticket.number = Insert(tx, ticket);
  edit.before_ = ticket;
  edit.ticket_ = std::move(ticket);
  edit.detail_ = std::move(detail);
  return edit;
}

std::int64_t Edit::Append(const NewEntry& entry) { return AppendBy(*actor_, entry); }

std::int64_t Edit::AppendBy(const auth::Actor& author, const NewEntry& entry) {
  const std::int64_t seq = ++ticket_.entries;
  const std::optional<Uuid> person = author.person.IsNil() ? std::nullopt : std::optional(author.person);
  tx_->Exec(sql::kInsertEntry, EntryId::New(tx_->Now()), ticket_.number, seq, entry.kind, tx_->Now(), author.kind,
            person, author.name, entry.visibility, entry.body, entry.html, entry.quoted, entry.data);
  appended_.push_back({entry.kind, seq, entry.visibility});
  return seq;
}

Status Edit::MoveTo(TicketState to, std::string reason) {
  TRY(CheckMove(ticket_.state, to));
  json::Writer data;
  data.BeginObject().Field("from", NameOf(ticket_.state)).Field("to", NameOf(to));
  if (!reason.empty()) {
    data.Field("reason", reason);
  }
  data.EndObject();
  Append({.kind = EntryKind::kStateChange,
          .visibility = Visibility::kInternal,
          .body = std::move(reason),
          .data = data.Take()});
  if (to == TicketState::kResolved) {
    detail_.resolved_at = tx_->Now();
  } else if (ticket_.state == TicketState::kResolved && to == TicketState::kOpen) {
    detail_.resolved_at.reset();
  }
  if (to == TicketState::kClosed || to == TicketState::kMerged || to == TicketState::kSpam) {
    detail_.closed_at = tx_->Now();
  }
  if (to != TicketState::kScheduled) {
    detail_.scheduled_until.reset();
  }
  ticket_.state = to;
  return {};
}

void Edit::SaveTicket() {
  const Ticket& t = ticket_;
  if (!OnlyTouched(before_, t)) {
    Update(*tx_, t);
  } else if (created_) {
    tx_->Exec(sql::kSettleNewTicket, t.number, t.version, t.entries, t.due_at, t.due_clock, t.due_state, t.due_left);
  } else {
    tx_->Exec(sql::kTouchTicket, t.number, t.version, t.entries, t.due_at, t.due_clock, t.due_state, t.due_left,
              t.updated_at, t.last_actor);
  }
}

Result<Ticket> Edit::Finish(std::string act, std::string details) {
  ++ticket_.version;
  ticket_.updated_at = tx_->Now();
  if (!quiet_) {
    ticket_.last_actor = LastActor(*actor_);
  }
  TRY(RecomputeClocks(*tx_, ticket_, detail_));
  if (created_ || !OnlyLookAtDiffers(detail_before_, detail_)) {
    SaveDetail(*tx_, ticket_.number, detail_);
  } else if (detail_.look_at != detail_before_.look_at) {
    tx_->Exec(sql::kSaveLookAt, ticket_.number, detail_.look_at);
  }
  SaveTicket();
  if (created_) {
    Count(*tx_, ticket_, 1);
  } else if (!CountsAlike(before_, ticket_)) {
    Count(*tx_, before_, -1);
    Count(*tx_, ticket_, 1);
  }
  auth::Record(*tx_, *actor_, std::move(act), FormatNumber(ticket_.number), std::move(details), ticket_.number);
  for (const Appended& entry : appended_) {
    json::Writer payload;
    payload.BeginObject()
        .Field("seq", entry.seq)
        .Field("kind", NameOf(entry.kind))
        .Field("visibility", NameOf(entry.visibility))
        .Field("id", ticket_.id.ToString())
        .EndObject();
    tx_->Emit({.kind = "entry.added",
               .organisation = ticket_.organisation,
               .ticket = ticket_.number,
               .payload = payload.Take()});
  }
  tx_->Emit({.kind = created_ ? "ticket.created" : "ticket.updated",
             .organisation = ticket_.organisation,
             .ticket = ticket_.number,
             .payload = "{\"id\":\"" + ticket_.id.ToString() + "\"}"});
  return ticket_;
}

}  // namespace propolis::ticket
