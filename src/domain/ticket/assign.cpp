#include "domain/ticket/assign.h"

#include "base/json.h"
#include "domain/routing/route.h"
#include "domain/ticket/ticket_sql.h"

namespace propolis::ticket {
namespace {

void WriteRef(json::Writer& writer, std::string_view name, const std::string& id, const std::string& label) {
  writer.Key(name).BeginObject().Field("id", id).Field("name", label).EndObject();
}

}  // namespace

void AppendRouting(Edit& edit, const auth::Actor& author, std::optional<routing::Gap> gap) {
  json::Writer data;
  data.BeginObject();
  if (edit.ticket().assignee) {
    WriteRef(data, "assignee", edit.ticket().assignee->ToString(),
             sql::TextOf(edit.tx(), sql::kStaffName, *edit.ticket().assignee).value_or(""));
  }
  if (edit.ticket().team) {
    WriteRef(data, "team", edit.ticket().team->ToString(),
             sql::TextOf(edit.tx(), sql::kTeamName, *edit.ticket().team).value_or(""));
  }
  if (gap) {
    data.Field("gap", NameOf(*gap));
  }
  data.EndObject();
  edit.AppendBy(author, {.kind = EntryKind::kRouting, .data = data.Take()});
}

routing::Routing Route(store::WriteTx& tx, Ticket& ticket) {
  auto routed = routing::Route(tx, {.technology = ticket.technology,
                                    .priority = ticket.priority,
                                    .language = ticket.language,
                                    .organisation = ticket.organisation,
                                    .team = ticket.team,
                                    .now = tx.Now()});
  ticket.team = routed.team;
  ticket.assignee = routed.assignee;
  if (routed.assignee) {
    routing::NoteAssigned(tx, *routed.assignee, tx.Now());
  }
  return std::move(routed.routing);
}

Status AssignTo(Edit& edit, const std::optional<StaffId>& staff) {
  if (staff == edit.ticket().assignee) {
    return {};
  }
  if (staff && !sql::TextOf(edit.tx(), sql::kStaffName, *staff)) {
    return FailField("assignee_id", "field.not_found");
  }
  edit.ticket().assignee = staff;
  if (staff) {
    routing::NoteAssigned(edit.tx(), *staff, edit.tx().Now());
  }
  AppendRouting(edit, edit.actor(), std::nullopt);
  return {};
}

Status GiveToTeam(Edit& edit, const std::optional<TeamId>& team) {
  if (team == edit.ticket().team) {
    return {};
  }
  if (team && !sql::TextOf(edit.tx(), sql::kTeamName, *team)) {
    return FailField("team_id", "field.not_found");
  }
  edit.ticket().team = team;
  AppendRouting(edit, edit.actor(), std::nullopt);
  return {};
}

}  // namespace propolis::ticket
