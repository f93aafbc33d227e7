// Messages, notes, calls and work records.
#include "base/json.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/transition.h"

namespace propolis::ticket {
namespace {

constexpr std::size_t kMostRecipients = 50;

std::string Merged(std::string_view object, const std::function<void(json::Writer&)>& more) {
  json::Writer writer;
  writer.BeginObject();
  if (const auto document = json::Document::Parse(object)) {
    document->Root().ForEachMember(
        [&](std::string_view name, json::View value) { writer.Key(name).Raw(value.ToText()); });
  }
  more(writer);
  writer.EndObject();
  return writer.Take();
}

void WriteList(json::Writer& writer, std::string_view name, const std::vector<std::string>& values) {
  writer.Key(name).BeginArray();
  for (const auto& value : values) {
    writer.String(value);
  }
  writer.EndArray();
}

bool IsCustomer(const Edit& edit) { return edit.actor().Is(auth::ActorKind::kCustomer); }

// Whoever writes joins the conversation; the requester is always in it.
void JoinConversation(Edit& edit, const std::vector<std::string>& addresses) {
  for (const auto& address : addresses) {
    const std::string lower = text::AsciiLower(address);
    auto& cc = edit.detail().cc;
    if (!lower.empty() && lower != edit.ticket().requester_email && cc.size() < kMostRecipients &&
        std::ranges::find(cc, lower) == cc.end()) {
      cc.push_back(lower);
    }
  }
}

Status CheckAttachments(Edit& edit, const std::vector<EvidenceId>& ids) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto ticket = edit.tx().One(
        "SELECT ticket FROM evidence WHERE id = $1", [](const store::Row& row) { return row.Int(0); }, ids[i]);
    if (ticket != edit.ticket().number) {
      return FailField("attachment_ids/" + std::to_string(i), "field.not_found");
    }
  }
  return {};
}

std::string MessageData(const Edit& edit, const Ticket& ticket, const std::vector<std::string>& cc,
                        const std::vector<EvidenceId>& attachments, const Arrival& arrival) {
  return Merged(arrival.data, [&](json::Writer& writer) {
    if (!IsCustomer(edit)) {
      WriteList(writer, "to", {ticket.requester_email});
      WriteList(writer, "cc", cc);
    }
    if (!attachments.empty()) {
      writer.Key("evidence").BeginArray();
      for (const auto& id : attachments) {
        writer.String(id.ToString());
      }
      writer.EndArray();
    }
    if (arrival.automatic) {
      writer.Field("automatic", true);
    }
    writer.Field("assurance", NameOf(arrival.assurance));
  });
}

// A customer's word after the end: a new, linked ticket.
Result<Posted> FollowUp(store::WriteTx& tx, const auth::Actor& actor, const Ticket& ended, const PostMessage& message,
                        Arrival arrival) {
  OpenTicket request;
  request.subject = ended.subject;
  request.body = message.body;
  request.requester = {actor.email.empty() ? ended.requester_email : actor.email,
                       actor.name.empty() ? ended.requester_name : actor.name};
  request.kind = ended.kind;
  request.technology_id = ended.technology;
  request.language = ended.language;
  request.channel = arrival.channel;
  arrival.follows = ended.number;
  auto opened = TRY(Open(tx, actor, request, arrival));
  return Posted{.ticket = std::move(opened.ticket), .seq = opened.message_seq, .follow_up = true};
}

Status AfterStaffMessage(Edit& edit, const PostMessage& message) {
  const TicketState state = edit.ticket().state;
  if (message.set_state && *message.set_state != state) {
    if (*message.set_state == TicketState::kInApproval ||
        (*message.set_state == TicketState::kResolved && !CheckResolvable(edit))) {
      return FailField("set_state", "ticket.approval_needed");
    }
    // These say more than a state: they are moves of their own.
    if (*message.set_state == TicketState::kMerged) {
      return FailField("set_state", "ticket.into_needed");
    }
    if (*message.set_state == TicketState::kScheduled) {
      return FailField("set_state", "ticket.until_needed");
    }
    return edit.MoveTo(*message.set_state);
  }
  return state == TicketState::kNew ? edit.MoveTo(TicketState::kOpen) : Status();
}

}  // namespace

Result<Posted> Post(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const PostMessage& message,
                    const Arrival& arrival) {
  auto edit = TRY(Edit::Begin(tx, actor, number, auth::Permission::kTicketReply));
  if (IsCustomer(edit)) {
    const bool within_grace = !edit.detail().resolved_at || tx.Now() < *edit.detail().resolved_at + kGrace;
    const auto next = AfterCustomerMessage(edit.ticket().state, within_grace);
    if (edit.ticket().state == TicketState::kMerged && edit.detail().merged_into) {
      return Post(tx, actor, *edit.detail().merged_into, message, arrival);
    }
    if (!next) {
      return FollowUp(tx, actor, edit.ticket(), message, arrival);
    }
    JoinConversation(edit, {actor.email});
    JoinConversation(edit, arrival.cc);
    const std::int64_t seq =
        edit.Append({.kind = EntryKind::kMessage,
                     .visibility = Visibility::kPublic,
                     .body = message.body,
                     .html = arrival.html,
                     .quoted = arrival.quoted,
                     .data = MessageData(edit, edit.ticket(), {}, message.attachment_ids, arrival)});
    if (*next != edit.ticket().state && !arrival.automatic) {
      TRY(edit.MoveTo(*next));
    }
    return Posted{.ticket = TRY(edit.Finish("ticket.message")), .seq = seq};
  }
  if (!message.cc.empty()) {
    edit.detail().cc.clear();
    JoinConversation(edit, message.cc);
  }
  if (!IsOpen(edit.ticket().state) && edit.ticket().state != TicketState::kResolved) {
    return CheckMove(edit.ticket().state, TicketState::kOpen).has_value()
               ? Fail(Code::kConflict, "error.conflict")
               : std::unexpected(CheckMove(edit.ticket().state, TicketState::kOpen).error());
  }
  TRY(CheckAttachments(edit, message.attachment_ids));
  const std::int64_t seq =
      edit.Append({.kind = EntryKind::kMessage,
                   .visibility = Visibility::kPublic,
                   .body = message.body,
                   .html = arrival.html,
                   .quoted = arrival.quoted,
                   .data = MessageData(edit, edit.ticket(), edit.detail().cc, message.attachment_ids, arrival)});
  TRY(AfterStaffMessage(edit, message));
  tx.Exec("DELETE FROM draft WHERE ticket = $1 AND staff = $2", number, actor.person);
  return Posted{.ticket = TRY(edit.Finish("ticket.reply")), .seq = seq};
}

Result<Posted> Note(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const AddNote& note) {
  auto edit = TRY(Edit::Begin(tx, actor, number, auth::Permission::kTicketNote));
  json::Writer data;
  data.BeginObject().Key("mentions").BeginArray();
  for (std::size_t i = 0; i < note.mentions.size(); ++i) {
    const StaffId& staff = note.mentions[i];
    const bool known = tx.One(
                             "SELECT 1 FROM staff WHERE id = $1 AND active = 1",
                             [](const store::Row& row) { return row.Int(0); }, staff)
                           .has_value();
    if (!known) {
      return FailField("mentions/" + std::to_string(i), "field.not_found");
    }
    data.String(staff.ToString());
    tx.Exec(
        "INSERT INTO ticket_mention (staff, ticket, at) VALUES ($1, $2, $3) "
        "ON CONFLICT (staff, ticket) DO UPDATE SET at = excluded.at",
        staff, number, tx.Now());
  }
  data.EndArray().EndObject();
  const std::int64_t seq = edit.Append(
      {.kind = EntryKind::kNote, .visibility = Visibility::kInternal, .body = note.body, .data = data.Take()});
  tx.Exec("DELETE FROM draft WHERE ticket = $1 AND staff = $2", number, actor.person);
  return Posted{.ticket = TRY(edit.Finish("ticket.note")), .seq = seq};
}

Result<Posted> Call(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const LogCall& call) {
  if (call.direction != "in" && call.direction != "out") {
    return FailField("direction", "field.not_one_of", {{"choices", "in, out"}});
  }
  auto edit = TRY(Edit::Begin(tx, actor, number, auth::Permission::kTicketReply));
  json::Writer data;
  data.BeginObject()
      .Field("direction", call.direction)
      .Field("contact_made", call.contact_made)
      .Field("seconds", call.seconds)
      .EndObject();
  const std::int64_t seq = edit.Append(
      {.kind = EntryKind::kCall, .visibility = Visibility::kInternal, .body = call.body, .data = data.Take()});
  if (edit.ticket().state == TicketState::kNew) {
    TRY(edit.MoveTo(TicketState::kOpen));
  }
  return Posted{.ticket = TRY(edit.Finish("ticket.call")), .seq = seq};
}

Result<Posted> AddWork(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const AddWorkRecord& work) {
  auto edit = TRY(Edit::Begin(tx, actor, number, auth::Permission::kWorkRecordAdd));
  if (!IsOpen(edit.ticket().state)) {
    return Fail(Code::kConflict, "ticket.at_an_end", {{"from", std::string(NameOf(edit.ticket().state))}});
  }
  // Public: the customer sees what was done and its result; configuration and commands stay inside (see the portal's
  // view).
  const std::int64_t seq = edit.Append({.kind = EntryKind::kWorkRecord,
                                        .visibility = Visibility::kPublic,
                                        .body = work.action,
                                        .data = dto::ToJson(work)});
  if (edit.ticket().state == TicketState::kNew) {
    TRY(edit.MoveTo(TicketState::kOpen));
  }
  return Posted{.ticket = TRY(edit.Finish("work_record.add")), .seq = seq};
}

}  // namespace propolis::ticket
