// Teams: staff with a queue and a calendar; tickets of their technologies come to them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/dto.h"
#include "base/ids.h"
#include "domain/ref.h"
#include "domain/vocabulary.h"

namespace propolis::people {

struct Team {
  TeamId id;
  std::string name;
  std::optional<Ref> calendar;    // absent: the desk's
  std::optional<Ref> escalation;  // absent: the desk's default
  std::vector<Ref> members;
  std::vector<Ref> technologies;
  std::int64_t open_tickets = 0;
  std::int64_t version = 0;
  static const dto::Type& Dto();
};

struct NewTeam {
  std::string name;
  std::optional<CalendarId> calendar_id;
  std::optional<EscalationId> escalation_id;
  std::vector<StaffId> member_ids;
  std::vector<TechnologyId> technology_ids;
  static const dto::Type& Dto();
};

struct TeamChange {
  std::optional<std::string> name;
  dto::Patch<CalendarId> calendar_id;
  dto::Patch<EscalationId> escalation_id;
  std::optional<std::vector<StaffId>> member_ids;
  std::optional<std::vector<TechnologyId>> technology_ids;
  static const dto::Type& Dto();
};

}  // namespace propolis::people
