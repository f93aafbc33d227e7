#include "domain/people/me.h"

#include "auth/factor.h"
#include "domain/people/staff_queries.h"
#include "domain/people/staff_sql.h"

namespace propolis::people {
namespace {

constexpr std::string_view kOrganisationName = "SELECT id, name FROM organisation WHERE id = $1";

Ref ToRef(const store::Row& row) { return *OptRef(row, 0); }

}  // namespace

const dto::Type& Me::Dto() {
  static const dto::Type type =
      dto::Object<Me>("Session", "Who is signed in, and what she may do.")
          .Required("kind", &Me::kind, "`staff` or `customer`.")
          .Required("id", &Me::id, "")
          .Required("name", &Me::name, "")
          .Required("email", &Me::email, "")
          .Required("language", &Me::language, "")
          .Required("zone", &Me::zone, "IANA time zone.")
          .Required("roles", &Me::roles, "")
          .Required("permissions", &Me::permissions, "")
          .Required("csrf", &Me::csrf, "For the header X-Propolis-CSRF of every write.")
          .Optional("organisation", &Me::organisation, "A customer's.")
          .Required("teams", &Me::teams, "")
          .Required("must_enrol", &Me::must_enrol,
                    "A role asks for a second factor: until there is one, nothing else may be done.")
          .Required("preferences", &Me::preferences, "The interface's own object.")
          .Done();
  return type;
}

Me Describe(store::ReadTx& tx, const auth::Actor& actor, std::string csrf) {
  Me me;
  me.kind = actor.kind;
  me.id = actor.person.ToString();
  me.name = actor.name;
  me.email = actor.email;
  me.language = actor.language;
  me.zone = actor.zone;
  me.roles = {actor.roles.begin(), actor.roles.end()};
  me.permissions = {actor.permissions.begin(), actor.permissions.end()};
  me.csrf = std::move(csrf);
  if (actor.organisation) {
    me.organisation = tx.One(kOrganisationName, ToRef, *actor.organisation);
  }
  me.teams = tx.All(sql::kMembershipOf, ToRef, actor.staff());
  me.must_enrol = auth::MustEnrol(tx, actor);
  me.preferences.json = Preferences(tx, actor);
  return me;
}

}  // namespace propolis::people
