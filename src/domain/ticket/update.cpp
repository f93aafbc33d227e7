// A person's word on a ticket's fields. Each change is an entry, so that deadlines can be explained and triage can
// learn.
#include "base/json.h"
#include "domain/people/technology_sql.h"
#include "domain/stored.h"
#include "domain/ticket/assign.h"
#include "domain/ticket/commands.h"
#include "domain/ticket/terms.h"
#include "domain/ticket/ticket_sql.h"
#include "domain/triage/decide.h"
#include "domain/triage/drift.h"

namespace propolis::ticket {
namespace {

void AppendChange(Edit& edit, std::string_view field, std::string_view from, std::string_view to,
                  std::string_view reason = "") {
  json::Writer data;
  data.BeginObject().Field("field", field).Field("from", from).Field("to", to).Field("by", "person");
  if (!reason.empty()) {
    data.Field("reason", reason);
  }
  data.EndObject();
  edit.Append({.kind = EntryKind::kTriage, .data = data.Take()});
}

void SetPriority(Edit& edit, Priority priority, std::string_view reason) {
  if (priority == edit.ticket().priority) {
    return;
  }
  AppendChange(edit, "priority", NameOf(edit.ticket().priority), NameOf(priority), reason);
  edit.ticket().priority = priority;
}

// The matrix decides again; a priority set by hand ends (docs/domain.md, "Triage").
void FollowMatrix(Edit& edit, std::string_view reason) {
  edit.detail().override_json.reset();
  SetPriority(edit, triage::PriorityFor(triage::LoadPolicy(edit.tx()), edit.ticket().impact, edit.ticket().urgency),
              reason);
}

void ChangeLevels(Edit& edit, const UpdateTicket& change) {
  bool changed = false;
  const auto set = [&](std::string_view field, int& level, const std::optional<int>& to) {
    if (to && *to != level) {
      AppendChange(edit, field, std::to_string(level), std::to_string(*to));
      level = *to;
      changed = true;
    }
  };
  set("impact", edit.ticket().impact, change.impact);
  set("urgency", edit.ticket().urgency, change.urgency);
  if (changed) {
    FollowMatrix(edit, change.reason.value_or("matrix"));
  }
}

bool IsHigh(Priority priority) { return priority <= Priority::kP2; }

// Where too many tickets are P1 and P2 already, a person who makes one more says why.
Status CheckRaise(Edit& edit, const UpdateTicket& change) {
  const bool raised = IsHigh(edit.ticket().priority) && !IsHigh(edit.before().priority);
  if (!raised || !edit.actor().Is(auth::ActorKind::kStaff) || change.reason || change.priority_override.value) {
    return {};
  }
  const int bound = triage::LoadPolicy(edit.tx()).high_share_bound;
  triage::Share share = triage::ShareOfAgent(edit.tx(), edit.actor().staff(), edit.tx().Now());
  const char* message = "triage.reason_for_agent";
  if (!triage::IsOver(share, bound) && edit.ticket().organisation) {
    share = triage::ShareOfOrganisation(edit.tx(), *edit.ticket().organisation, edit.tx().Now());
    message = "triage.reason_for_organisation";
  }
  if (!triage::IsOver(share, bound)) {
    return {};
  }
  return FailField("reason", message,
                   {{"percent", fmt::format("{:.0f}", share.Percent())}, {"bound", std::to_string(bound)}});
}

void ChangeOverride(Edit& edit, const dto::Patch<PriorityOverride>& patch) {
  if (!patch.given) {
    return;
  }
  if (!patch.value) {
    FollowMatrix(edit, "matrix");
    return;
  }
  SetPriority(edit, patch.value->priority, patch.value->reason);
  json::Writer json;
  json.BeginObject()
      .Field("priority", NameOf(patch.value->priority))
      .Field("reason", patch.value->reason)
      .Key("by")
      .BeginObject()
      .Field("id", edit.actor().person.ToString())
      .Field("name", edit.actor().name)
      .EndObject()
      .Field("at", FormatTime(edit.tx().Now()))
      .EndObject();
  edit.detail().override_json = json.Take();
}

Status ChangeTechnology(Edit& edit, const dto::Patch<TechnologyId>& patch) {
  if (!patch.given || patch.value == edit.ticket().technology) {
    return {};
  }
  if (patch.value) {
    TRY(stored::CheckReference(edit.tx(), people::sql::kTechnologyExists, *patch.value, "technology_id"));
  }
  const auto text = [](const std::optional<TechnologyId>& id) { return id ? id->ToString() : std::string(); };
  AppendChange(edit, "technology", text(edit.ticket().technology), text(patch.value));
  edit.ticket().technology = patch.value;
  return {};
}

// What a ticket is about decides which policy it has: another kind or technology may bring another policy, and another
// organisation brings its own contract.
Status ChangePolicy(Edit& edit, const std::optional<OrganisationId>& organisation) {
  if (organisation && organisation != edit.ticket().organisation) {
    const auto name = sql::TextOf(edit.tx(), sql::kOrganisationName, *organisation);
    if (!name) {
      return FailField("organisation_id", "field.not_found");
    }
    edit.ticket().organisation = organisation;
    return FollowTerms(edit, "organisation", *name, /*always=*/true);
  }
  const bool asked_anew =
      edit.ticket().kind != edit.before().kind || edit.ticket().technology != edit.before().technology;
  return asked_anew ? FollowTerms(edit, "policy", "", /*always=*/false) : Status();
}

void ChangeWatch(Edit& edit, const std::optional<bool>& watch) {
  if (!watch) {
    return;
  }
  if (*watch) {
    edit.tx().Exec("INSERT INTO ticket_watcher (ticket, staff) VALUES ($1, $2) ON CONFLICT (ticket, staff) DO NOTHING",
                   edit.ticket().number, edit.actor().person);
  } else {
    edit.tx().Exec("DELETE FROM ticket_watcher WHERE ticket = $1 AND staff = $2", edit.ticket().number,
                   edit.actor().person);
  }
}

}  // namespace

Result<Ticket> Update(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number, const UpdateTicket& change,
                      std::optional<std::int64_t> if_version) {
  auto edit = TRY(Edit::Begin(tx, actor, number, auth::Permission::kTicketUpdate, if_version));
  TRY(ChangeTechnology(edit, change.technology_id));
  if (change.kind && *change.kind != edit.ticket().kind) {
    AppendChange(edit, "kind", NameOf(edit.ticket().kind), NameOf(*change.kind));
    edit.ticket().kind = *change.kind;
  }
  TRY(ChangePolicy(edit, change.organisation_id));
  ChangeLevels(edit, change);
  ChangeOverride(edit, change.priority_override);
  TRY(CheckRaise(edit, change));
  if (change.subject) {
    edit.ticket().subject = *change.subject;
  }
  if (change.language) {
    edit.ticket().language = change.language;
  }
  if (change.team_id.given) {
    TRY(GiveToTeam(edit, change.team_id.value));
  }
  if (change.assignee_id.given) {
    TRY(AssignTo(edit, change.assignee_id.value));
  }
  ChangeWatch(edit, change.watch);
  return edit.Finish("ticket.update");
}

Result<Ticket> Reroute(store::WriteTx& tx, const auth::Actor& actor, std::int64_t number) {
  auto edit = TRY(Edit::Begin(tx, actor, number, auth::Permission::kTicketUpdate));
  if (!IsOpen(edit.ticket().state)) {
    return Fail(Code::kConflict, "ticket.at_an_end", {{"from", std::string(NameOf(edit.ticket().state))}});
  }
  const auto routing = Route(tx, edit.ticket());
  AppendRouting(edit, auth::SystemActor(), routing.gap);
  SaveDecisions(tx, number, {.classification_json = {}, .routing_packed = routing::Pack(routing)});
  return edit.Finish("ticket.route");
}

Status CheckResolvable(Edit& edit) {
  if (triage::NeedsApproval(triage::LoadPolicy(edit.tx()), edit.ticket().kind)) {
    return Fail(Code::kConflict, "ticket.approval_needed");
  }
  return {};
}

}  // namespace propolis::ticket
