// /audit: who did what to what.
#include "api/resource.h"
#include "api/resources.h"
#include "auth/audit_log.h"
#include "base/number.h"
#include "domain/page.h"
#include "domain/ticket/number.h"

namespace propolis::api {
namespace {

using auth::Permission;
using net::Method;

struct AuditActor {
  std::string kind;
  std::optional<std::string> id;
  std::string name;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<AuditActor>("AuditActor", "Who did it.")
                                      .Required("kind", &AuditActor::kind, "")
                                      .Optional("id", &AuditActor::id, "Absent for the desk itself.")
                                      .Required("name", &AuditActor::name, "")
                                      .Done();
    return type;
  }
};

struct AuditItem {
  std::int64_t seq = 0;
  Time at;
  AuditActor actor;
  std::string act;
  std::optional<std::string> subject;
  std::optional<std::string> ticket;
  audit::Outcome outcome = audit::Outcome::kDone;
  dto::Raw details;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<AuditItem>("AuditItem", "One act.")
                                      .Required("seq", &AuditItem::seq, "")
                                      .Required("at", &AuditItem::at, "")
                                      .Required("actor", &AuditItem::actor, "")
                                      .Required("act", &AuditItem::act, "noun.verb")
                                      .Optional("subject", &AuditItem::subject, "What it was done to, for people.")
                                      .Optional("ticket", &AuditItem::ticket, "The ticket's number.")
                                      .Required("outcome", &AuditItem::outcome, "")
                                      .Required("details", &AuditItem::details, "")
                                      .Done();
    return type;
  }
};

struct AuditAnswer {
  std::vector<AuditItem> items;
  std::optional<std::string> next_cursor;
  static const dto::Type& Dto() {
    static const dto::Type type = dto::Object<AuditAnswer>("AuditPage", "Acts, the newest first.")
                                      .Required("items", &AuditAnswer::items, "")
                                      .Optional("next_cursor", &AuditAnswer::next_cursor, "Absent on the last page.")
                                      .Done();
    return type;
  }
};

struct AuditQuery {
  std::optional<std::string> actor;
  std::optional<std::string> act;
  std::optional<std::string> ticket;
  std::optional<Time> from;
  std::optional<Time> to;
  std::optional<int> limit;
  std::optional<std::string> cursor;
  static const dto::Type& Dto() {
    static const dto::Type type =
        dto::Object<AuditQuery>("AuditQuery", "")
            .Optional("actor", &AuditQuery::actor, "Id of who did it.", dto::Text(0, 36))
            .Optional("act", &AuditQuery::act, "`staff.update`, or `staff.` for all of a noun.", dto::Text(0, 60))
            .Optional("ticket", &AuditQuery::ticket, "A ticket's number.", dto::Text(0, 40))
            .Optional("from", &AuditQuery::from, "Inclusive.")
            .Optional("to", &AuditQuery::to, "Exclusive.")
            .Optional("limit", &AuditQuery::limit, "Items in a page, 50 when left out.", dto::Range(1, kPageMost))
            .Optional("cursor", &AuditQuery::cursor, "`next_cursor` of the page before.", dto::Text(0, 100))
            .Done();
    return type;
  }
};

Result<auth::AuditFilter> ToFilter(const AuditQuery& query) {
  auth::AuditFilter filter;
  filter.act = query.act.value_or("");
  filter.from = query.from;
  filter.to = query.to;
  filter.limit = query.limit.value_or(kPageDefault);
  if (query.actor) {
    filter.actor = Uuid::Parse(*query.actor);
    if (!filter.actor) {
      return FailField("actor", "field.not_id");
    }
  }
  if (query.ticket) {
    const auto number = ticket::ParseNumber(*query.ticket);
    if (!number) {
      return FailField("ticket", "field.not_found");
    }
    filter.ticket = *number;
  }
  const auto cursor = TRY(TakeCursor(query.cursor.value_or(""), 1));
  if (cursor) {
    const auto before = text::ParseNumber<std::int64_t>(cursor->front());
    if (!before) {
      return FailField("cursor", "field.not_found");
    }
    filter.before = *before;
  }
  return filter;
}

AuditItem ToItem(const auth::AuditRow& row) {
  const audit::Leaf& leaf = row.leaf;
  AuditItem item;
  item.seq = row.seq;
  item.at = row.at;
  item.actor = {.kind = leaf.actor_kind,
                .id = leaf.actor.IsNil() ? std::nullopt : std::optional(leaf.actor.ToString()),
                .name = leaf.actor_name};
  item.act = leaf.act;
  item.subject = leaf.subject.empty() ? std::nullopt : std::optional(leaf.subject);
  item.ticket = leaf.ticket == 0 ? std::nullopt : std::optional(ticket::FormatNumber(leaf.ticket));
  item.outcome = leaf.outcome;
  item.details.json = leaf.details;
  return item;
}

}  // namespace

void AddAudit(Api& api) {
  api.Add({.method = Method::kGet,
           .path = "/audit",
           .id = "listAudit",
           .tag = "audit",
           .summary = "Who did what to what, the newest first",
           .access = Permission::kAuditRead},
          [](Call& call, const AuditQuery& query) -> Result<AuditAnswer> {
            const auto filter = TRY(ToFilter(query));
            const auto page = TRY(call.Read([&](store::ReadTx& tx) { return auth::AuditLog(tx, call.actor, filter); }));
            AuditAnswer answer;
            for (const auto& row : page.rows) {
              answer.items.push_back(ToItem(row));
            }
            if (page.next) {
              answer.next_cursor = MakeCursor({std::to_string(*page.next)});
            }
            return answer;
          });
}

}  // namespace propolis::api
