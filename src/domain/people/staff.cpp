#include "domain/people/staff.h"

namespace propolis::people {

const dto::Type& Staff::Dto() {
  static const dto::Type type =
      dto::Object<Staff>("Staff", "A person of the desk.")
          .Required("id", &Staff::id, "")
          .Required("name", &Staff::name, "")
          .Required("email", &Staff::email, "What she signs in with.")
          .Required("language", &Staff::language, "Of her console.")
          .Required("languages", &Staff::languages, "That she speaks with customers.")
          .Required("zone", &Staff::zone, "IANA time zone.")
          .Required("roles", &Staff::roles, "")
          .Required("teams", &Staff::teams, "")
          .Required("active", &Staff::active, "")
          .Required("capacity", &Staff::capacity, "Open tickets at the same time.")
          .Required("open_tickets", &Staff::open_tickets, "")
          .Required("on_shift", &Staff::on_shift, "By her calendar, now.")
          .Optional("calendar", &Staff::calendar, "Her own; her first team's or the desk's when absent.")
          .Required("version", &Staff::version, "")
          .Done();
  return type;
}

const dto::Type& NewStaff::Dto() {
  static const dto::Type type =
      dto::Object<NewStaff>("NewStaff", "A new person of the desk.")
          .Required("name", &NewStaff::name, "", dto::Text(1, 120))
          .Required("email", &NewStaff::email, "What she signs in with.", dto::Text(3, 254, "email"))
          .Optional("language", &NewStaff::language, "Of her console; the first of `languages` when left out.")
          .Required("languages", &NewStaff::languages, "That she speaks with customers.", dto::Items(1, 3))
          .Required("zone", &NewStaff::zone, "IANA time zone.", dto::Text(1, 64, "zone"))
          .Required("roles", &NewStaff::roles, "Giving any needs `user.grant`.", dto::Items(0, 10))
          .Optional("team_ids", &NewStaff::team_ids, "", dto::Items(0, 50))
          .Optional("capacity", &NewStaff::capacity, "Open tickets at the same time.", dto::Range(0, kHighestCapacity))
          .Optional("calendar_id", &NewStaff::calendar_id, "")
          .Optional("password", &NewStaff::password, "12 characters at least; without one she cannot sign in yet.",
                    dto::Text(0, 200, "password"))
          .Done();
  return type;
}

const dto::Type& StaffChange::Dto() {
  static const dto::Type type =
      dto::Object<StaffChange>("StaffChange", "What to change of a person of the desk; lists are replaced.")
          .Optional("name", &StaffChange::name, "", dto::Text(1, 120))
          .Optional("email", &StaffChange::email, "", dto::Text(3, 254, "email"))
          .Optional("language", &StaffChange::language, "")
          .Optional("languages", &StaffChange::languages, "", dto::Items(1, 3))
          .Optional("zone", &StaffChange::zone, "", dto::Text(1, 64, "zone"))
          .Optional("roles", &StaffChange::roles, "Needs `user.grant`; never one's own.", dto::Items(0, 10))
          .Optional("team_ids", &StaffChange::team_ids, "", dto::Items(0, 50))
          .Optional("capacity", &StaffChange::capacity, "", dto::Range(0, kHighestCapacity))
          .Optional("calendar_id", &StaffChange::calendar_id, "null: her team's or the desk's.")
          .Optional("active", &StaffChange::active, "false ends her sessions and keys.")
          .Optional("password", &StaffChange::password, "12 characters at least; ends her sessions.",
                    dto::Text(0, 200, "password"))
          .Done();
  return type;
}

const dto::Type& StaffName::Dto() {
  static const dto::Type type = dto::Object<StaffName>("StaffName", "A person of the desk, for pickers.")
                                    .Required("id", &StaffName::id, "")
                                    .Required("name", &StaffName::name, "")
                                    .Required("on_shift", &StaffName::on_shift, "")
                                    .Done();
  return type;
}

Status CheckRoles(const std::vector<auth::Role>& roles) {
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles[i] == auth::Role::kCustomer || roles[i] == auth::Role::kCustomerApprover) {
      return FailField("roles/" + std::to_string(i), "staff.not_a_desk_role");
    }
  }
  // Who hands out rights must not be able to erase the trace of it (domain.md, "Who may do what").
  const auto permissions = auth::PermissionsOf({roles.begin(), roles.end()});
  const auto erase = FromName<auth::Permission>("audit.erase");
  if (erase && permissions.contains(auth::Permission::kUserGrant) && permissions.contains(*erase)) {
    return FailField("roles", "staff.roles_do_not_go_together");
  }
  return {};
}

}  // namespace propolis::people
