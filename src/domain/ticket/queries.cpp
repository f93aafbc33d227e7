#include "domain/ticket/queries.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/number.h"
#include "domain/ticket/number.h"
#include "domain/ticket/ticket_sql.h"

namespace propolis::ticket {
namespace {

constexpr std::string_view kRowSelect =
    "SELECT t.number, t.id, t.subject, t.state, t.kind, t.priority, t.organisation, o.name, t.requester_name, "
    "t.requester_email, t.assignee, s.name, t.team, g.name, t.technology, y.name, t.channel, t.language, t.created_at, "
    "t.updated_at, t.last_actor, t.entries > coalesce(e.seq, 0), t.due_clock, t.due_state, t.due_at, t.due_left, "
    "t.version FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation LEFT JOIN staff s ON s.id = t.assignee "
    "LEFT JOIN team g ON g.id = t.team LEFT JOIN technology y ON y.id = t.technology "
    "LEFT JOIN ticket_seen e ON e.person = $1 AND e.ticket = t.number ";

constexpr Micros kDueSoon = std::chrono::hours{1};
constexpr std::int64_t kMostCounted = 1000;

TicketRow RowFrom(const store::Row& row, Time now) {
  TicketRow r;
  r.number = FormatNumber(row.Int(0));
  r.id = row.Id<TicketId>(1);
  r.subject = row.String(2);
  r.state = row.Enum<TicketState>(3);
  r.kind = row.Enum<TicketKind>(4);
  r.priority = static_cast<Priority>(row.Int(5));
  r.organisation = OptRef(row, 6);
  r.requester = {row.String(8), row.String(9)};
  r.assignee = OptRef(row, 10);
  r.team = OptRef(row, 12);
  r.technology = OptRef(row, 14);
  r.channel = row.Enum<Channel>(16);
  r.language = row.OptEnum<Language>(17);
  r.created_at = row.Time(18);
  r.updated_at = row.Time(19);
  r.last_actor = row.String(20);
  r.unread = row.Bool(21);
  if (!row.IsNull(22)) {
    r.clock = RowClock{row.Enum<ClockKind>(22), row.String(23), row.OptTime(24), row.OptInt(25)};
    if (r.clock->due_at && *r.clock->due_at < now) {
      r.clock->state = "breached";  // time went by since the row was written
    }
  }
  r.version = row.Int(26);
  return r;
}

// A WHERE clause under construction. Values are owned here, because parameters only borrow.
class Conditions {
 public:
  std::string Bind(store::Param param) {
    params_.push_back(param);
    return fmt::format("${}", params_.size());
  }
  std::string BindText(std::string text) {
    texts_.push_back(std::make_unique<std::string>(std::move(text)));
    return Bind(std::string_view(*texts_.back()));
  }
  std::string BindId(const Uuid& id) {
    texts_.push_back(std::make_unique<std::string>(id.AsBytes()));
    return Bind(store::Blob{*texts_.back()});
  }
  void Add(std::string_view condition) {
    where_ += where_.empty() ? "WHERE " : " AND ";
    where_ += condition;
  }
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] std::span<const store::Param> params() const { return params_; }

 private:
  std::string where_;
  std::vector<store::Param> params_;
  std::vector<std::unique_ptr<std::string>> texts_;
};

template <Named E>
Status AddNames(Conditions& conditions, std::string_view column, std::string_view field,
                const std::optional<std::string>& values) {
  if (!values) {
    return {};
  }
  std::string list;
  for (const auto part : text::Split(*values, ',')) {
    const auto value = FromName<E>(text::Trim(part));
    if (!value) {
      std::string choices;
      for (const auto& [each, name] : Names<E>::kTable) {
        choices += (choices.empty() ? "" : ", ") + std::string(name);
      }
      return FailField(std::string(field), "field.not_one_of", {{"choices", choices}});
    }
    if constexpr (std::same_as<E, Priority>) {
      list += (list.empty() ? "" : ", ") + conditions.Bind(static_cast<std::int64_t>(*value));
    } else {
      list += (list.empty() ? "" : ", ") + conditions.BindText(std::string(NameOf(*value)));
    }
  }
  conditions.Add(fmt::format("t.{} IN ({})", column, list));
  return {};
}

Status AddId(Conditions& conditions, std::string_view column, std::string_view field,
             const std::optional<std::string>& value, const auth::Actor& actor) {
  if (!value) {
    return {};
  }
  if (*value == "none") {
    conditions.Add(fmt::format("t.{} IS NULL", column));
    return {};
  }
  const auto id = *value == "me" ? std::optional(actor.person) : Uuid::Parse(*value);
  if (!id) {
    return FailField(std::string(field), "field.not_id");
  }
  conditions.Add(fmt::format("t.{} = {}", column, conditions.BindId(*id)));
  return {};
}

Status AddTeamView(Conditions& c, std::string_view key, std::string_view id_text, Time now) {
  const auto id = Uuid::Parse(id_text);
  if (!id) {
    return FailField("view", "field.not_found");
  }
  c.Add(fmt::format("t.team = {} AND t.is_open = 1", c.BindId(*id)));
  if (key == "team_due") {
    c.Add(fmt::format("t.due_at <= {}", c.Bind(ToMicros(now + kDueSoon))));
  } else if (key == "team_overdue") {
    c.Add(fmt::format("t.due_at < {}", c.Bind(ToMicros(now))));
  } else if (key == "team_unassigned") {
    c.Add("t.assignee IS NULL");
  } else if (key == "team_waiting") {
    c.Add("t.state IN ('waiting_customer', 'waiting_third_party')");
  } else if (key == "team_scheduled") {
    c.Add("t.state = 'scheduled'");
  } else if (key != "team_open") {
    return FailField("view", "field.not_found");
  }
  return {};
}

// The tickets that wait for the word of whoever is bound as `parameter`.
std::string WaitingForHer(const auth::Actor& actor, std::string_view parameter) {
  std::string sql = fmt::format(
      "SELECT ticket FROM approval WHERE state = 'asked' AND asked_by <> {0} AND (approver IS NULL OR approver = {0})",
      parameter);
  if (actor.permissions.contains(auth::Permission::kApprovalDecide)) {  // as WhyNotDecide has it (due_date.h)
    sql += fmt::format(
        " UNION SELECT d.ticket FROM due_date d JOIN ticket w ON w.number = d.ticket WHERE d.state = 'asked' AND "
        "d.asked_by <> {0} AND w.is_open = 1 AND (w.assignee IS NULL OR w.assignee <> {0})",
        parameter);
  }
  return sql;
}

Status AddView(Conditions& c, std::string_view view, const auth::Actor& actor, Time now) {
  if (const auto colon = view.find(':'); colon != std::string_view::npos) {
    return AddTeamView(c, view.substr(0, colon), view.substr(colon + 1), now);
  }
  if (view == "my_open") {
    c.Add(fmt::format("t.assignee = {} AND t.is_open = 1", c.BindId(actor.person)));
  } else if (view == "to_approve") {
    c.Add(fmt::format("t.number IN ({})", WaitingForHer(actor, c.BindId(actor.person))));
  } else if (view == "mentions") {
    c.Add(fmt::format("t.number IN (SELECT ticket FROM ticket_mention WHERE staff = {})", c.BindId(actor.person)));
  } else if (view == "desk_new") {
    c.Add("t.is_open = 1 AND t.state = 'new'");
  } else if (view == "desk_open") {
    c.Add("t.is_open = 1");
  } else if (view == "desk_incidents") {
    c.Add("t.is_open = 1 AND t.kind IN ('event', 'incident')");
  } else if (view == "desk_promises") {
    c.Add(fmt::format("t.number IN (SELECT ticket FROM promise WHERE outcome = 'open' AND at < {})",
                      c.Bind(ToMicros(now + std::chrono::hours{24}))));
  } else if (view == "desk_resolved") {
    c.Add("t.is_open = 0 AND t.state = 'resolved'");
  } else if (view != "desk_all") {
    return FailField("view", "field.not_found");
  }
  return {};
}

struct Order {
  std::string column;
  bool descending = true;
};

Result<Order> OrderOf(const std::optional<std::string>& sort, Conditions& c) {
  std::string_view name = sort ? std::string_view(*sort) : std::string_view("-updated");
  const bool descending = name.starts_with('-');
  if (descending) {
    name.remove_prefix(1);
  }
  if (name == "updated") {
    return Order{"t.updated_at", descending};
  }
  if (name == "created") {
    return Order{"t.number", descending};
  }
  if (name == "priority" || name == "deadline") {
    c.Add("t.is_open = 1");  // nobody sorts a million closed tickets by deadline
    return Order{name == "priority" ? "t.priority" : "coalesce(t.due_at, 9223372036854775807)", descending};
  }
  return FailField("sort", "field.not_one_of", {{"choices", "updated, created, deadline, priority"}});
}

std::string CursorFor(std::int64_t value, std::int64_t number) {
  return text::Base64UrlEncode(fmt::format("{},{}", value, number));
}

Status AddCursor(Conditions& c, const Order& order, const std::string& cursor) {
  const auto decoded = text::Base64UrlDecode(cursor);
  const auto parts = decoded ? text::Split(*decoded, ',') : std::vector<std::string_view>();
  const auto value = parts.size() == 2 ? text::ParseNumber<std::int64_t>(parts[0]) : std::nullopt;
  const auto number = parts.size() == 2 ? text::ParseNumber<std::int64_t>(parts[1]) : std::nullopt;
  if (!value || !number) {
    return FailField("cursor", "field.not_found");
  }
  const std::string from = c.Bind(*value);
  c.Add(fmt::format("({}, t.number) {} ({}, {})", order.column, order.descending ? "<" : ">", from, c.Bind(*number)));
  return {};
}

Status AddFilters(Conditions& c, const ListFilter& filter, const auth::Actor& actor, Time now) {
  if (filter.view) {
    TRY(AddView(c, *filter.view, actor, now));
  }
  TRY(AddNames<TicketState>(c, "state", "state", filter.state));
  TRY(AddNames<Priority>(c, "priority", "priority", filter.priority));
  TRY(AddNames<TicketKind>(c, "kind", "kind", filter.kind));
  TRY(AddNames<Language>(c, "language", "language", filter.language));
  TRY(AddNames<Channel>(c, "channel", "channel", filter.channel));
  TRY(AddId(c, "team", "team", filter.team, actor));
  TRY(AddId(c, "assignee", "assignee", filter.assignee, actor));
  TRY(AddId(c, "organisation", "organisation", filter.organisation, actor));
  TRY(AddId(c, "technology", "technology", filter.technology, actor));
  if (filter.requester) {
    c.Add(fmt::format("t.requester_email = {}", c.BindText(text::AsciiLower(*filter.requester))));
  }
  if (filter.updated_since) {
    c.Add(fmt::format("t.updated_at >= {}", c.Bind(ToMicros(*filter.updated_since))));
  }
  if (actor.Is(auth::ActorKind::kCustomer)) {
    c.Add(fmt::format("t.organisation = {}", c.BindId(actor.organisation.value_or(OrganisationId{}).uuid)));
  }
  return {};
}

std::int64_t SortValue(const TicketRow& row, std::int64_t number, const Order& order) {
  if (order.column == "t.updated_at") {
    return ToMicros(row.updated_at);
  }
  if (order.column == "t.priority") {
    return static_cast<std::int64_t>(row.priority);
  }
  if (order.column == "t.number") {
    return number;
  }
  return row.clock && row.clock->due_at ? ToMicros(*row.clock->due_at) : INT64_MAX;
}

}  // namespace

Result<TicketPage> List(store::ReadTx& tx, const auth::Actor& actor, const ListFilter& filter, Time now) {
  TRY(auth::Require(actor, auth::Permission::kTicketRead, {.organisation = actor.organisation}));
  Conditions conditions;
  conditions.BindId(actor.person);  // $1 of the select
  TRY(AddFilters(conditions, filter, actor, now));
  const Order order = TRY(OrderOf(filter.sort, conditions));
  if (filter.cursor) {
    TRY(AddCursor(conditions, order, *filter.cursor));
  }
  const std::int64_t limit = filter.limit.value_or(50);
  const char* direction = order.descending ? "DESC" : "ASC";
  const std::string sql = fmt::format("{}{} ORDER BY {} {}, t.number {} LIMIT {}", kRowSelect, conditions.where(),
                                      order.column, direction, direction, limit + 1);
  TicketPage page;
  std::int64_t last_number = 0;
  tx.Run(sql, conditions.params(), [&](const store::Row& row) {
    if (std::ssize(page.items) == limit) {
      page.next_cursor = CursorFor(SortValue(page.items.back(), last_number, order), last_number);
      return false;
    }
    page.items.push_back(RowFrom(row, now));
    last_number = row.Int(0);
    return true;
  });
  return page;
}

std::optional<TicketRow> RowOf(store::ReadTx& tx, const auth::Actor& actor, std::int64_t number, Time now) {
  static const std::string sql = std::string(kRowSelect) + "WHERE t.number = $2";
  return tx.One(sql, [&](const store::Row& row) { return RowFrom(row, now); }, actor.person, number);
}

namespace {

// The counters, folded into the queues of one team.
struct TeamCounts {
  std::string name;
  std::int64_t open = 0;
  std::int64_t unassigned = 0;
  std::int64_t waiting = 0;
  std::int64_t scheduled = 0;
  std::int64_t due = 0;
  std::int64_t overdue = 0;
};

std::int64_t CountOf(store::ReadTx& tx, std::string_view sql, const auto&... args) {
  return tx.One(sql, [](const store::Row& row) { return row.Int(0); }, args...).value_or(0);
}

}  // namespace

std::int64_t CountToApprove(store::ReadTx& tx, const auth::Actor& actor) {
  return CountOf(tx, fmt::format("SELECT count(*) FROM ({}) AS waiting", WaitingForHer(actor, "$1")), actor.person);
}

Result<std::vector<QueueCount>> Queues(store::ReadTx& tx, const auth::Actor& actor, Time now) {
  TRY(auth::Require(actor, auth::Permission::kStaffRead));
  TRY(auth::Require(actor, auth::Permission::kTicketRead));
  std::map<std::string, TeamCounts> teams;
  tx.ForEach("SELECT id, name FROM team", [&](const store::Row& row) {
    teams[row.String(0)] = {.name = row.String(1)};
    return true;
  });
  std::int64_t mine = 0;
  std::int64_t fresh = 0;
  std::int64_t open = 0;
  std::int64_t incidents = 0;
  std::int64_t resolved = 0;
  tx.ForEach("SELECT team, assignee, state, kind, n FROM ticket_count WHERE n <> 0", [&](const store::Row& row) {
    const auto state = row.Enum<TicketState>(2);
    const auto kind = row.Enum<TicketKind>(3);
    const std::int64_t n = row.Int(4);
    resolved += state == TicketState::kResolved ? n : 0;
    if (!IsOpen(state)) {
      return true;
    }
    open += n;
    fresh += state == TicketState::kNew ? n : 0;
    incidents += kind == TicketKind::kEvent || kind == TicketKind::kIncident ? n : 0;
    mine += row.Bytes(1) == actor.person.AsBytes() ? n : 0;
    if (const auto team = teams.find(row.String(0)); team != teams.end()) {
      team->second.open += n;
      team->second.unassigned += row.Bytes(1).empty() ? n : 0;
      team->second.scheduled += state == TicketState::kScheduled ? n : 0;
      team->second.waiting +=
          state == TicketState::kWaitingCustomer || state == TicketState::kWaitingThirdParty ? n : 0;
    }
    return true;
  });
  tx.ForEach(  // the plus: the index of what is due leads, not that of what is open
      "SELECT team, due_at FROM ticket WHERE due_at <= $1 AND +is_open = 1 ORDER BY due_at LIMIT $2",
      [&](const store::Row& row) {
        if (const auto team = teams.find(row.String(0)); team != teams.end()) {
          ++(row.Time(1) < now ? team->second.overdue : team->second.due);
        }
        return true;
      },
      now + kDueSoon, kMostCounted);
  const std::int64_t approvals = CountToApprove(tx, actor);
  const std::int64_t mentions = CountOf(tx, "SELECT count(*) FROM ticket_mention WHERE staff = $1", actor.person);
  const std::int64_t promises =
      CountOf(tx, "SELECT count(DISTINCT ticket) FROM promise WHERE outcome = 'open' AND at < $1",
              now + std::chrono::hours{24});

  std::vector<QueueCount> queues;
  const auto add = [&](std::string key, std::string group, std::int64_t count, bool alert = false) {
    queues.push_back({std::move(key), std::move(group), std::nullopt, std::nullopt, count, alert});
  };
  add("my_open", "mine", mine);
  add("to_approve", "mine", approvals, approvals > 0);
  add("mentions", "mine", mentions);
  for (const auto& [bytes, counts] : teams) {
    const std::string id = Uuid::FromBytes(bytes).value_or(Uuid{}).ToString();
    const auto add_team = [&](std::string_view key, std::int64_t count, bool alert = false) {
      queues.push_back({fmt::format("{}:{}", key, id), "team", counts.name, id, count, alert});
    };
    add_team("team_open", counts.open);
    add_team("team_due", counts.due + counts.overdue, counts.due > 0);
    add_team("team_overdue", counts.overdue, counts.overdue > 0);
    add_team("team_unassigned", counts.unassigned);
    add_team("team_waiting", counts.waiting);
    add_team("team_scheduled", counts.scheduled);
  }
  add("desk_new", "desk", fresh);
  add("desk_open", "desk", open);
  add("desk_incidents", "desk", incidents);
  add("desk_promises", "desk", promises);
  add("desk_resolved", "desk", resolved);
  return queues;
}

std::vector<Entry> Entries(store::ReadTx& tx, std::int64_t number, const EntryRange& range) {
  return range.before ? tx.All(sql::kEntriesBackwards, sql::EntryFrom, number, *range.before, range.limit)
                      : tx.All(sql::kEntries, sql::EntryFrom, number, range.after, range.limit);
}

}  // namespace propolis::ticket
