// What may be asked about tickets: lists, queues with counts, entries.
#pragma once

#include "domain/ref.h"
#include "domain/ticket/ticket.h"

namespace propolis::ticket {

struct Person {
  std::string name;
  std::string email;
  static const dto::Type& Dto();
};

// The nearest deadline of a ticket, for a list row. `remaining_seconds` is set when the clock is paused.
struct RowClock {
  ClockKind kind = ClockKind::kFirstResponse;
  std::string state;
  std::optional<Time> due_at;
  std::optional<std::int64_t> remaining_seconds;
  static const dto::Type& Dto();
};

// One line of a list.
struct TicketRow {
  TicketId id;
  std::string number;
  std::string subject;
  TicketState state = TicketState::kNew;
  TicketKind kind = TicketKind::kRequest;
  Priority priority = Priority::kP4;
  std::optional<Ref> organisation;
  Person requester;
  std::optional<Ref> assignee;
  std::optional<Ref> team;
  std::optional<Ref> technology;
  Channel channel = Channel::kApi;
  std::optional<Language> language;
  Time created_at;
  Time updated_at;
  std::string last_actor;
  bool unread = false;
  std::optional<RowClock> clock;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

// Filters of a list; several values of one filter are separated by commas.
struct ListFilter {
  std::optional<std::string> view;
  std::optional<std::string> state;
  std::optional<std::string> priority;
  std::optional<std::string> kind;
  std::optional<std::string> team;
  std::optional<std::string> assignee;  // an id, "me" or "none"
  std::optional<std::string> organisation;
  std::optional<std::string> technology;
  std::optional<std::string> language;
  std::optional<std::string> channel;
  std::optional<std::string> requester;
  std::optional<Time> updated_since;
  std::optional<std::string> sort;  // updated, created, deadline, priority; "-" in front: descending
  std::optional<std::int64_t> limit;
  std::optional<std::string> cursor;
  static const dto::Type& Dto();
};

struct TicketPage {
  std::vector<TicketRow> items;
  std::optional<std::string> next_cursor;
  static const dto::Type& Dto();
};

// Errors: kForbidden; kInvalid naming the filter. Sorting by deadline or priority shows open tickets only.
Result<TicketPage> List(store::ReadTx& tx, const auth::Actor& actor, const ListFilter& filter, Time now);

// The row of one ticket.
std::optional<TicketRow> RowOf(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number, Time now);

// How many tickets wait for her word: a resolution to validate, or a due time set by hand that she may decide.
std::int64_t CountToApprove(store::ReadTx& tx, const auth::Actor& actor);

// A queue and how many tickets are in it.
struct QueueCount {
  std::string key;                  // what ?view= takes
  std::string group;                // mine, team, desk
  std::optional<std::string> name;  // the team's
  std::optional<std::string> team_id;
  std::int64_t count = 0;
  bool alert = false;  // somebody should look now
  static const dto::Type& Dto();
};
Result<std::vector<QueueCount>> Queues(store::ReadTx& tx, const auth::Actor& actor, Time now);

struct EntryRange {
  std::int64_t after = 0;                   // seq
  std::optional<std::int64_t> before = {};  // seq; when set, the newest entries before it, newest first
  std::int64_t limit = 200;
};
std::vector<Entry> Entries(store::ReadTx& tx, std::int64_t number, const EntryRange& range);

}  // namespace propolis::ticket
