#include "domain/people/team.h"

namespace propolis::people {

const dto::Type& Team::Dto() {
  static const dto::Type type = dto::Object<Team>("Team", "Staff with a queue and a calendar.")
                                    .Required("id", &Team::id, "")
                                    .Required("name", &Team::name, "")
                                    .Optional("calendar", &Team::calendar, "The desk's when absent.")
                                    .Optional("escalation", &Team::escalation,
                                              "The escalation policy of its tickets; the desk's default when absent.")
                                    .Required("members", &Team::members, "")
                                    .Required("technologies", &Team::technologies, "Whose tickets come here.")
                                    .Required("open_tickets", &Team::open_tickets, "")
                                    .Required("version", &Team::version, "")
                                    .Done();
  return type;
}

const dto::Type& NewTeam::Dto() {
  static const dto::Type type =
      dto::Object<NewTeam>("NewTeam", "A new team.")
          .Required("name", &NewTeam::name, "", dto::Text(1, 80))
          .Optional("calendar_id", &NewTeam::calendar_id, "The desk's when left out.")
          .Optional("escalation_id", &NewTeam::escalation_id, "The desk's default when left out.")
          .Optional("member_ids", &NewTeam::member_ids, "", dto::Items(0, 500))
          .Optional("technology_ids", &NewTeam::technology_ids, "Whose tickets come here.", dto::Items(0, 200))
          .Done();
  return type;
}

const dto::Type& TeamChange::Dto() {
  static const dto::Type type = dto::Object<TeamChange>("TeamChange", "What to change of a team; lists are replaced.")
                                    .Optional("name", &TeamChange::name, "", dto::Text(1, 80))
                                    .Optional("calendar_id", &TeamChange::calendar_id, "null: the desk's.")
                                    .Optional("escalation_id", &TeamChange::escalation_id, "null: the desk's default.")
                                    .Optional("member_ids", &TeamChange::member_ids, "", dto::Items(0, 500))
                                    .Optional("technology_ids", &TeamChange::technology_ids, "", dto::Items(0, 200))
                                    .Done();
  return type;
}

}  // namespace propolis::people
