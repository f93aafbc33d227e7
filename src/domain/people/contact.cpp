#include "domain/people/contact.h"

namespace propolis::people {
namespace {

constexpr std::size_t kMostAddresses = 10;

}  // namespace

const dto::Type& Contact::Dto() {
  static const dto::Type type = dto::Object<Contact>("Contact", "A person at an organisation.")
                                    .Required("id", &Contact::id, "")
                                    .Required("organisation", &Contact::organisation, "")
                                    .Required("name", &Contact::name, "")
                                    .Required("emails", &Contact::emails, "The first is written to.")
                                    .Required("phones", &Contact::phones, "")
                                    .Required("language", &Contact::language, "")
                                    .Required("roles", &Contact::roles, "")
                                    .Required("portal", &Contact::portal, "May sign in to the portal.")
                                    .Required("version", &Contact::version, "")
                                    .Done();
  return type;
}

const dto::Type& NewContact::Dto() {
  static const dto::Type type =
      dto::Object<NewContact>("NewContact", "A new person at an organisation.")
          .Required("name", &NewContact::name, "", dto::Text(1, 160))
          .Required("emails", &NewContact::emails, "The first is written to.",
                    dto::Text(0, kMostAddresses, "email", R"(["ana@example.org"])"))
          .Optional("phones", &NewContact::phones, "", dto::Items(0, kMostAddresses))
          .Optional("language", &NewContact::language, "The organisation's first when left out.")
          .Optional("roles", &NewContact::roles, "`requester` when left out.", dto::Items(0, 4))
          .Optional("portal", &NewContact::portal, "May sign in to the portal.")
          .Done();
  return type;
}

const dto::Type& ContactChange::Dto() {
  static const dto::Type type =
      dto::Object<ContactChange>("ContactChange", "What to change of a contact; lists are replaced.")
          .Optional("name", &ContactChange::name, "", dto::Text(1, 160))
          .Optional("emails", &ContactChange::emails, "", dto::Text(0, kMostAddresses, "email"))
          .Optional("phones", &ContactChange::phones, "", dto::Items(0, kMostAddresses))
          .Optional("language", &ContactChange::language, "")
          .Optional("roles", &ContactChange::roles, "", dto::Items(1, 4))
          .Optional("portal", &ContactChange::portal, "")
          .Done();
  return type;
}

}  // namespace propolis::people
