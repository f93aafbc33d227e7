#include "domain/escalation/escalation.h"

#include "base/json.h"
#include "base/json_texts.h"
#include "base/log.h"
#include "base/number.h"
#include "domain/escalation/page_commands.h"
#include "domain/escalation/page_sql.h"
#include "domain/ticket/steps.h"
#include "domain/ticket/ticket.h"

namespace propolis::escalation {
namespace {

// The assignee, or everybody of the team when nobody is assigned.
std::vector<StaffId> Responsible(store::ReadTx& tx, const ticket::Ticket& ticket) {
  if (ticket.assignee) {
    return {*ticket.assignee};
  }
  if (!ticket.team) {
    return {};
  }
  return tx.All(sql::kMembersOfTeam, [](const store::Row& row) { return row.Id<StaffId>(0); }, *ticket.team);
}

void TellOfClock(store::WriteTx& tx, const ticket::Ticket& ticket, const ClockStep& step) {
  json::Writer data;
  data.BeginObject()
      .Field("clock", NameOf(step.clock))
      .Field("step", step.step)
      .Field("warning", step.warning)
      .Field("late", step.late)
      .EndObject();
  const std::string told = data.Take();
  const auto people = Responsible(tx, ticket);
  for (const StaffId staff : people) {
    notify::Notify(tx, {.key = "clock:" + step.key + ":" + staff.ToString(),
                        .staff = staff,
                        .kind = notify::NoticeKind::kClock,
                        .ticket = ticket.number,
                        .data = told});
  }
  if (people.empty()) {
    log::Warning("escalation.nobody_to_tell", {{"ticket", ticket.number}, {"clock", NameOf(step.clock)}});
  }
}

// --- what the events of tickets bring about

struct EntryRow {
  EntryKind kind = EntryKind::kSystem;
  Visibility visibility = Visibility::kInternal;
  auth::ActorKind author = auth::ActorKind::kSystem;
  std::string data;
  Time at;
};

std::optional<EntryRow> LoadEntry(store::ReadTx& tx, std::int64_t ticket, std::int64_t seq) {
  return tx.One(
      sql::kEntry,
      [](const store::Row& row) {
        return EntryRow{row.Enum<EntryKind>(0), row.Enum<Visibility>(1), row.Enum<auth::ActorKind>(2), row.String(3),
                        row.Time(4)};
      },
      ticket, seq);
}

bool MakesItP1(const EntryRow& entry) {
  if (entry.kind != EntryKind::kTriage) {
    return false;
  }
  const auto data = json::Document::Parse(entry.data);
  return data && TextOf(data->Root(), "field") == "priority" && TextOf(data->Root(), "to") == NameOf(Priority::kP1);
}

bool AnswersCustomer(const EntryRow& entry) {
  return entry.kind == EntryKind::kMessage && entry.visibility == Visibility::kPublic &&
         entry.author == auth::ActorKind::kStaff;
}

Status FollowEntry(store::WriteTx& tx, const ticket::Ticket& ticket, std::int64_t seq) {
  const auto entry = LoadEntry(tx, ticket.number, seq);
  if (!entry) {
    return {};
  }
  if (MakesItP1(*entry) && ticket.priority == Priority::kP1) {
    const auto began = TRY(Begin(tx, ticket.number,
                                 {.cause = PageCause::kPriority,
                                  .key = "priority:" + std::to_string(ticket.number) + ":" + std::to_string(seq),
                                  .note = {}}));
    if (began == Began::kNoPolicy) {
      log::Warning("escalation.no_policy", {{"ticket", ticket.number}});
    }
  }
  if (AnswersCustomer(*entry)) {
    TRY(EndBefore(tx, ticket.number, PageAct::kAnswered, entry->at));
  }
  return {};
}

// Warnings are told in percent or as a time before; what is left is the breach and what comes after it.
Status FollowClock(store::WriteTx& tx, const store::Event& event) {
  const auto told = TRY(dto::Parse<ticket::StepTold>(event.payload));
  const auto slash = told.clock.find('/');
  const auto kind = FromName<ClockKind>(std::string_view(told.clock).substr(0, slash));
  const auto instance = text::ParseNumber<int>(std::string_view(told.clock).substr(slash + 1));
  if (!kind || !instance) {
    return Fail(Code::kInternal, "error.internal");
  }
  return OnClockStep(tx, {.ticket = event.ticket,
                          .clock = *kind,
                          .instance = *instance,
                          .step = told.step,
                          .warning = told.step.ends_with('%') || told.step.starts_with('-'),
                          .late = told.late,
                          .key = std::to_string(event.ticket) + "/" + told.clock + "/" + told.step});
}

Status FollowOne(store::WriteTx& tx, const store::Event& event) {
  const auto ticket = ticket::Load(tx, event.ticket);
  if (!ticket) {
    return {};
  }
  if (!IsOpen(ticket->state)) {
    return End(tx, ticket->number, PageAct::kResolved);
  }
  if (event.kind != "entry.added") {
    return {};
  }
  const auto payload = json::Document::Parse(event.payload);
  const auto seq = payload ? payload->Root().Find("seq") : std::nullopt;
  return FollowEntry(tx, *ticket, seq ? seq->AsInteger().value_or(0) : 0);
}

}  // namespace

Status OnClockStep(store::WriteTx& tx, const ClockStep& step) {
  if (tx.Exec(sql::kClaimClockStep, step.key, tx.Now()) == 0) {
    return {};
  }
  const auto ticket = ticket::Load(tx, step.ticket);
  if (!ticket || !IsOpen(ticket->state)) {
    return {};
  }
  if (!step.warning) {
    const auto began =
        TRY(Begin(tx, step.ticket, {.cause = PageCause::kClock, .key = "clock:" + step.key, .note = {}}));
    if (began != Began::kNoPolicy) {
      return {};
    }
  }
  TellOfClock(tx, *ticket, step);
  return {};
}

Status Follow(store::WriteTx& tx, jobs::EventBatch events) {
  for (const store::StoredEvent& stored : events) {
    const std::string& kind = stored.event.kind;
    if (stored.event.ticket != 0 && (kind == "entry.added" || kind == "ticket.updated")) {
      TRY(FollowOne(tx, stored.event));
    } else if (kind == "clock.step") {
      TRY(FollowClock(tx, stored.event));
    }
  }
  return {};
}

}  // namespace propolis::escalation
