// Tickets: lists, one ticket, and what people do to it.
#include "api/clock_view.h"
#include "api/resources.h"
#include "api/ticket_view.h"
#include "base/json_texts.h"
#include "domain/promise/promise.h"
#include "domain/routing/ranking.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/number.h"
#include "domain/ticket/ticket_sql.h"
#include "domain/triage/decide.h"

namespace propolis::api {
namespace {

enum class Order { kAscending, kDescending };
enum class DraftKind { kReply, kNote };

}  // namespace
}  // namespace propolis::api

namespace propolis {
template <>
struct Names<api::Order> {
  static constexpr std::array kTable = {std::pair{api::Order::kAscending, std::string_view("asc")},
                                        std::pair{api::Order::kDescending, std::string_view("desc")}};
};
template <>
struct Names<api::DraftKind> {
  static constexpr std::array kTable = {std::pair{api::DraftKind::kReply, std::string_view("reply")},
                                        std::pair{api::DraftKind::kNote, std::string_view("note")}};
};
}  // namespace propolis

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

constexpr std::int64_t kMostEntries = 200;
constexpr std::size_t kMostBulk = 200;
constexpr std::size_t kMostCopies = 50;

struct EntryFilter {
  std::optional<EntryKind> kind;
  std::optional<Order> order;
  std::optional<std::int64_t> limit;
  std::optional<std::int64_t> cursor;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<EntryFilter>("EntryFilter", "")
            .Optional("kind", &EntryFilter::kind, "Only entries of this kind.")
            .Optional("order", &EntryFilter::order, "asc when left out.")
            .Optional("limit", &EntryFilter::limit, "How many at most.", dto::Range(1, kMostEntries))
            .Optional("cursor", &EntryFilter::cursor, "The seq where the page before ended.", dto::Range(0, INT32_MAX))
            .Done();
    return type;
  }
};

struct EntryPage {
  std::vector<EntryView> items;
  std::optional<std::string> next_cursor;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<EntryPage>("EntryPage", "A page of a timeline.")
                                      .Required("items", &EntryPage::items, "The entries.")
                                      .Optional("next_cursor", &EntryPage::next_cursor, "Set when there are more.")
                                      .Done();
    return type;
  }
};

struct Draft {
  DraftKind kind = DraftKind::kReply;
  std::string body;
  std::vector<std::string> cc;
  std::optional<Time> saved_at;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<Draft>("Draft", "What somebody is writing and has not sent.")
            .Required("kind", &Draft::kind, "What it is to become.")
            .Required("body", &Draft::body, "The text.", dto::Text(0, 100000, "multiline"))
            .Optional("cc", &Draft::cc, "Who else is to get it.", dto::Text(0, kMostCopies, "email"))
            .Optional("saved_at", &Draft::saved_at, "When it was saved.")
            .Done();
    return type;
  }
};

struct HistoryLine {
  Time at;
  std::string by;
  std::string act;
  std::string outcome;
  dto::Raw details;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<HistoryLine>("HistoryLine", "One act of the audit log on this ticket.")
                                      .Required("at", &HistoryLine::at, "When.")
                                      .Required("by", &HistoryLine::by, "Who.")
                                      .Required("act", &HistoryLine::act, "What, as noun.verb.")
                                      .Required("outcome", &HistoryLine::outcome, "done or denied.")
                                      .Required("details", &HistoryLine::details, "More, by act.")
                                      .Done();
    return type;
  }
};

struct BulkChange {
  std::optional<StaffId> assignee_id;
  std::optional<TeamId> team_id;
  std::optional<TicketState> state;
  std::optional<int> impact;
  std::optional<int> urgency;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<BulkChange>("BulkChange", "What to change on each.")
                                      .Optional("assignee_id", &BulkChange::assignee_id, "Who handles them.")
                                      .Optional("team_id", &BulkChange::team_id, "Whose queue they go to.")
                                      .Optional("state", &BulkChange::state, "The state to move to.")
                                      .Optional("impact", &BulkChange::impact, "Impact.", dto::Range(1, 4))
                                      .Optional("urgency", &BulkChange::urgency, "Urgency.", dto::Range(1, 4))
                                      .Done();
    return type;
  }
};

struct BulkRequest {
  std::vector<TicketId> ids;
  BulkChange change;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<BulkRequest>("BulkRequest", "One change to many tickets.")
                                      .Required("ids", &BulkRequest::ids, "The tickets.", dto::Items(1, kMostBulk))
                                      .Required("change", &BulkRequest::change, "The change.")
                                      .Done();
    return type;
  }
};

struct BulkResult {
  TicketId id;
  bool ok = false;
  std::optional<std::string> problem;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<BulkResult>("BulkResult", "What became of one ticket.")
                                      .Required("id", &BulkResult::id, "The ticket.")
                                      .Required("ok", &BulkResult::ok, "Whether it was changed.")
                                      .Optional("problem", &BulkResult::problem, "Why not.")
                                      .Done();
    return type;
  }
};

struct BulkAnswer {
  std::vector<BulkResult> results;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<BulkAnswer>("BulkAnswer", "What became of each.")
                                      .Required("results", &BulkAnswer::results, "In the order asked.")
                                      .Done();
    return type;
  }
};

// The number of the ticket in the path, checked for reading.
Result<std::int64_t> Readable(Call& call, store::ReadTx& tx) {
  const std::int64_t number = TRY(ticket::Resolve(tx, call.Path("id")));
  const auto found = ticket::Load(tx, number);
  if (!found) {
    return Fail(Code::kNotFound, "error.not_found");
  }
  TRY(auth::Require(call.actor, Permission::kTicketRead, {.organisation = found->organisation}));
  return number;
}

// Changes the ticket in the path; the answer shows what came of it. Who may not read that is refused before anything is
// done.
template <class Command>
Result<TicketView> Change(Call& call, Command command) {
  return call.Write(
      [&](store::WriteTx& tx) -> Result<std::int64_t> {
        const std::int64_t number = TRY(Readable(call, tx));
        TRY(command(tx, number));
        return number;
      },
      [&](store::ReadTx& tx, std::int64_t number) { return ViewTicket(tx, call.actor, number, call.Now()); });
}

// A page is full however few of the entries are of the kind asked for.
EntryPage ReadEntries(store::ReadTx& tx, std::int64_t number, const EntryFilter& filter) {
  const std::int64_t limit = filter.limit.value_or(kMostEntries);
  ticket::EntryRange range{.limit = kMostEntries};
  const bool backwards = filter.order == Order::kDescending;
  if (backwards) {
    range.before = filter.cursor.value_or(INT64_MAX);
  } else {
    range.after = filter.cursor.value_or(0);
  }
  EntryPage page;
  for (bool more = true; more;) {
    const auto entries = ticket::Entries(tx, number, range);
    more = std::ssize(entries) == range.limit;
    for (const auto& entry : entries) {
      (backwards ? range.before.emplace() : range.after) = entry.seq;
      if (filter.kind && *filter.kind != entry.kind) {
        continue;
      }
      if (std::ssize(page.items) == limit) {
        page.next_cursor = std::to_string(page.items.back().seq);
        return page;
      }
      page.items.push_back(ViewEntry(tx, entry));
    }
  }
  return page;
}

// The entry just written, as the answer to its creation.
Result<EntryView> Written(store::ReadTx& tx, const ticket::Posted& posted) {
  const auto entries = ticket::Entries(tx, posted.ticket.number, {.after = posted.seq - 1, .before = {}, .limit = 1});
  if (entries.empty()) {
    return Fail(Code::kInternal, "error.internal");
  }
  return ViewEntry(tx, entries.front());
}

Status ChangeOne(store::WriteTx& tx, const auth::Actor& actor, const TicketId& id, const BulkChange& change) {
  const std::int64_t number = TRY(ticket::Resolve(tx, id.ToString()));
  ticket::UpdateTicket update;
  update.impact = change.impact;
  update.urgency = change.urgency;
  update.team_id = {change.team_id.has_value(), change.team_id};
  update.assignee_id = {change.assignee_id.has_value(), change.assignee_id};
  TRY(ticket::Update(tx, actor, number, update, std::nullopt));
  if (change.state) {
    ticket::Transition transition;
    transition.to = *change.state;
    TRY(ticket::Move(tx, actor, number, transition, std::nullopt));
  }
  return {};
}

void AddReading(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/tickets",
           .id = "listTickets",
           .tag = "tickets",
           .summary = "List tickets",
           .access = Permission::kTicketRead},
          [](Call& call, const ticket::ListFilter& filter) -> Result<ticket::TicketPage> {
            return call.Read([&](store::ReadTx& tx) { return ticket::List(tx, call.actor, filter, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/views",
           .id = "listViews",
           .tag = "tickets",
           .summary = "Queues with their counts",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<std::vector<ticket::QueueCount>> {
            return call.Read([&](store::ReadTx& tx) { return ticket::Queues(tx, call.actor, call.Now()); });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}",
           .id = "getTicket",
           .tag = "tickets",
           .summary = "One ticket, by id or number",
           .access = Permission::kTicketRead},
          [](Call& call) -> Result<TicketView> {
            return call.Read([&](store::ReadTx& tx) -> Result<TicketView> {
              return ViewTicket(tx, call.actor, TRY(ticket::Resolve(tx, call.Path("id"))), call.Now());
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/entries",
           .id = "listEntries",
           .tag = "tickets",
           .summary = "The timeline of a ticket",
           .access = Permission::kTicketRead},
          [](Call& call, const EntryFilter& filter) -> Result<EntryPage> {
            return call.Read([&](store::ReadTx& tx) -> Result<EntryPage> {
              return ReadEntries(tx, TRY(Readable(call, tx)), filter);
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/clocks",
           .id = "listClocks",
           .tag = "tickets",
           .summary = "The clocks of a ticket",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<std::vector<ClockView>> {
            return call.Read([&](store::ReadTx& tx) -> Result<std::vector<ClockView>> {
              const std::int64_t number = TRY(Readable(call, tx));
              return ViewClocks(tx, number, ticket::LoadDetail(tx, number), call.Now());
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/clocks/{clock}/explain",
           .id = "explainClock",
           .tag = "tickets",
           .summary = "How a deadline came about",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<Explanation> {
            return call.Read([&](store::ReadTx& tx) -> Result<Explanation> {
              return ExplainClock(tx, TRY(Readable(call, tx)), call.Path("clock"), call.Now(), call.language);
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/routing",
           .id = "getRouting",
           .tag = "tickets",
           .summary = "Why this person: the ranking kept on the ticket",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<routing::Routing> {
            return call.Read([&](store::ReadTx& tx) -> Result<routing::Routing> {
              const auto decisions = ticket::LoadDecisions(tx, TRY(Readable(call, tx)));
              if (!decisions.routing_packed) {
                return Fail(Code::kNotFound, "error.not_found");
              }
              return routing::Tell(TRY(routing::Unpack(*decisions.routing_packed)), call.language);
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/history",
           .id = "listHistory",
           .tag = "tickets",
           .summary = "Who did what to a ticket",
           .access = Permission::kStaffRead},
          [](Call& call) -> Result<std::vector<HistoryLine>> {
            return call.Read([&](store::ReadTx& tx) -> Result<std::vector<HistoryLine>> {
              const std::int64_t number = TRY(Readable(call, tx));
              return tx.All(
                  "SELECT at, actor_name, act, outcome, details FROM audit WHERE ticket = $1 AND ticket <> 0 "
                  "ORDER BY seq DESC LIMIT 500",
                  [](const store::Row& row) {
                    return HistoryLine{row.Time(0), row.String(1), row.String(2), row.String(3), {row.String(4)}};
                  },
                  number);
            });
          });
}

// A message, and the time promised with it, at once or not at all.
Result<ticket::Posted> PostWithPromise(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number,
                                       const ticket::PostMessage& message) {
  auto posted = TRY(ticket::Post(tx, actor, number, message, {.assurance = actor.assurance}));
  if (message.promise) {
    const auto kind = FromName<promise::Kind>(message.promise->kind);
    if (!kind) {
      return FailField("promise/kind", "field.not_one_of", {{"choices", "eta, next_update"}});
    }
    auto made = promise::MakeOne(tx, actor, number, {*kind, message.promise->at, std::nullopt, std::nullopt});
    if (!made) {
      Error error = std::move(made).error();
      for (FieldError& field : error.fields) {
        field.field = "promise/" + field.field;
      }
      return std::unexpected(std::move(error));
    }
  }
  return posted;
}

// A command that writes one entry: the same way for messages, notes, calls and work records.
template <class Request, class Command>
void AddEntryCommand(Api& api, std::string path, std::string id, std::string summary, Permission permission,
                     Command command) {
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}" + path,
           .id = std::move(id),
           .tag = "tickets",
           .summary = std::move(summary),
           .access = permission,
           .status = 201},
          [command](Call& call, const Request& request) -> Result<EntryView> {
            return call.Write(
                [&](store::WriteTx& tx) -> Result<ticket::Posted> {
                  return command(tx, call.actor, TRY(ticket::Resolve(tx, call.Path("id"))), request);
                },
                [](store::ReadTx& tx, const ticket::Posted& posted) { return Written(tx, posted); });
          });
}

void AddActing(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/tickets",
           .id = "openTicket",
           .tag = "tickets",
           .summary = "Register a request",
           .access = Permission::kTicketCreate,
           .status = 201,
           .doc = "Triage, priority, routing and clocks follow at once; what is left out is proposed.",
           .example = R"({"subject":"IPsec tunnel down","body":"Three branches are cut off since 12:50.",)"
                      R"("requester":{"email":"ana@paramo.example","name":"Ana Paredes"}})"},
          [](Call& call, const ticket::OpenTicket& request) -> Result<TicketView> {
            // The answer shows the ticket.
            TRY(auth::Require(call.actor, Permission::kTicketRead, {.organisation = call.actor.organisation}));
            // Before the write, because classifying is the longest part of it.
            const auto proposal = TRY(triage::Propose(call.desk.store, request.subject, request.body));
            return call.Write(
                [&](store::WriteTx& tx) -> Result<std::int64_t> {
                  const ticket::Arrival arrival{.assurance = call.actor.assurance, .proposal = &proposal};
                  return TRY(ticket::Open(tx, call.actor, request, arrival)).ticket.number;
                },
                [&](store::ReadTx& tx, std::int64_t number) { return ViewTicket(tx, call.actor, number, call.Now()); });
          });
  api.Add({.method = Method::kPatch,
           .path = "/tickets/{id}",
           .id = "updateTicket",
           .tag = "tickets",
           .summary = "Change a ticket's fields",
           .access = Permission::kTicketUpdate,
           .versioned = true},
          [](Call& call, const ticket::UpdateTicket& change) -> Result<TicketView> {
            const auto version = TRY(call.IfMatch());
            return Change(call, [&](store::WriteTx& tx, std::int64_t number) {
              return ticket::Update(tx, call.actor, number, change, version);
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/transitions",
           .id = "moveTicket",
           .tag = "tickets",
           .summary = "Move a ticket to another state",
           .access = Permission::kTicketTransition,
           .versioned = true},
          [](Call& call, const ticket::Transition& transition) -> Result<TicketView> {
            const auto version = TRY(call.IfMatch());
            return Change(call, [&](store::WriteTx& tx, std::int64_t number) {
              return ticket::Move(tx, call.actor, number, transition, version);
            });
          });
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/route",
           .id = "routeTicket",
           .tag = "tickets",
           .summary = "Rank the staff again and assign",
           .access = Permission::kTicketUpdate},
          [](Call& call) -> Result<TicketView> {
            return Change(
                call, [&](store::WriteTx& tx, std::int64_t number) { return ticket::Reroute(tx, call.actor, number); });
          });
  AddEntryCommand<ticket::PostMessage>(api, "/messages", "postMessage", "Answer the customer, or write as one",
                                       Permission::kTicketReply, PostWithPromise);
  AddEntryCommand<ticket::AddNote>(api, "/notes", "addNote", "Write an internal note", Permission::kTicketNote,
                                   ticket::Note);
  AddEntryCommand<ticket::LogCall>(api, "/calls", "logCall", "Log a telephone call", Permission::kTicketReply,
                                   ticket::Call);
  AddEntryCommand<ticket::AddWorkRecord>(api, "/work-records", "addWorkRecord", "Record what was done",
                                         Permission::kWorkRecordAdd, ticket::AddWork);
  api.Add(
      {.method = Method::kPost,
       .path = "/tickets/bulk",
       .id = "changeTickets",
       .tag = "tickets",
       .summary = "One change to many tickets",
       .access = Permission::kTicketUpdate,
       .doc = "Each ticket is its own transaction: one that cannot be changed does not stop the others."},
      [](Call& call, const BulkRequest& request) -> Result<BulkAnswer> {
        BulkAnswer answer;
        for (const TicketId& id : request.ids) {
          const Status status =
              call.desk.store.Write([&](store::WriteTx& tx) { return ChangeOne(tx, call.actor, id, request.change); });
          answer.results.push_back({id, status.has_value(),
                                    status ? std::nullopt : std::optional(PlainText(status.error(), call.language))});
        }
        return answer;
      });
}

void AddOwn(Api& api) {
  api.Add({.method = Method::kPost,
           .path = "/tickets/{id}/read",
           .id = "markRead",
           .tag = "tickets",
           .summary = "Mark a ticket as read by me",
           .access = Permission::kTicketRead},
          [](Call& call) -> Result<NoContent> {
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              const std::int64_t number = TRY(ticket::Resolve(tx, call.Path("id")));
              TRY(ticket::MarkRead(tx, call.actor, number));
              return NoContent{};
            });
          });
  api.Add({.method = Method::kGet,
           .path = "/tickets/{id}/draft",
           .id = "getDraft",
           .tag = "tickets",
           .summary = "My draft on a ticket",
           .access = Permission::kTicketNote},
          [](Call& call) -> Result<Draft> {
            return call.Read([&](store::ReadTx& tx) -> Result<Draft> {
              const std::int64_t number = TRY(Readable(call, tx));
              auto kept = tx.One(
                  "SELECT kind, body, cc, saved_at FROM draft WHERE ticket = $1 AND staff = $2",
                  [](const store::Row& row) {
                    return Draft{FromName<DraftKind>(row.Text(0)).value_or(DraftKind::kReply), row.String(1),
                                 json::ToTexts(row.Text(2)), row.Time(3)};
                  },
                  number, call.actor.person);
              return kept ? std::move(*kept) : Draft{};
            });
          });
  api.Add({.method = Method::kPut,
           .path = "/tickets/{id}/draft",
           .id = "saveDraft",
           .tag = "tickets",
           .summary = "Keep my draft",
           .access = Permission::kTicketNote},
          [](Call& call, const Draft& draft) -> Result<Draft> {
            return call.Write([&](store::WriteTx& tx) -> Result<Draft> {
              const std::int64_t number = TRY(Readable(call, tx));
              tx.Exec(
                  "INSERT INTO draft (ticket, staff, kind, body, cc, saved_at) VALUES ($1, $2, $3, $4, $5, $6) "
                  "ON CONFLICT (ticket, staff) DO UPDATE SET kind = excluded.kind, body = excluded.body, "
                  "cc = excluded.cc, saved_at = excluded.saved_at",
                  number, call.actor.person, draft.kind, draft.body, json::FromTexts(draft.cc), tx.Now());
              return Draft{draft.kind, draft.body, draft.cc, tx.Now()};
            });
          });
  api.Add({.method = Method::kDelete,
           .path = "/tickets/{id}/draft",
           .id = "dropDraft",
           .tag = "tickets",
           .summary = "Drop my draft",
           .access = Permission::kTicketNote},
          [](Call& call) -> Result<NoContent> {
            return call.Write([&](store::WriteTx& tx) -> Result<NoContent> {
              const std::int64_t number = TRY(Readable(call, tx));
              tx.Exec("DELETE FROM draft WHERE ticket = $1 AND staff = $2", number, call.actor.person);
              return NoContent{};
            });
          });
}

}  // namespace

void AddTickets(Api& api) {
  AddReading(api);
  AddActing(api);
  AddOwn(api);
}

}  // namespace propolis::api
