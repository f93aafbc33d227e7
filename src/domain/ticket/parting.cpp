#include "domain/ticket/parting.h"

#include "base/json.h"
#include "domain/ticket/clock_history.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/terms.h"
#include "domain/ticket/ticket_sql.h"

namespace propolis::ticket {
namespace {

using auth::Permission;
using sla::ClockEventKind;

constexpr std::string_view kEntryOf = "SELECT " PROPOLIS_ENTRY_COLUMNS " FROM entry WHERE ticket = $1 AND seq = $2";
constexpr std::string_view kEmailOf = "SELECT email FROM contact_email WHERE contact = $1 ORDER BY position LIMIT 1";
constexpr std::string_view kLink =
    "INSERT INTO ticket_link (ticket, other, kind) VALUES ($1, $2, 'related') ON CONFLICT (ticket, other) DO NOTHING";

bool IsAnswer(const sla::ClockEvent& event) {
  return event.kind == ClockEventKind::kAgentMessage || (event.kind == ClockEventKind::kCall && event.contact);
}

Result<Ticket> Find(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number) {
  auto ticket = Load(tx, number);
  if (!ticket) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(auth::Require(actor, Permission::kTicketMerge, {.organisation = ticket->organisation}));
  TRY(auth::Require(actor, Permission::kTicketRead, {.organisation = ticket->organisation}));
  return *std::move(ticket);
}

// The clocks of a history, with one more event when there is one.
Result<std::vector<sla::TicketClock>> Evaluate(store::ReadTx& tx, const History& history, Time now,
                                               const sla::ClockEvent* more) {
  sla::ClockHistory input;
  input.events = history.events;
  if (more != nullptr) {
    input.events.push_back(*more);
  }
  input.now = now;
  input.explain = false;
  TRY(LoadTerms(tx, history.terms, input));
  return sla::Evaluate(input);
}

void Contrast(const std::vector<sla::TicketClock>& before, const std::vector<sla::TicketClock>& after, Forecast& into) {
  for (const sla::TicketClock& clock : after) {
    if (!clock.open || clock.state == sla::ClockState::kSuppressed) {
      continue;
    }
    const auto was = std::ranges::find(before, clock.id, &sla::TicketClock::id);
    const bool earlier = was != before.end() && clock.started_at < was->started_at;
    if (earlier && (!into.since || clock.started_at < *into.since)) {
      into.since = clock.started_at;
    }
    into.clocks.push_back(
        {clock.kind, was == before.end() ? std::nullopt : was->due_at, clock.due_at, clock.breached_at.has_value()});
  }
}

// The message that a split begins with.
Result<Entry> MessageToSplit(store::ReadTx& tx, std::int64_t number, std::int64_t seq) {
  auto entry = tx.One(kEntryOf, sql::EntryFrom, number, seq);
  if (!entry || entry->kind != EntryKind::kMessage || entry->author_kind != auth::ActorKind::kCustomer ||
      entry->visibility != Visibility::kPublic) {
    return FailField("seq", "split.no_customer_message");
  }
  if (seq == 1) {
    return FailField("seq", "split.first_message");
  }
  return *std::move(entry);
}

sla::ClockEvent SplitEvent(Time at, Time since) {
  sla::ClockEvent event;
  event.kind = ClockEventKind::kSplitFrom;
  event.at = at;
  event.since = since;
  return event;
}

void AppendParting(Edit& edit, std::string_view act, const Ticket& other, const Entry& message) {
  json::Writer data;
  data.BeginObject()
      .Field("act", act)
      .Field("number", FormatNumber(other.number))
      .Field("seq", message.seq)
      .Field("since", FormatTime(message.at))
      .EndObject();
  edit.Append({.kind = EntryKind::kSystem, .body = other.subject, .data = data.Take()});
}

// Who wrote the message asks in the new ticket: a colleague of the first requester, as often as not.
Requester RequesterOf(store::ReadTx& tx, const Ticket& source, const Entry& message) {
  const auto email = message.author.IsNil()
                         ? std::nullopt
                         : tx.One(kEmailOf, [](const store::Row& row) { return row.String(0); }, message.author);
  return email ? Requester{*email, message.author_name} : Requester{source.requester_email, source.requester_name};
}

}  // namespace

Result<std::int64_t> MergeTarget(store::ReadTx& tx, const auth::Actor& actor, const Ticket& source,
                                 const std::optional<std::string>& into) {
  if (!into) {
    return FailField("into", "ticket.into_needed");
  }
  TRY(auth::Require(actor, Permission::kTicketMerge, {.organisation = source.organisation}));
  const auto number = Resolve(tx, *into);
  const auto target = number ? Load(tx, *number) : std::nullopt;
  if (!target) {
    return FailField("into", "field.not_found");
  }
  if (target->number == source.number) {
    return FailField("into", "ticket.merge_into_itself");
  }
  TRY(auth::Require(actor, Permission::kTicketMerge, {.organisation = target->organisation}));
  if (!IsOpen(target->state)) {
    return Fail(Code::kConflict, "ticket.at_an_end", {{"from", std::string(NameOf(target->state))}});
  }
  if (target->organisation != source.organisation) {
    return FailField("into", "ticket.merge_across_organisations");
  }
  return target->number;
}

std::optional<Time> UnansweredSince(store::ReadTx& tx, std::int64_t number) {
  std::optional<Time> since;
  for (const sla::ClockEvent& event : ReadHistory(tx, number, Terms{}).events) {
    if (IsAnswer(event)) {
      since.reset();
    } else if (event.kind == ClockEventKind::kCreated || event.kind == ClockEventKind::kCustomerMessage) {
      since = since.value_or(event.at);
    } else if (event.kind == ClockEventKind::kMergedFrom && event.unanswered_since) {
      since = std::min(since.value_or(*event.unanswered_since), *event.unanswered_since);
    } else if (event.kind == ClockEventKind::kSplitFrom && event.since) {
      since = std::min(since.value_or(*event.since), *event.since);
    }
  }
  return since;
}

Result<Forecast> PreviewMerge(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number, const std::string& into,
                              Time now) {
  const Ticket source = TRY(Find(tx, actor, number));
  const Ticket target = *Load(tx, TRY(MergeTarget(tx, actor, source, into)));
  Forecast forecast{.number = FormatNumber(target.number), .subject = target.subject, .since = {}, .clocks = {}};
  const Detail detail = LoadDetail(tx, target.number);
  if (!detail.policy || !detail.calendar) {
    return forecast;
  }
  History history = ReadHistory(tx, target.number, {*detail.policy, detail.policy_version, *detail.calendar});
  if (!history.events.front().priority) {
    history.events.front().priority = target.priority;
  }
  sla::ClockEvent merged;
  merged.kind = ClockEventKind::kMergedFrom;
  merged.at = now;
  merged.since = source.created_at;
  merged.unanswered_since = UnansweredSince(tx, source.number);
  Contrast(TRY(Evaluate(tx, history, now, nullptr)), TRY(Evaluate(tx, history, now, &merged)), forecast);
  return forecast;
}

Result<Forecast> PreviewSplit(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number, std::int64_t seq,
                              Time now) {
  const Ticket source = TRY(Find(tx, actor, number));
  const Entry message = TRY(MessageToSplit(tx, number, seq));
  Forecast forecast{.number = FormatNumber(source.number), .subject = source.subject, .since = {}, .clocks = {}};
  const people::Terms held = TRY(ChooseTerms(tx, source, now)).terms;
  const Terms terms{held.policy, held.policy_version, held.calendar};
  sla::ClockEvent created;
  created.kind = ClockEventKind::kCreated;
  created.at = now;
  created.priority = source.priority;
  created.policy = terms.Key();
  created.policy_version = 1;
  const History history{.events = {created}, .terms = {terms}};
  const sla::ClockEvent split = SplitEvent(now, message.at);
  Contrast(TRY(Evaluate(tx, history, now, nullptr)), TRY(Evaluate(tx, history, now, &split)), forecast);
  return forecast;
}

Result<Ticket> SplitOff(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const Split& split) {
  auto edit = TRY(Edit::Begin(tx, actor, number, Permission::kTicketMerge));
  const Entry message = TRY(MessageToSplit(tx, number, split.seq));
  const Ticket& source = edit.ticket();
  OpenTicket request;
  request.subject = split.subject;
  request.body = message.body;
  request.requester = RequesterOf(tx, source, message);
  request.kind = source.kind;
  request.technology_id = source.technology;
  request.impact = source.impact;
  request.urgency = source.urgency;
  request.organisation_id = source.organisation;
  request.language = source.language;
  request.channel = source.channel;
  Arrival arrival;
  arrival.assurance = edit.detail().assurance;
  arrival.html = message.html;
  arrival.quoted = message.quoted;
  arrival.cc = edit.detail().cc;
  const Ticket opened = TRY(Open(tx, actor, request, arrival)).ticket;

  AppendParting(edit, "split_into", opened, message);
  tx.Exec(kLink, source.number, opened.number);
  tx.Exec(kLink, opened.number, source.number);
  TRY(edit.Finish("ticket.split"));
  auto fresh = TRY(Edit::Begin(tx, actor, opened.number, Permission::kTicketMerge));
  AppendParting(fresh, "split_from", source, message);
  return fresh.Finish("ticket.split_from");
}

const dto::Type& ForecastClock::Dto() {
  using T = ForecastClock;
  static const dto::Type type = dto::Object<T>("ForecastClock", "One clock as it is and as it would be.")
                                    .Required("clock", &T::clock, "Which clock.")
                                    .Optional("due_before", &T::due_before, "When it is due.")
                                    .Optional("due_after", &T::due_after, "When it would be due.")
                                    .Required("breached_after", &T::breached_after, "Whether it would be breached.")
                                    .Done();
  return type;
}

const dto::Type& Forecast::Dto() {
  using T = Forecast;
  static const dto::Type type =
      dto::Object<T>("Forecast", "What a merge or a split would make of the clocks.")
          .Required("number", &T::number, "The ticket that goes on.")
          .Required("subject", &T::subject, "What it is about.")
          .Optional("since", &T::since, "From when clocks would count, when that is earlier than they do.")
          .Required("clocks", &T::clocks, "The open clocks of what comes of it.")
          .Done();
  return type;
}

const dto::Type& Split::Dto() {
  using T = Split;
  static const dto::Type type =
      dto::Object<T>("SplitTicket", "Open a ticket of its own with a customer's message.")
          .Required("seq", &T::seq, "The place of the message on the ticket.", dto::Range(1, INT32_MAX))
          .Required("subject", &T::subject, "What the new ticket is about.", dto::Text(1, 300))
          .Done();
  return type;
}

}  // namespace propolis::ticket
