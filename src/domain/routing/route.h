// Routing over what is stored: which team a technology's tickets go to, and who of it is best qualified now.
#pragma once

#include "domain/routing/ranking.h"
#include "store/store.h"

namespace propolis::routing {

struct Request {
  std::optional<TechnologyId> technology;
  Priority priority = Priority::kP4;
  std::optional<Language> language;
  std::optional<OrganisationId> organisation;
  std::optional<TeamId> team;  // stays with this team when given
  Time now;
};

struct Routed {
  std::optional<TeamId> team;
  std::optional<StaffId> assignee;
  Routing routing;  // to be kept on the ticket: dto::ToJson
};

// The team whose list of technologies names the nearest node at or above this one; else the desk's default team
// (setting "routing.default_team"); else the only team; else none.
std::optional<TeamId> TeamFor(store::ReadTx& tx, std::optional<TechnologyId> technology);

// Candidates are the active members of the team, or the whole staff when there is none, who may answer tickets.
Routed Route(store::ReadTx& tx, const Request& request);

// Somebody got a ticket: her idle time starts again.
void NoteAssigned(store::WriteTx& tx, StaffId staff, Time at);

}  // namespace propolis::routing
